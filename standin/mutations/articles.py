"""articleCreate, articleUpdate, articleDelete; the same of blogs; what is done with comments.

https://shopify.dev/docs/api/admin-graphql/latest/mutations/articleCreate
"""

from standin import media
from standin.context import Context, now
from standin.mutations import metafields
from standin.mutations.online_store import leave_redirect, publish, set_handle, set_title
from standin.mutations.tags import normal
from standin.mutations.user_errors import refused, user_error

PLAIN = ("body", "summary", "templateSuffix")


def create(context: Context, args: dict) -> dict:
    record: dict = {
        "__typename": "Article",
        "body": "",
        "summary": None,
        "tags": [],
        "image": None,
        "templateSuffix": None,
        "isPublished": True,
        "publishedAt": now(),
        "comments": [],
        "metafields": [],
        "createdAt": now(),
    }
    given = args["article"]
    if not given.get("blogId"):
        text = "Can't create an article without a blog"
        return refused([user_error(["article"], text, "BLOG_REFERENCE_REQUIRED")], "article")
    if errors := _write(context, record, given):
        return refused(errors, "article")
    record["id"] = context.shop.new_id("Article")
    _join(context, record)
    return {"article": context.shop.put(record), "userErrors": []}


def update(context: Context, args: dict) -> dict:
    record, given = _find(context, args["id"], "Article"), args["article"]
    if not record:
        return refused([_missing("Article")], "article")
    old = _path(context, record)
    blog = record["blog"]
    if errors := _write(context, record, given):
        return refused(errors, "article")
    if record["blog"] != blog:
        left = context.existing(blog)
        context.shop.put(
            {**left, "articles": [one for one in left["articles"] if one != record["id"]]}
        )
        _join(context, record)
    context.shop.put(record)
    context.forget()
    if given.get("redirectNewHandle") and _path(context, record) != old:
        leave_redirect(context, old, _path(context, record))
    return {"article": record, "userErrors": []}


def delete(context: Context, args: dict) -> dict:
    record = _find(context, args["id"], "Article")
    if not record:
        return refused([_missing("Article")], "deletedArticleId")
    for comment in record["comments"]:
        context.shop.delete(comment)
    blog = context.existing(record["blog"])
    context.shop.put({**blog, "articles": [one for one in blog["articles"] if one != args["id"]]})
    context.shop.delete(args["id"])
    return {"deletedArticleId": args["id"], "userErrors": []}


def _join(context: Context, record: dict) -> None:
    blog = context.existing(record["blog"])
    context.shop.put({**blog, "articles": [*blog["articles"], record["id"]]})


def _path(context: Context, record: dict) -> str:
    return f"/blogs/{context.existing(record['blog'])['handle']}/{record['handle']}"


def _write(context: Context, record: dict, given: dict) -> list[dict]:
    errors = set_title(record, given, "article")
    if "blogId" in given:
        blog = context.record(given["blogId"] or "")
        if not blog or blog["__typename"] != "Blog":
            text = "Must reference an existing blog."
            return [*errors, user_error(["article", "blogId"], text, "NOT_FOUND")]
        record["blog"] = blog["id"]
    record.update({name: given[name] or None for name in PLAIN if name in given})
    record["body"] = record["body"] or ""
    if "author" in given:
        author = given["author"] or {}
        if author.get("name") and author.get("userId"):
            text = "Can't set both name and userId"
            errors.append(user_error(["article", "author"], text, "AMBIGUOUS_AUTHOR"))
        if not (author.get("name") or author.get("userId")):
            text = "Can't create an article without an author"
            errors.append(user_error(["article", "author"], text, "AUTHOR_FIELD_REQUIRED"))
        record["author"] = {"name": author.get("name")}
    if "tags" in given:
        record["tags"] = normal(given["tags"] or [])
    if "image" in given:
        record["image"] = _image(context, record["image"], given["image"])

    def having(handle: str) -> list[dict]:
        found = context.shop.find("Article", "handle", [handle])
        return [one for one in found if one["blog"] == record["blog"]]

    errors += set_handle(record, given, "article", having)
    errors += publish(record, given, "article")
    if given.get("metafields"):
        errors += metafields.write_into(context, record, given["metafields"], ["article"])
    record["updatedAt"] = now()
    return errors


