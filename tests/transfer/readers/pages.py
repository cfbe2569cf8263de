from tests.transfer.readers.reading import cells, number, text, when, yes

SEED = {"metafield_definitions": 20, "pages": 7}
QUERY = """query { pages(first: 50) { nodes { id handle title body createdAt updatedAt isPublished
  publishedAt templateSuffix
  tag: metafield(namespace: "global", key: "title_tag") { value }
  description: metafield(namespace: "global", key: "description_tag") { value }
  points: metafield(namespace: "loyalty", key: "points") { value }
  lead: metafield(namespace: "custom", key: "lead") { value } } } }"""
NOT_FILLED: dict[str, str] = {}
NOT_SAID: dict[str, str] = {}
PAGE = {
    "ID": ("id", number),
    "Handle": ("handle", text),
    "Command": ("id", lambda gid: "MERGE"),
    "Title": ("title", text),
    "Body HTML": ("body", text),
    "Created At": ("createdAt", when),
    "Updated At": ("updatedAt", when),
    "Published": ("isPublished", yes),
    "Published At": ("publishedAt", when),
    "Template Suffix": ("templateSuffix", text),
    "Metafield: title_tag [string]": ("tag.value", text),
    "Metafield: description_tag [string]": ("description.value", text),
    "Metafield: custom.lead [multi_line_text_field]": ("lead.value", text),
    "Metafield: loyalty.points [number_integer]": ("points.value", text),
}


def rows(nodes):
    return {"Pages": [cells(node, PAGE) for node in nodes]}
