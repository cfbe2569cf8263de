"""No page says a word that is not in the catalogues."""

import ast
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from blueprints import GUARDED, guards

ROOT = Path(__file__).parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.*"))
FOR_PEOPLE = {"title", "aria-label", "aria-description", "placeholder", "alt"}
NAMES = re.compile(r"Altera|shop (add|test)|--url|[\w-]+=\"[^\"]*\"|data-focus")
"""What is the same in every language, and attributes that a macro puts into a tag."""
LOOKED_UP = {"_", "N_", "ngettext"}
SENTENCE = re.compile(r"[A-Z]\w|\w+ \w+ \w")
JINJA = Environment(extensions=["jinja2.ext.i18n"])


class Words(HTMLParser):
    """What a person would read of this HTML."""

    def __init__(self, html):
        super().__init__()
        self.found, self.inside = [], ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.inside = tag
        for name, value in attributes:
            if value and (name in FOR_PEOPLE or name.startswith("data-") and SENTENCE.match(value)):
                self.found.append(value)

    def handle_endtag(self, tag):
        self.inside = ""

    def handle_data(self, text):
        if self.inside not in ("style", "script"):
            self.found.append(text)


def html(source):
    """The template, a 0 in place of what Jinja puts in."""
    parts = {"data": lambda value: value, "variable_begin": lambda _: "0"}
    return "".join(parts[kind](value) for _, kind, value in JINJA.lex(source) if kind in parts)


def strings(source):
    """The strings in the template's expressions that are not looked up."""
    tree = JINJA.parse(source)
    calls = [c for c in tree.find_all(nodes.Call) if getattr(c.node, "name", "") in LOOKED_UP]
    looked_up = {id(argument) for call in calls for argument in call.args}
    for node in tree.find_all(nodes.Const):
        if isinstance(node.value, str) and id(node) not in looked_up:
            yield node.value


def words(text):
    """The letters that stand in the text for themselves."""
    return re.findall(r"[^\W\d_]{2,}", NAMES.sub("", text))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_has_no_words_of_its_own(path):
    source = path.read_text()
    said = Words(html(source)).found if path.suffix == ".html" else [html(source)]
    assert [text.strip() for text in said if words(text)] == []
    assert [text for text in strings(source) if SENTENCE.match(text)] == []


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("<p>Save</p>", True),
        ('<p>{{ _("Save") }}</p>', False),
        ('<p title="Save it">', True),
        ('<p title="{{ _("Save it") }}">', False),
        ('<b>{{ "Save" if a else _("Keep") }}</b>', True),
        ('<b class="{{ "big" if a }}">{{ ngettext("A", "Bs %(num)s", 2) }}</b>', False),
        ("{% if a %}Never used{% endif %}", True),
    ],
)
def test_the_check_sees_words(template, found):
    said = [text for text in Words(html(template)).found if words(text)]
    said += [text for text in strings(template) if SENTENCE.match(text)]
    assert bool(said) == found


def pages():
    """The files of the views that answer merchants."""
    ours = (guards.merchant, guards.signed_link)
    names = {bp.import_name for bp, guard in GUARDED if guard in ours}
    return sorted(ROOT / f"{name.replace('.', '/')}.py" for name in names)


@pytest.mark.parametrize("path", pages(), ids=lambda path: path.name)
def test_a_view_has_no_sentence_of_its_own(path):
    tree = ast.parse(path.read_text())
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    looked_up = {a for c in calls if getattr(c.func, "id", "") in LOOKED_UP for a in c.args}
    bare = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            sentence = re.match(r"[A-Z][\w’]* \w", node.value)
            assert node in looked_up | bare or not sentence, node.value
