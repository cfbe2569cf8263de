from tests.transfer.readers.reading import (
    beside,
    cells,
    lower,
    number,
    tags,
    text,
    when,
    yes,
)

SEED = {"metafield_definitions": 20, "articles": 9}
QUERY = """query ($after: String) { articles(first: 10, after: $after) { nodes {
  id handle title author { name } body summary tags createdAt updatedAt isPublished publishedAt
  templateSuffix image { url width height altText }
  blog { id handle title commentPolicy templateSuffix createdAt updatedAt feed { location path } }
  comments(first: 5) { nodes { id author { name email } body bodyHtml status ip userAgent
    createdAt updatedAt publishedAt } }
  tag: metafield(namespace: "global", key: "title_tag") { value }
  description: metafield(namespace: "global", key: "description_tag") { value }
  points: metafield(namespace: "loyalty", key: "points") { value }
  minutes: metafield(namespace: "custom", key: "minutes") { value }
} pageInfo { hasNextPage endCursor } } }"""
NOT_FILLED: dict[str, str] = {}
NOT_SAID: dict[str, str] = {}
COMMENTABLE = {"CLOSED": "no", "MODERATED": "moderate", "AUTO_PUBLISHED": "yes"}
OWN = {
    "ID": ("id", number),
    "Handle": ("handle", text),
    "Command": ("id", lambda gid: "MERGE"),
    "Title": ("title", text),
    "Author": ("author.name", text),
    "Summary HTML": ("summary", text),
    "Tags": ("tags", tags),
    "Tags Command": ("id", lambda gid: "REPLACE"),
    "Created At": ("createdAt", when),
    "Updated At": ("updatedAt", when),
    "Published": ("isPublished", yes),
    "Published At": ("publishedAt", when),
    "Template Suffix": ("templateSuffix", text),
    "Image Src": ("image.url", text),
    "Image Width": ("image.width", text),
    "Image Height": ("image.height", text),
    "Image Alt Text": ("image.altText", text),
    "Blog: ID": ("blog.id", number),
    "Blog: Handle": ("blog.handle", text),
    "Blog: Title": ("blog.title", text),
    "Blog: Commentable": ("blog.commentPolicy", COMMENTABLE.get),
    "Blog: Feedburner URL": ("blog.feed.location", text),
    "Blog: Feedburner Path": ("blog.feed.path", text),
    "Blog: Template Suffix": ("blog.templateSuffix", text),
    "Blog: Created At": ("blog.createdAt", when),
    "Blog: Updated At": ("blog.updatedAt", when),
}
TOP = {
    "Body HTML": ("body", text),
    "Metafield: title_tag [string]": ("tag.value", text),
    "Metafield: description_tag [string]": ("description.value", text),
    "Metafield: custom.minutes [number_integer]": ("minutes.value", text),
    "Metafield: loyalty.points [number_integer]": ("points.value", text),
}
COMMENT = {
    "Comment: ID": ("id", number),
    "Comment: Author": ("author.name", text),
    "Comment: Body": ("body", text),
    "Comment: Body HTML": ("bodyHtml", text),
    "Comment: Email": ("author.email", text),
    "Comment: Status": ("status", lower),
    "Comment: IP": ("ip", text),
    "Comment: Browser": ("userAgent", text),
    "Comment: Created At": ("createdAt", when),
    "Comment: Updated At": ("updatedAt", when),
    "Comment: Published At": ("publishedAt", when),
    "Comment: Command": ("id", lambda gid: "MERGE"),
}


def rows(nodes):
    return {"Blog Posts": [row for node in nodes for row in _article(node)]}


def _article(node):
    comments = [cells(comment, COMMENT) for comment in node["comments"]["nodes"]]
    return beside(cells(node, TOP), cells(node, OWN), comments)
