"""Pages of the online store."""

from collections.abc import Iterator

from standin.seeds.base import Seeder, numbered, slug, timestamp

TITLES = (
    "About Us",
    "Care & Repair",
    "Sizes",
    "Shipping and Returns",
    "Größen & Maße",
    "Wholesale",
)


def make(seeder: Seeder, first: int, how_many: int) -> Iterator[dict]:
    for i in range(first, first + how_many):
        title = numbered(TITLES[i % len(TITLES)], i // len(TITLES))
        shown = i % 4 != 3
        yield {
            "__typename": "Page",
            "id": seeder.id("Page"),
            "title": title,
            "handle": slug(title),
            "body": f"<h2>{title.replace('&', '&amp;')}</h2>\n<p>Rinse, dry, and use again.</p>",
            "bodySummary": f"{title} Rinse, dry, and use again.",
            "isPublished": shown,
            "publishedAt": timestamp(i, days=1) if shown else None,
            "templateSuffix": "contact" if i % 6 == 0 else None,
            "metafields": [
                *seeder.seo_metafields("PAGE", title, f"{title} at Northfold"),
                *_lead(seeder, i),
                seeder.undefined_metafield("PAGE", i),
            ],
            "createdAt": timestamp(i),
            "updatedAt": timestamp(i, days=2),
        }


def _lead(seeder: Seeder, i: int) -> list[dict]:
    """Every other page has a lead, in two lines, with what a spreadsheet must quote."""
    text = f'“Slow & good”, since 19{i:02}\nsaid "everyone", 🌲 too'
    return [] if i % 2 else [seeder.metafield("PAGE", "custom.lead", "multi_line_text_field", text)]
