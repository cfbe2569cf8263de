"""The public flattener of Shopify's bulk results, shopify-bulk, over the same products.

It is handed the file that its own query would give (see ``flat``). Its preset ``products``
writes some thirty columns, a row a variant. It knows products alone; moments, numbers and texts
stay as they come, metafields and collections are left out, formulas are not made harmless, and
children that stray are given to the wrong product.
``python -m benchmarks.export.flattener TYPE FORMAT FILE FILE`` prints its time and peak memory.
"""

from shopify_jsonl.configs import load_config
from shopify_jsonl.expander import expand_products
from shopify_jsonl.exporter import write_csv, write_jsonl
from shopify_jsonl.parser import parse_jsonl_stream

from benchmarks.export.run import tell


def main(name: str, format: str, source: str, target: str) -> None:
    with open(source, encoding="utf-8") as lines, open(target, "w", encoding="utf-8") as out:
        rows = expand_products(parse_jsonl_stream(lines))
        if format == "csv":
            write_csv(rows, out, fieldnames=load_config("products").fields)
        else:
            write_jsonl(rows, out)


if __name__ == "__main__":
    tell(main)
