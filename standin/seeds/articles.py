"""Blog articles, with their two blogs and some comments."""

from collections.abc import Iterator

from standin.seeds.base import Seeder, numbered, slug, timestamp

BLOGS = (("Journal", "MODERATED"), ("Küche", "CLOSED"))
TITLES = (
    "How we bend ash",
    "Snow, slowly",
    "Seven soups for the hut",
    "Ein Winter in Łódź",
    "What a kiln wants",
    "Mending wool",
)
AUTHORS = ("Alice Northfold", "Jørgen Vik", "Mei Tanaka")


def make(seeder: Seeder, first: int, how_many: int) -> Iterator[dict]:
    blogs = seeder.shop.all("Blog") or [_blog(seeder, *blog) for blog in BLOGS]
    for i in range(first, first + how_many):
        blog = blogs[i % len(blogs)]
        article, comments = _article(seeder, blog, i)
        blog["articles"].append(article["id"])
        yield article
        yield from comments
    yield from blogs


def _blog(seeder: Seeder, title: str, comments: str) -> dict:
    return {
        "__typename": "Blog",
        "id": seeder.id("Blog"),
        "title": title,
        "handle": slug(title),
        "commentPolicy": comments,
        "tags": ["craft", "recipes", "winter"],
        "templateSuffix": "wide" if comments == "MODERATED" else None,
        "feed": {"location": f"https://feeds.example.com/{slug(title)}", "path": slug(title)},
        "articles": [],
        "createdAt": timestamp(0),
        "updatedAt": timestamp(0),
    }


def _article(seeder: Seeder, blog: dict, i: int) -> tuple[dict, list[dict]]:
    title = numbered(TITLES[i % len(TITLES)], i // len(TITLES))
    gid = seeder.id("Article")
    shown = i % 5 != 4
    open_to_comments = blog["commentPolicy"] != "CLOSED" and shown
    comments = [_comment(seeder, gid, i, n) for n in range(i % 3 if open_to_comments else 0)]
    article = {
        "__typename": "Article",
        "id": gid,
        "blog": blog["id"],
        "title": title,
        "handle": slug(title),
        "author": {"name": AUTHORS[i % len(AUTHORS)]},
        "body": f"<p>{title}.</p>\n<p>It takes <em>time</em>, and a dry room.</p>",
        "summary": f"<p>{title}, in short.</p>" if i % 2 else None,
        "tags": sorted([("craft", "recipes", "winter")[i % 3], "stories"]),
        "image": seeder.image(f"article-{slug(title)}.png", title) if i % 3 else None,
        "isPublished": shown,
        "publishedAt": timestamp(i, days=1) if shown else None,
        "templateSuffix": "story" if i % 4 == 0 else None,
        "comments": [comment["id"] for comment in comments],
        "metafields": [
            *seeder.seo_metafields("ARTICLE", title, f"{title}, from our blog"),
            seeder.metafield("ARTICLE", "custom.minutes", "number_integer", str(3 + i % 9)),
            seeder.undefined_metafield("ARTICLE", i),
        ],
        "createdAt": timestamp(i),
        "updatedAt": timestamp(i, days=2),
    }
    return article, comments


def _comment(seeder: Seeder, article: str, i: int, n: int) -> dict:
    shown = n == 0
    return {
        "__typename": "Comment",
        "id": seeder.id("Comment"),
        "article": article,
        "author": {"name": "Bo Reader", "email": f"bo{i}@example.com"},
        "body": 'Which oil is "the" oil? 🌲',
        "bodyHtml": '<p>Which oil is "the" oil? 🌲</p>',
        "status": "PUBLISHED" if shown else "UNAPPROVED",
        "isPublished": shown,
        "publishedAt": timestamp(i, days=3) if shown else None,
        "ip": "203.0.113.7",
        "userAgent": "Mozilla/5.0",
        "createdAt": timestamp(i, days=3),
        "updatedAt": timestamp(i, days=3),
    }
