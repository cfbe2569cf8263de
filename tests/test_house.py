"""The house rules: who may import whom, who guards which route, what a fragment may not do."""

import ast
import re
from pathlib import Path

import pytest

from blueprints import GUARDED, guards

ROOT = Path(__file__).parent.parent
ROOMS = {"models", "shopify", "transfer", "translations", "blueprints", "standin"}
FILES = {"app", "config", "logs", "metrics", "worker"}
MAY_IMPORT = {
    "models": {"models", "translations"},
    "shopify": {"shopify"},
    "transfer": {"transfer", "models", "shopify", "translations"},
    "blueprints": {"blueprints", "models", "shopify", "transfer", "config", "translations"},
    "translations": {"translations"},
    "standin": {"standin"},
}
SHARED_IN_BLUEPRINTS = {
    "api_jobs",
    "client_address",
    "fresh_id_token",
    "guards",
    "limits",
    "new_export",
    "refusals",
    "signed",
    "errors",
    "export_file",
    "install",
    "key_form",
    "key_page",
    "openapi_parts",
    "plan_gate",
    "staff",
    "words",
}


def sources(folder):
    return sorted((ROOT / folder).rglob("*.py"))


def imports(path):
    """The dotted names that a file imports."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("folder", MAY_IMPORT)
def test_a_room_imports_only_what_it_may(folder):
    for path in sources(folder):
        found = {name.partition(".")[0] for name in imports(path)}
        assert found & (ROOMS | FILES) <= MAY_IMPORT[folder], path


@pytest.mark.parametrize("folder", ["shopify", "translations", "standin"])
def test_protocols_know_no_framework(folder):
    banned = {"standin": set()}.get(folder, {"flask", "sqlalchemy"})
    for path in sources(folder):
        assert not banned & {name.partition(".")[0] for name in imports(path)}, path


@pytest.mark.parametrize("folder", ["models", "transfer"])
def test_only_blueprints_know_the_request(folder):
    for path in sources(folder):
        assert not {"flask.request", "flask.g"} & set(imports(path)), path


def test_no_blueprint_imports_another_ones_views():
    for path in sources("blueprints"):
        if path.stem == "__init__":
            continue
        ours = {name.split(".")[1] for name in imports(path) if name.startswith("blueprints.")}
        assert ours <= SHARED_IN_BLUEPRINTS, path


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
        "/healthz",
        "/readyz",
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
