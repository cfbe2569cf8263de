"""Pages: store pages and static content. One row is one page."""

from transfer.types import metafields
from transfer.types.base import Block, Column, DataType, Filter, Pass, Sheet
from transfer.types.forms import BOOLEAN, MERGE, MOMENT, id_of
from translations import N_

OBJECTS = Pass(
    "pages",
    fields=f"""id handle title body createdAt updatedAt isPublished publishedAt templateSuffix
      {metafields.SEO}""",
    repeated=metafields.fields("PAGE"),
    connections=(metafields.connection("PAGE"),),
)
PAGE = Block(
    (
        Column("ID", "id", id_of("Page")),
        Column("Handle", "handle"),
        Column("Command", "id", MERGE),
        Column("Title", "title"),
        Column("Body HTML", "body", aliases=("Body (HTML)",)),
        Column("Created At", "createdAt", MOMENT),
        Column("Updated At", "updatedAt", MOMENT),
        Column("Published", "isPublished", BOOLEAN),
        Column("Published At", "publishedAt", MOMENT),
        Column("Template Suffix", "templateSuffix"),
    )
)

pages = DataType(
    name="pages",
    label=N_("Pages"),
    about=N_("Store pages and static content"),
    read_scopes=metafields.SCOPES,
    facts=("metafields:PAGE",),
    passes=(OBJECTS,),
    sheets=(
        Sheet(
            "Pages",
            aliases=("Page",),
            blocks=(
                PAGE,
                metafields.SEO_COLUMNS,
                metafields.columns("PAGE", header="Metafield: {}"),
                metafields.undefined_columns("PAGE", header="Metafield: {}"),
            ),
        ),
    ),
    filters=(
        Filter("handle"),
        Filter("title"),
        Filter("published_status"),
        Filter("id", form="range"),
        Filter("created_at", form="range"),
        Filter("updated_at", form="range"),
        Filter("published_at", form="range"),
    ),
    count="pagesCount(limit: null)",
)
