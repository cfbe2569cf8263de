from decimal import Decimal

from tests.transfer.readers.reading import text, when

SEED = {"files": 12}
QUERY = """query { files(first: 50) { nodes { __typename id alt createdAt fileStatus
  fileErrors { message }
  ... on MediaImage { mimeType image { url width height } of: originalSource { fileSize } }
  ... on Video { filename duration source: originalSource { url mimeType width height fileSize } }
  ... on GenericFile { mimeType url originalFileSize } } } }"""
NOT_FILLED: dict[str, str] = {}
NOT_SAID = {"two lines": "A text beside a picture has one."}
TYPES = {"MediaImage": "IMAGE", "Video": "VIDEO", "GenericFile": "FILE"}


def rows(nodes):
    return {"Files": [_file(node) for node in sorted(nodes, key=_number)]}


def _number(node):
    return int(node["id"].rpartition("/")[2])


def _file(node):
    media = node.get("image") or node.get("source") or node
    source = node.get("of") or node.get("source") or {}
    size = source.get("fileSize", node.get("originalFileSize"))
    seconds = (node.get("duration") or 0) // 1000
    return {
        "ID": node["id"],
        "File Name": media["url"].split("?")[0].split("/")[-1],
        "Command": "MERGE",
        "Link": media["url"],
        "Alt Text": text(node["alt"]),
        "Created At": when(node["createdAt"]),
        "Type": TYPES[node["__typename"]],
        "Mime Type": "" if node["__typename"] == "GenericFile" else _mime_type(node, media),
        "Width": text(media.get("width")),
        "Height": text(media.get("height")),
        "Duration": f"00:00:{seconds:02}" if seconds else "",
        "Status": node["fileStatus"].title(),
        "Errors": ", ".join(error["message"] for error in node["fileErrors"]),
        "Size Bytes": text(size),
        "Size MB": "" if size is None else str(round(size / 1_000_000, 3)),
        "Size": "" if size is None else _in_words(Decimal(size)),
    }


def _mime_type(node, media):
    return node.get("mimeType") or media["mimeType"]


def _in_words(size):
    if size < 1_000_000:
        return f"{(size / 1000).quantize(Decimal('0.01')).normalize():f} KB"
    return f"{(size / 1_000_000).quantize(Decimal('0.01')).normalize():f} MB"
