import json

from tests.transfer.readers.reading import number, text, when

SEED = {"products": 3, "collections": 2, "pages": 2, "orders": 2, "events": 9}
QUERY = """query { events(first: 50) { nodes { id message createdAt action
  ... on BasicEvent { subjectId subjectType author arguments additionalContent }
  ... on CommentEvent { on: subject { id } rawMessage } } } }"""
NOT_FILLED: dict[str, str] = {}
NOT_SAID: dict[str, str] = {}


def rows(nodes):
    ordered = sorted(nodes, key=lambda node: int(number(node["id"])))
    return {"Activity": [_event(node) for node in ordered]}


def _event(node):
    subject = node.get("subjectId") or node["on"]["id"]
    kind, identity = subject.split("/")[3:]
    body = node.get("rawMessage") or node.get("additionalContent")
    return {
        "ID": number(node["id"]),
        "Message": node["message"],
        "Created At": when(node["createdAt"]),
        "Subject Type": node.get("subjectType") or kind.upper(),
        "Subject ID": identity,
        "Verb": node["action"],
        "Author": text(node.get("author")),
        "Arguments": _json(node.get("arguments")),
        "Body": body if isinstance(body, str) else _json(body),
        "Path": f"/admin/{kind.lower()}s/{identity}",
    }


def _json(value):
    return "" if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
