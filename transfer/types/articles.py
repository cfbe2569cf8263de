"""Articles: blog posts and content, each with its blog and its comments."""

from transfer.types import metafields, publishing
from transfer.types.article_writing import BLOG, STATUS, WRITING
from transfer.types.base import (
    NUMBERING,
    Block,
    Column,
    Connection,
    DataType,
    Filter,
    Pass,
    Sheet,
)
from transfer.types.files import LINK, link_form
from transfer.types.forms import (
    HANDLE,
    INTEGER,
    MERGE,
    MOMENT,
    REPLACE,
    TAGS,
    id_of,
    words,
)
from transfer.types.personal import PUBLIC, TEXT, columns
from translations import N_, ngettext

COMMENTABLE = words({"CLOSED": "no", "MODERATED": "moderate", "AUTO_PUBLISHED": "yes"})

OBJECTS = Pass(
    "articles",
    fields=f"""id handle title author {{ name }} body summary tags createdAt updatedAt isPublished
      publishedAt templateSuffix image {{ url width height altText }}
      blog {{ id handle title commentPolicy feed {{ location path }} templateSuffix
        createdAt updatedAt }}
      {metafields.SEO}""",
    repeated=metafields.fields("ARTICLE"),
    connections=(
        Connection(
            "comments",
            types=("Comment",),
            fields="""id author { name email } body bodyHtml status ip userAgent createdAt
              updatedAt publishedAt""",
        ),
        metafields.connection("ARTICLE"),
    ),
)
ARTICLE = Block(
    (
        Column("ID", "id", id_of("Article")),
        Column("Handle", "handle", HANDLE, write="handle", clears=False),
        Column("Command", "id", MERGE),
        Column("Title", "title", write="title"),
        Column("Author", "author.name", write="author.name", clears=False),
        Column(
            "Body HTML",
            "body",
            top_only=True,
            write="body",
            aliases=("Body (HTML)",),
            cleared="",
        ),
        Column("Summary HTML", "summary", write="summary", cleared=""),
        Column("Tags", "tags", TAGS, write="tags", cleared=[]),
        Column("Tags Command", "id", REPLACE),
        Column("Created At", "createdAt", MOMENT),
        Column("Updated At", "updatedAt", MOMENT),
        *publishing.COLUMNS,
        Column("Template Suffix", "templateSuffix", write="templateSuffix"),
        Column("Image Src", "image.url", LINK, write="image.url", form_in=link_form),
        Column("Image Width", "image.width", INTEGER),
        Column("Image Height", "image.height", INTEGER),
        Column("Image Alt Text", "image.altText", write="image.altText", cleared=""),
        Column("Blog: ID", "blog.id", id_of("Blog")),
        Column("Blog: Handle", "blog.handle", BLOG, write="blogId", clears=False),
        Column("Blog: Title", "blog.title", write="=blog.title", clears=False),
        Column(
            "Blog: Commentable",
            "blog.commentPolicy",
            COMMENTABLE,
            write="=blog.commentPolicy",
            clears=False,
        ),
        Column("Blog: Feedburner URL", "blog.feed.location"),
        Column("Blog: Feedburner Path", "blog.feed.path"),
        Column("Blog: Template Suffix", "blog.templateSuffix", write="=blog.templateSuffix"),
        Column("Blog: Created At", "blog.createdAt", MOMENT),
        Column("Blog: Updated At", "blog.updatedAt", MOMENT),
    )
)
COMMENTS = Block(
    (
        Column("Comment: ID", "id", id_of("Comment")),
        Column("Comment: Author", "author.name"),
        Column("Comment: Body", "body"),
        Column("Comment: Body HTML", "bodyHtml"),
        Column("Comment: Email", "author.email"),
        Column("Comment: Status", "status", STATUS, write="=status", clears=False),
        Column("Comment: IP", "ip"),
        Column("Comment: Browser", "userAgent"),
        Column("Comment: Created At", "createdAt", MOMENT),
        Column("Comment: Updated At", "updatedAt", MOMENT),
        Column("Comment: Published At", "publishedAt", MOMENT),
        Column("Comment: Command", "id", MERGE),
    ),
    of="comments",
)

articles = DataType(
    name="articles",
    label=N_("Articles"),
    counted=lambda count: ngettext("%(num)s article", "%(num)s articles", count),
    about=N_("Blog posts and content"),
    read_scopes=metafields.SCOPES,
    write_scopes=("write_content", "write_online_store_navigation"),
    facts=("metafields:ARTICLE",),
    passes=(OBJECTS,),
    sheets=(
        Sheet(
            "Blog Posts",
            aliases=("Articles", "Article", "Blog Post"),
            blocks=(
                ARTICLE,
                NUMBERING,
                COMMENTS,
                metafields.SEO_COLUMNS,
                metafields.columns("ARTICLE", header="Metafield: {}"),
                metafields.undefined_columns("ARTICLE", header="Metafield: {}"),
            ),
        ),
    ),
    filters=(
        Filter("handle"),
        Filter("title"),
        Filter("author"),
        Filter("blog_title"),
        Filter("tag"),
        Filter("tag_not"),
        Filter("published_status"),
        Filter("id", form="range"),
        Filter("blog_id", form="range"),
        Filter("created_at", form="range"),
        Filter("updated_at", form="range"),
        Filter("published_at", form="range"),
    ),
    writing=WRITING,
    personal={
        "articles.author": PUBLIC,
        "comments.author.name": "name",
        "comments.body": TEXT,
        "comments.bodyHtml": TEXT,
        **columns(PUBLIC, "Comment: Command; Metafield: {}"),
    },
)
