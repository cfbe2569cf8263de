"""The guides of docs/ as web pages, to which the Help links of the settings lead. In English."""

from functools import cache
from pathlib import Path

from flask import Blueprint, Response, abort, render_template, send_from_directory
from markdown import Markdown
from markupsafe import Markup

DOCS = Path(__file__).parent.parent.parent / "docs"
GUIDES = ("merchants", "command-line", "api", "workloads", "data-types", "glossary")
"""The documents for merchants and the people who write their programs."""
RECIPES = tuple(sorted(f"recipes/{path.stem}" for path in (DOCS / "recipes").glob("[!A-Z]*.md")))
"""What merchants import every day, to which the guides link; each has files to copy."""

bp = Blueprint("help", __name__, url_prefix="/help")


@bp.get("/<name>.md")
def guide(name: str) -> str:
    """A document under its own file name, so that the links between documents work as they are."""
    if name not in GUIDES:
        abort(404)
    title, body = _rendered(name)
    return render_template("help/guide.html", title=title, body=body)


@bp.get("/recipes/<name>.md")
def recipe(name: str) -> str:
    if f"recipes/{name}" not in RECIPES:
        abort(404)
    title, body = _rendered(f"recipes/{name}")
    return render_template("help/guide.html", title=title, body=body)


@bp.get("/recipes/<name>.csv")
def recipe_file(name: str) -> Response:
    return send_from_directory(DOCS / "recipes", f"{name}.csv", as_attachment=True)


@bp.get("/images/<name>.png")
def image(name: str) -> Response:
    return send_from_directory(DOCS / "images", f"{name}.png")


@cache
def _rendered(name: str) -> tuple[str, Markup]:
    """The title of a document, and its HTML; the documents are ours, so their markup is trusted."""
    text = (DOCS / f"{name}.md").read_text(encoding="utf-8")
    html = Markdown(extensions=["tables", "fenced_code", "toc", "sane_lists"]).convert(text)
    return text.partition("\n")[0].removeprefix("# "), Markup(html)
