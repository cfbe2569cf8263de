"""Pages: store pages and static content. One row is one page."""

from transfer.types import metafields, publishing
from transfer.types.base import Block, Column, DataType, Filter, Pass, Sheet
from transfer.types.forms import HANDLE, MERGE, MOMENT, id_of
from transfer.types.personal import PUBLIC, columns
from transfer.types.writing import WITH_CODE, Key, Mutation, Writing
from translations import N_, ngettext

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
        Column("Handle", "handle", HANDLE, write="handle", clears=False),
        Column("Command", "id", MERGE),
        Column("Title", "title", write="title"),
        Column("Body HTML", "body", write="body", aliases=("Body (HTML)",), cleared=""),
        Column("Created At", "createdAt", MOMENT),
        Column("Updated At", "updatedAt", MOMENT),
        *publishing.COLUMNS,
        Column("Template Suffix", "templateSuffix", write="templateSuffix"),
    )
)

pages = DataType(
    name="pages",
    label=N_("Pages"),
    counted=lambda count: ngettext("%(num)s page", "%(num)s pages", count),
    about=N_("Store pages and static content"),
    read_scopes=metafields.SCOPES,
    write_scopes=("write_content", "write_online_store_navigation"),
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
    writing=Writing(
        typename="Page",
        keys=(Key(("Handle",), "handle"),),
        create=Mutation(
            "pageCreate",
            ("page: PageCreateInput!",),
            input="page",
            saved="page",
            errors=WITH_CODE,
        ),
        update=Mutation(
            "pageUpdate",
            ("id: ID!", "page: PageUpdateInput!"),
            input="page",
            target="id",
            saved="page",
            errors=WITH_CODE,
        ),
        delete=Mutation("pageDelete", ("id: ID!",), target="id", errors=WITH_CODE),
        required=("Title",),
        complete=publishing.complete,
        along={"handle": {"redirectNewHandle": True}},
        address=lambda cells: f"/pages/{cells.get('Handle')}",
        empties=publishing.EMPTIES,
        after=(metafields.WRITTEN_ALONG, *metafields.SEO_WRITTEN_ALONG),
    ),
    personal={
        **columns(PUBLIC, "Metafield: {}"),
    },
)
