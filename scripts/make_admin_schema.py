"""Make standin/data/admin_<version>.json.gz from Shopify's npm package @shopify/dev-mcp.

    npm pack @shopify/dev-mcp@1.16.0
    python scripts/make_admin_schema.py shopify-dev-mcp-1.16.0.tgz

Takes the tarball or an unpacked package folder. Kept from the package: the schema without
descriptions, the terms that each search knows, the access scopes and the protected customer data.
Its licence (ISC) goes beside.
"""

import argparse
import gzip
import json
import re
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

VERSION = "2026-10"
TERM = re.compile(r"^\|\s*(?!default\b)([\w.{}]+)\s*\|(?!\s*type\s*\|)", re.MULTILINE)
"""A row of a table of terms that is not its header; "default" is what is sought without one."""
DATA = Path(__file__).parent.parent / "standin" / "data"
Json = dict[str, Any]
KEPT = {
    "__schema": {"queryType", "mutationType", "subscriptionType", "types", "directives"},
    "type": {"kind", "name", "specifiedByURL", "isOneOf", "fields", "inputFields", "interfaces",
             "enumValues", "possibleTypes"},
    "member": {"name", "args", "type", "isDeprecated", "deprecationReason", "defaultValue"},
    "directive": {"name", "isRepeatable", "locations", "args"},
}  # fmt: skip


def make(read: Callable[[str], bytes]) -> Json:
    """The kept part; `read(path)` gives the bytes of a file of the package."""
    package = json.loads(gzip.decompress(read(f"dist/data/admin_{VERSION}.json.gz")))
    schema = package["data"]["__schema"]
    return {
        "data": {"__schema": slim_schema(schema)},
        "access": access(package["offline_scopes"]["items"]),
        "protected": sorted(
            f"{kind['name']}.{field['name']}"
            for kind in schema["types"]
            for field in kind["fields"] or ()
            if field["isProtected"]
        ),
        "search": searches(schema),
    }


def searches(schema: Json) -> Json:
    """{"Type.field": [terms]} of the connections that take a search, from the tables of terms in
    the descriptions of their argument."""
    return {
        f"{kind['name']}.{field['name']}": sorted({*TERM.findall(arg["description"])})
        for kind in schema["types"]
        for field in kind["fields"] or ()
        for arg in field["args"]
        if arg["name"] == "query" and TERM.search(arg["description"] or "")
    }


def slim_schema(schema: Json) -> Json:
    slim = _copy_part(schema, "__schema")
    slim["types"] = [
        _copy_part(kind, "type")
        | {
            key: [slim_member(member) for member in kind[key]]
            for key in ("fields", "inputFields", "enumValues")
            if kind[key] is not None
        }
        for kind in schema["types"]
    ]
    slim["directives"] = [
        _copy_part(directive, "directive")
        | {"args": [slim_member(arg) for arg in directive["args"]]}
        for directive in schema["directives"]
    ]
    return slim


def slim_member(member: Json) -> Json:
    """A field, an argument or an enum value; a flag that is not set is left out."""
    slim = {
        key: value
        for key, value in _copy_part(member, "member").items()
        if value not in (None, False)
    }
    if "args" in member:
        slim["args"] = [slim_member(arg) for arg in member["args"]]
    return slim


def access(items: list[Json]) -> Json:
    """{"Type" or "Type.field": [scopes of which one is enough, Shopify's sentence]}."""
    return {
        ".".join(filter(None, (item["typeName"], item.get("fieldName")))): [
            sorted(set(item["offlineScopes"])),
            item["requiredAccess"],
        ]
        for item in items
        if item["offlineScopes"]
    }


def _copy_part(node: Json, part: str) -> Json:
    return {key: value for key, value in node.items() if key in KEPT[part]}


def reader(source: Path) -> Callable[[str], bytes]:
    """read(path) over the package's folder or tarball."""

    def from_tarball(path: str) -> bytes:
        with tarfile.open(source) as tarball:
            member = tarball.extractfile(f"package/{path}")
            if member is None:
                raise FileNotFoundError(path)
            return member.read()

    return from_tarball if source.is_file() else lambda path: (source / path).read_bytes()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("package", type=Path, help="tarball or folder of @shopify/dev-mcp")
    read = reader(parser.parse_args().package)
    try:
        made, licence = make(read), read("LICENSE")
    except (KeyError, OSError) as error:
        sys.exit(f"This is not the package @shopify/dev-mcp with Admin API {VERSION}: {error}")
    DATA.mkdir(exist_ok=True)
    text = json.dumps(made, separators=(",", ":"), sort_keys=True).encode()
    (DATA / f"admin_{VERSION}.json.gz").write_bytes(gzip.compress(text, 9, mtime=0))
    (DATA / "LICENSE").write_bytes(licence)


if __name__ == "__main__":
    main()
