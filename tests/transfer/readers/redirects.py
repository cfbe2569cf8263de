from tests.transfer.readers.reading import number

SEED = {"redirects": 7}
QUERY = "query { urlRedirects(first: 250) { nodes { id path target } } }"
NOT_FILLED: dict[str, str] = {}
NOT_SAID = dict.fromkeys(("an emoji", "a quote", "two lines"), "An address has none.")


def rows(nodes):
    return {
        "Redirects": [
            {
                "ID": number(node["id"]),
                "Path": node["path"],
                "Command": "MERGE",
                "Target": node["target"],
            }
            for node in nodes
        ]
    }
