"""The house rules: who may import whom, who guards which route, what a fragment may not do."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from blueprints import GUARDED, guards

ROOT = Path(__file__).parent.parent
FILES = {
    "app",
    "background",
    "config",
    "http_worker",
    "logs",
    "metrics",
    "worker",
    "plans",
    "queues",
    "scratch",
}
README = (ROOT / "README.md").read_text()
[TABLE] = re.findall(r"\| folder \| may import of ours.*?\n\n", README, re.S)
MAY_IMPORT = {
    folder: {folder, *allowed.split(", ")}
    for folder, allowed in re.findall(r"^\| `(\S+)` \| (.*?) \|", TABLE, re.M)
}
"""The README's table: what the modules of a folder may import of ours, beside the folder itself."""
ROOMS = {folder.partition("/")[0] for folder in MAY_IMPORT}


def sources(folder):
    return sorted((ROOT / folder).rglob("*.py"))


@cache
def imports(path):
    """The dotted names that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def room(name):
    """The innermost folder or top file of ours that a dotted name is in; None for others' names."""
    path = name.replace(".", "/")
    inside = [folder for folder in MAY_IMPORT if f"{path}/".startswith(f"{folder}/")]
    top = path.partition("/")[0]
    return max(inside, key=len) if inside else top if top in FILES | ROOMS else None


def modules():
    for top in sorted(ROOMS):
        for path in sources(top):
            yield path, ".".join(path.relative_to(ROOT).with_suffix("").parts)


def test_a_room_imports_only_what_it_may():
    wrong = [
        f"{path}: {name}"
        for path, module in modules()
        for name in imports(path)
        if path.name != "__init__.py" and room(name) not in {None, *MAY_IMPORT[room(module)]}
    ]
    assert wrong == []


def test_every_folder_of_modules_has_a_row_in_the_table():
    assert {room(module) for _, module in modules()} == set(MAY_IMPORT)
    standing = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {
        "benchmarks",
        "scripts",
        "tests",
    }
    assert standing == ROOMS


def test_every_room_says_what_lives_there():
    for path, _ in modules():
        if path.name == "__init__.py":
            assert ast.get_docstring(ast.parse(path.read_text())), path


@pytest.mark.parametrize("folder", ["shopify", "translations", "standin"])
def test_protocols_know_no_framework(folder):
    banned = {"standin": set()}.get(folder, {"flask", "sqlalchemy"})
    for path in sources(folder):
        assert not banned & {name.partition(".")[0] for name in imports(path)}, path


@pytest.mark.parametrize("folder", sorted(ROOMS - {"blueprints", "standin"}))
def test_only_blueprints_know_the_request(folder):
    for path in sources(folder):
        assert not {"flask.request", "flask.g"} & imports(path), path


def test_no_module_imports_the_views_of_a_blueprint():
    """Modules with a Blueprint of their own are views; only ``blueprints/__init__.py`` has them."""
    has_views = re.compile(r"^\w+ = Blueprint\(", re.M)
    views = {m for p, m in modules() if "blueprints" in m and has_views.search(p.read_text())}
    assert len(views) > 10
    for path, _ in modules():
        if path != ROOT / "blueprints" / "__init__.py":
            assert not views & imports(path), path


@pytest.mark.parametrize("folder", sorted(ROOMS | {"scripts", "tests"}))
def test_no_import_hides_in_a_function(folder):
    for path in sources(folder):
        for function in ast.walk(ast.parse(path.read_text())):
            if isinstance(function, ast.FunctionDef):
                inside = [
                    n for n in ast.walk(function) if isinstance(n, ast.Import | ast.ImportFrom)
                ]
                assert not inside, f"{path}: {function.name}"


def test_every_route_belongs_to_a_guarded_blueprint(application):
    guarded = {bp.name for bp, _ in GUARDED}
    owners = {endpoint.partition(".")[0] for endpoint in application.view_functions}
    assert owners - {"static"} == guarded
    for bp, guard in GUARDED:
        assert application.before_request_funcs[bp.name] == [guard]


def test_public_routes_are_these_and_no_others(application):
    public = {bp.name for bp, guard in GUARDED if guard is guards.public}
    rules = {r.rule for r in application.url_map.iter_rules() if r.endpoint.split(".")[0] in public}
    assert rules == {
        "/",
        "/auth/id-token",
        "/notifications/confirm",
        "/healthz",
        "/readyz",
        "/help/<name>.md",
        "/help/recipes/<name>.md",
        "/help/recipes/<name>.csv",
        "/help/images/<name>.png",
        "/api/v1/openapi.json",
        "/api/v1/leaked-keys",
    }


def test_every_api_route_declares_its_permission(application):
    keyed = {bp.name for bp, guard in GUARDED if guard is guards.api_key}
    views = {e: v for e, v in application.view_functions.items() if e.split(".")[0] in keyed}
    assert views
    assert [e for e, view in views.items() if not hasattr(view, "permission")] == []


def test_a_fragment_extends_nothing():
    for path in (ROOT / "templates").rglob("_*.html"):
        assert "{% extends" not in path.read_text(), path


def test_no_template_asks_for_eval_or_inline_code():
    banned = re.compile(r"hx-on|hx-vals=.js:|hx-trigger=\"[^\"]*\[|<script>|\sstyle=|\son[a-z]+=")
    for path in (ROOT / "templates").rglob("*.html"):
        assert not banned.search(path.read_text()), path


def test_nothing_names_a_machine_a_registry_or_what_is_outside_the_project():
    banned = re.compile(
        r"\.\./shared|(?<![\w.])/work/|files\.pythonhosted\.org|registry\.npmjs\.org"
    )
    tracked = [
        p
        for folder in (*ROOMS, "cli", "docs", "scripts", "templates", "static", "tests")
        for p in (ROOT / folder).rglob("*")
        if p.suffix in {".py", ".js", ".md", ".html", ".css", ".json", ".toml"}
        and not {"node_modules", "vendor"} & set(p.parts)
    ]
    for path in tracked:
        if path != Path(__file__):
            assert not banned.search(path.read_text()), path