def _image(context: Context, old: dict | None, given: dict | None) -> dict | None:
    if not given:
        return None
    image, url = old, given.get("url")
    if url:
        made = media.make(context, url, "IMAGE", media.file_name(url), given.get("altText"))
        image = media.settle(context, made | {media.READY_AT: 0.0})["image"]
        context.shop.delete(made["id"])  # it is none of the shop's files
    return {**image, "altText": given.get("altText", image["altText"])} if image else None


def create_blog(context: Context, args: dict) -> dict:
    record: dict = {
        "__typename": "Blog",
        "commentPolicy": "CLOSED",
        "templateSuffix": None,
        "tags": [],
        "feed": None,
        "articles": [],
        "createdAt": now(),
    }
    if errors := _write_blog(context, record, args["blog"]):
        return refused(errors, "blog")
    record["id"] = context.shop.new_id("Blog")
    return {"blog": context.shop.put(record), "userErrors": []}


def update_blog(context: Context, args: dict) -> dict:
    record = _find(context, args["id"], "Blog")
    if not record:
        return refused([_missing("Blog")], "blog")
    if errors := _write_blog(context, record, args["blog"]):
        return refused(errors, "blog")
    return {"blog": context.shop.put(record), "userErrors": []}


def delete_blog(context: Context, args: dict) -> dict:
    """A blog goes with all its articles and their comments."""
    record = _find(context, args["id"], "Blog")
    if not record:
        return refused([_missing("Blog")], "deletedBlogId")
    for article in record["articles"]:
        delete(context, {"id": article})
    context.shop.delete(args["id"])
    return {"deletedBlogId": args["id"], "userErrors": []}


def _write_blog(context: Context, record: dict, given: dict) -> list[dict]:
    """The errors of blogs have fewer codes than those of articles and pages."""
    errors = set_title(record, given, "blog")
    record.update(
        {name: given[name] for name in ("commentPolicy", "templateSuffix") if name in given}
    )
    errors += set_handle(
        record, given, "blog", lambda handle: context.shop.find("Blog", "handle", [handle])
    )
    record["updatedAt"] = now()
    known = ("BLANK", "TOO_LONG") if record.get("id") else ("TOO_LONG",)
    return [one if one["code"] in known else one | {"code": "INVALID"} for one in errors]


def _moderate(status: str, among: tuple[str, ...]):
    """A mutation that brings a comment into a state, from one of some others."""

    def run(context: Context, args: dict) -> dict:
        record = _find(context, args["id"], "Comment")
        if not record:
            return refused([_missing("Comment")], "comment")
        if record["status"] not in among:
            text = f"Comment is {record['status'].lower()}"
            return refused([user_error(["id"], text, "INVALID")], "comment")
        shown = status == "PUBLISHED"
        at = now() if shown else None
        changed = {"status": status, "isPublished": shown, "publishedAt": at, "updatedAt": now()}
        return {"comment": context.shop.put({**record, **changed}), "userErrors": []}

    return run


def delete_comment(context: Context, args: dict) -> dict:
    record = _find(context, args["id"], "Comment")
    if not record:
        return refused([_missing("Comment")], "deletedCommentId")
    article = context.existing(record["article"])
    left = [one for one in article["comments"] if one != record["id"]]
    context.shop.put({**article, "comments": left})
    context.shop.delete(record["id"])
    return {"deletedCommentId": record["id"], "userErrors": []}


def _find(context: Context, gid: str, typename: str) -> dict | None:
    record = context.record(gid)
    return dict(record) if record and record["__typename"] == typename else None


def _missing(typename: str) -> dict:
    return user_error(["id"], f"{typename} does not exist", "NOT_FOUND")


MUTATIONS = {
    "articleCreate": create,
    "articleUpdate": update,
    "articleDelete": delete,
    "blogCreate": create_blog,
    "blogUpdate": update_blog,
    "blogDelete": delete_blog,
    "commentApprove": _moderate("PUBLISHED", ("UNAPPROVED", "PENDING", "SPAM")),
    "commentSpam": _moderate("SPAM", ("PUBLISHED", "UNAPPROVED", "PENDING")),
    "commentNotSpam": _moderate("UNAPPROVED", ("SPAM",)),
    "commentDelete": delete_comment,
}
