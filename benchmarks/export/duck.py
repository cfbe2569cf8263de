"""DuckDB over the scattered lines of a type's first pass: read, join children to objects, write.

Each row is a child (a variant, an order's line) beside its object, each field a column as it
stands; what lies deeper is written as one text. There are no spreadsheet's cells, other children
or further passes, and all is held in memory. One thread, as the other sides have.
``python -m benchmarks.export.duck TYPE FORMAT FOLDER FILE`` prints its time and peak memory.
"""

import duckdb

from benchmarks.export.run import tell

CHILDREN = {"products": "ProductVariant", "orders": "LineItem"}
FORMATS = {"csv": "FORMAT csv, HEADER, FORCE_QUOTE *", "jsonl": "FORMAT json"}


def main(name: str, format: str, folder: str, target: str) -> None:
    with duckdb.connect() as database:
        database.execute("SET threads = 1")
        database.execute(f"CREATE TABLE lines AS FROM read_json('{folder}/0.jsonl', format = 'nd')")
        database.execute(
            f"""COPY (
              SELECT object.*, child.*
              FROM lines AS child JOIN lines AS object ON child.__parentId = object.id
              WHERE child.id LIKE 'gid://shopify/{CHILDREN[name]}/%'
            ) TO '{target}' ({FORMATS[format]})"""
        )


if __name__ == "__main__":
    tell(main)
