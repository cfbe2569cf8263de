"""How articles are written, with the state of their comments. The Admin API makes no comments."""

from collections.abc import Iterator

from transfer.types import metafields, publishing
from transfer.types.forms import BadCell, form, words
from transfer.types.shop_facts import ShopFacts
from transfer.types.writing import (
    WITH_CODE,
    Input,
    Key,
    Members,
    Mutation,
    Parts,
    Reference,
    Step,
    Writing,
)


def _handle(value: str | Reference) -> str:
    return value.name if isinstance(value, Reference) else value


BLOG = form(_handle, parse=lambda cell: Reference("Blog", cell.strip().lower()))
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
        raise BadCell("Blog: Handle: it is empty, so it is not known which blog the article is of.")
    if "image" in made:
        given = made["image"] if isinstance(made["image"], dict) else {}
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


def only_blog(facts: ShopFacts) -> str:
    """The handle of the store's blog, where it has one only."""
    return facts.blogs[0].name if len(facts.blogs) == 1 else ""


def author(facts: ShopFacts) -> str:
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
            delete=Mutation("commentDelete", ("id: ID!",), target="id", errors=WITH_CODE),
            lasting=True,
        ),
    ),
    required=("Title",),
    defaults={"Author": author, "Blog: Handle": only_blog},
    facts=("blogs",),
    complete=complete,
    along={"handle": {"redirectNewHandle": True}},
    empties=publishing.EMPTIES,
    after=(
        metafields.WRITTEN_ALONG,
        *metafields.SEO_WRITTEN_ALONG,
        Step("comments", send=APPROVE, makes=states, others=(SPAM, NOT_SPAM)),
    ),
)
