"""How articles are written, with their blogs and the state of their comments.

The Admin API makes no comments.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from transfer.types import metafields, publishing
from transfer.types.forms import BadCell, form, number_of, parse_handle, words
from transfer.types.shop_facts import Blog, ShopFacts
from transfer.types.writing import (
    WITH_CODE,
    Input,
    Key,
    Members,
    Mutation,
    Parent,
    Parts,
    Reference,
    Step,
    Writing,
)


def _handle(value: str | Reference) -> str:
    return value.name if isinstance(value, Reference) else value


BLOG = form(_handle, parse=lambda cell: Reference("Blog", parse_handle(cell)))
BLOG_ID, BLOG_HANDLE, BLOG_TITLE = "Blog: ID", "Blog: Handle", "Blog: Title"
STATUS = words(
    {
        "PUBLISHED": "published",
        "UNAPPROVED": "unapproved",
        "SPAM": "spam",
        "PENDING": "pending",
        "REMOVED": "removed",
    }
)
APPROVE = Mutation("commentApprove", ("id: ID!",), target="id", errors=WITH_CODE)
SPAM = Mutation("commentSpam", ("id: ID!",), target="id", errors=WITH_CODE)
NOT_SPAM = Mutation("commentNotSpam", ("id: ID!",), target="id", errors=WITH_CODE)


def complete(made: Input, parts: Parts) -> Input:
    """An article's input with its blog, its image and its time."""
    if not parts.item and not made.get("blogId"):
        raise BadCell(
            "Blog: Handle: it is empty, so it is not known which blog the article is of. Write the "
            "handle of a blog; one that the store does not have is made."
        )
    if "image" in made:
        given = made["image"] if isinstance(made["image"], dict) else {}
        if given.get("altText") and not (given.get("url") or parts.item.get("image")):
            raise BadCell("Image Alt Text: the article has no image. Write its Image Src too.")
        known = (parts.item.get("image") or {}).get("altText")
        if "url" in given and given["url"] and known:
            given = {"altText": known, **given}
        made = {**made, "image": None if "url" in given and not given["url"] else given}
    return publishing.complete(made, parts)


def states(parts: Parts) -> Iterator[tuple[Mutation, Input]]:
    """The mutations that bring comments into their states."""
    for member in parts.members.get("comments", ()):
        status = member.written.get("=status")
        if member.action != "update" or not status or not member.ref:
            continue
        was = next(c["status"] for c in parts.item["comments"] if c["id"] == member.ref)
        if status == "PUBLISHED":
            yield APPROVE, APPROVE.variables(member.ref)
        elif status == "SPAM":
            yield SPAM, SPAM.variables(member.ref)
        elif was == "SPAM" and status != "REMOVED":
            yield NOT_SPAM, NOT_SPAM.variables(member.ref)
        else:
            raise BadCell(
                f"Comment: Status: a comment that is {was.lower()} cannot become "
                f"{str(status).lower()}. It can be published, spam, or deleted."
            )


def with_handle(cells: dict[str, str], facts: ShopFacts) -> dict[str, str]:
    """The cells with the handle of the blog: as they have it where the store has one of it, else
    by the blog's ID, else by its title; a blog that is new has one made of its title."""
    given = {h: cells.get(h, "").strip() for h in (BLOG_ID, BLOG_HANDLE, BLOG_TITLE)}
    handle, number = given[BLOG_HANDLE].lower(), given[BLOG_ID].rpartition("/")[2]
    title = given[BLOG_TITLE].casefold()
    if not any(given.values()) or any(blog.name == handle for blog in facts.blogs):
        return cells
    by_id = [blog.name for blog in facts.blogs if number and number_of(blog.id) == number]
    by_title = [blog.name for blog in facts.blogs if title and blog.title.casefold() == title]
    found = by_id or (by_title if len(by_title) == 1 else [])
    if found or not handle:
        return {**cells, BLOG_HANDLE: found[0] if found else _made_of(given[BLOG_TITLE])}
    return cells


def _made_of(title: str) -> str:
    """The handle that Shopify makes of a title."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def of_new_blog(handle: str) -> Input:
    """What a new blog has that its rows do not tell."""
    return {"handle": handle, "title": handle.replace("-", " ").capitalize()}


def blog_of(blog: Blog) -> dict[str, Any]:
    """A blog as an article has it."""
    return {
        "id": blog.id,
        "handle": blog.name,
        "title": blog.title,
        "commentPolicy": blog.comments,
        "templateSuffix": blog.template,
    }


def only_blog(facts: ShopFacts, cells: Mapping[str, str]) -> str:
    """The handle of the store's blog, where it has one only."""
    return facts.blogs[0].name if len(facts.blogs) == 1 else ""


def author(facts: ShopFacts, cells: Mapping[str, str]) -> str:
    """Who is said to have written what has no author: the store."""
    return facts.name


WRITING = Writing(
    typename="Article",
    keys=(Key(("Handle", "Blog: Handle"), "handle"), Key(("Handle",), "handle")),
    create=Mutation(
        "articleCreate",
        ("article: ArticleCreateInput!",),
        input="article",
        saved="article",
        errors=WITH_CODE,
    ),
    update=Mutation(
        "articleUpdate",
        ("id: ID!", "article: ArticleUpdateInput!"),
        input="article",
        target="id",
        saved="article",
        errors=WITH_CODE,
    ),
    delete=Mutation("articleDelete", ("id: ID!",), target="id", errors=WITH_CODE),
    members=(
        Members(
            of="comments",
            keys=(Key(("Comment: ID",)),),
            command="Comment: Command",
            word="comment",
            delete=Mutation("commentDelete", ("id: ID!",), target="id", errors=WITH_CODE),
            lasting=True,
        ),
    ),
    parent=Parent(
        to="Blog",
        word="blog",
        header=BLOG_HANDLE,
        at="blog",
        fact="blogs",
        item=blog_of,
        columns={
            BLOG_TITLE: "title",
            "Blog: Commentable": "commentPolicy",
            "Blog: Template Suffix": "templateSuffix",
        },
        create=Mutation(
            "blogCreate",
            ("blog: BlogCreateInput!",),
            input="blog",
            saved="blog",
            errors=WITH_CODE,
        ),
        update=Mutation(
            "blogUpdate",
            ("id: ID!", "blog: BlogUpdateInput!"),
            input="blog",
            target="id",
            errors=WITH_CODE,
        ),
        delete=Mutation(
            "blogDelete",
            ("id: ID!",),
            target="id",
            errors=WITH_CODE,
            empty="query ($id: ID!) { node: blog(id: $id) { count: articlesCount { count } } }",
        ),
        named=with_handle,
        defaults=of_new_blog,
    ),
    lost="An undo does not bring comments back.",
    required=("Title",),
    defaults={"Author": author, "Blog: Handle": only_blog},
    facts=("blogs",),
    complete=complete,
    along={"handle": {"redirectNewHandle": True}},
    address=lambda cells: f"/blogs/{cells.get(BLOG_HANDLE)}/{cells.get('Handle')}",
    empties=publishing.EMPTIES,
    after=(
        metafields.WRITTEN_ALONG,
        *metafields.SEO_WRITTEN_ALONG,
        Step("comments", send=APPROVE, makes=states, others=(SPAM, NOT_SPAM)),
    ),
)
