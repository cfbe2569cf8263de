"""The documents keep up with the code: nothing is missing from them, and no link leads nowhere."""

import ast
import re
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import pytest
from prometheus_client import REGISTRY

from blueprints.api.openapi_paths import DESCRIPTIONS, SCHEMAS
from blueprints.errors import CODES
from config import Settings
from jobs.gauges import gauges
from models.key_format import generate
from standin.misbehave import KINDS
from tests.written_words import written
from transfer.permissions import PRESETS
from transfer.rows.columns import bound_columns
from transfer.types import ALL

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("*/README.md")])
PLACES = {
    "locations": "<location>",
    "catalogs": "<catalog>",
    "channels": "<channel>",
    "dated_channels": "<channel>",
    "order_status_url": "Order Status URL",
}
DEFINITION, UNDEFINED = "<definition>", "<undefined>"
MOVED = [kind for kind in ALL if kind.sheets]
PRINT_CLI = """
import {COMMANDS, GLOBAL} from './cli/src/commands/index.js';
import {ENVIRONMENT} from './cli/src/help.js';
import {EXPORT_ONLY, TYPES} from './cli/src/types.js';
const options = (of) => Object.keys(of);
const commands = Object.entries(COMMANDS).map(([name, {usage, options: own}]) =>
  ({name, usage, options: options(own)}));
console.log(JSON.stringify({commands, options: options(GLOBAL), environment: options(ENVIRONMENT),
  types: options(TYPES), exportOnly: EXPORT_ONLY}));
"""


@cache
def text(name):
    return (ROOT / name).read_text()


@cache
def cli():
    """The command line's own tables."""
    command = ["node", "--input-type=module", "--eval", PRINT_CLI]
    return orjson.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout)


def section(name, heading):
    """The part of a document under a heading of the second level."""
    return text(name).split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]


def tables(part):
    """The tables of a part, each a list of rows of cells, header and line below it left out."""
    found = re.findall(r"(?:^\|.*\n)+", part, re.MULTILINE)
    return [
        [[c.strip() for c in line.strip("|").split(" | ")] for line in table.splitlines()[2:]]
        for table in found
    ]


def test_every_command_and_flag_is_in_the_command_lines_guide():
    guide = text("docs/command-line.md")
    for command in cli()["commands"]:
        usage = f"altera {command['name']} {command['usage']}".strip()
        heading = f"### `{usage}`\n"
        assert heading in guide
        about = guide.split(heading, 1)[1].split("\n##", 1)[0]
        assert [flag for flag in command["options"] if f"`--{flag}" not in about] == []
    assert [flag for flag in cli()["options"] if f"| `--{flag}" not in guide] == []
    assert [name for name in cli()["environment"] if f"| `{name}` |" not in guide] == []
    assert [name for name in cli()["types"] if f"`{name}`" not in guide] == []


def test_the_guide_has_no_command_that_does_not_exist():
    named = re.findall(r"### `altera (\w+(?: \w+)?)", text("docs/command-line.md"))
    assert named == [command["name"] for command in cli()["commands"]]


def test_the_command_line_knows_the_types_of_the_registry():
    assert cli()["types"] == [kind.name for kind in ALL]
    assert cli()["exportOnly"] == [kind.name for kind in ALL if not kind.importable]


def routes(application):
    """Method and path of every call of the API, ids written as OpenAPI does."""
    return {
        f"{method} {re.sub(r'<.*?>', '{id}', rule.rule).removeprefix('/api/v1')}"
        for rule in application.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }


def test_every_call_is_in_the_guide_and_in_openapi_and_no_other(application):
    described = {
        f"{method.upper()} {path}"
        for path, operations in DESCRIPTIONS.items()
        for method in operations
        if method != "parameters"
    }
    [calls, *_] = tables(section("docs/api.md", "Calls"))
    assert routes(application) == described == {call.strip("`") for call, _ in calls}


def missing(schema, value, place=""):
    """The fields that an example lacks, or has and the schema does not, by their place."""
    fields = schema.get("properties", {})
    if not fields or not isinstance(value, dict):
        return []
    wrong = sorted((set(schema["required"]) - set(value)) | (set(value) - set(fields)))
    below = (
        missing(fields[name], value[name], f"{place}{name}.") for name in fields if name in value
    )
    return [f"{place}{name}" for name in wrong] + [name for names in below for name in names]


def test_the_answers_in_the_guide_have_the_fields_that_openapi_describes():
    found = [
        orjson.loads(b) for b in re.findall(r"```json\n(.*?)```", text("docs/api.md"), re.DOTALL)
    ]
    by_type = {
        "Key": next(one for one in found if "preview" in one),
        "Export": next(one for one in found if one.get("id", "").startswith("exp_")),
        "Import": next(one for one in found if one.get("id", "").startswith("imp_")),
    }
    assert {name: missing(SCHEMAS[name], one) for name, one in by_type.items()} == {
        name: [] for name in by_type
    }


def raised_codes():
    """Every code that a Problem is raised with."""
    yield from (code for code, _ in CODES.values())
    for path in (ROOT / "blueprints").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or getattr(node.func, "id", "") != "Problem":
                continue
            if isinstance(node.args[1], ast.Constant):
                yield node.args[1].value


def test_every_problem_code_is_in_the_guide_and_no_other():
    [codes] = tables(section("docs/api.md", "Errors"))
    assert {code.strip("`") for code, *_ in codes} == set(raised_codes())


def test_every_file_code_is_in_the_guide():
    used = set()
    for path in (ROOT / "transfer").rglob("*.py"):
        used |= set(re.findall(r"ALYS\d{3}(?=:)", path.read_text()))
    assert used == set(re.findall(r"^\| (ALYS\d{3}) \|", text("docs/api.md"), re.MULTILINE))


def test_the_guides_check_of_a_key_accepts_our_keys_and_no_mistyped_one():
    [code] = re.findall(r"```python\n(.*?)```", text("docs/api.md"), re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)
    key = generate()
    assert names["looks_like_a_key"](key)
    assert not names["looks_like_a_key"](key[:-1] + ("a" if key[-1] != "a" else "b"))
    assert re.fullmatch(r"\baltera_[0-9A-Za-z]{46}\b", key)


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.name)
def test_every_type_is_in_the_guides(kind):
    row = f"| {kind.label} | {kind.about} | {'' if kind.importable else 'export only '}|"
    assert row in text("docs/merchants.md")
    exported = "yes" if kind.sheets else "not yet"
    imported = "yes" if kind.writing else "not yet"
    if not kind.importable:
        imported = "never: export only"
    row = f"| {kind.label} | `{kind.name}` | {kind.about} | {exported} | {imported} |"
    assert row in text("docs/data-types.md")


def headers(sheet):
    """The headers of a sheet, with a word in angle brackets for what each store names itself."""
    for bound in bound_columns(sheet):
        unnamed = UNDEFINED if bound.repeated_for.endswith("/undefined") else DEFINITION
        yield bound.header.replace("{}", PLACES.get(bound.repeated_for, unnamed))


@pytest.mark.parametrize("kind", MOVED, ids=lambda kind: kind.name)
def test_columns_and_filters_are_documented_in_their_order(kind):
    *columns, filters = tables(section("docs/data-types.md", kind.label))
    documented = [[row[0].strip("`") for row in table] for table in columns]
    assert documented == [list(headers(sheet)) for sheet in kind.sheets]
    named = [(row[0].strip("`"), row[1].partition(":")[0]) for row in filters]
    assert named == [(f.name, f.form) for f in kind.filters]


@pytest.mark.parametrize("kind", [k for k in MOVED if k.writing], ids=lambda kind: kind.name)
def test_the_guide_says_what_an_import_writes(kind):
    *documented, _ = tables(section("docs/data-types.md", kind.label))
    for table, sheet in zip(documented, kind.sheets, strict=True):
        assert [row[-1] for row in table] == [written(kind, b) for b in bound_columns(sheet)]


def test_the_scenarios_are_in_the_merchants_guide():
    assert [
        label for label, _ in PRESETS.values() if f"**{label}**" not in text("docs/merchants.md")
    ] == []


def test_every_setting_is_in_the_operators_guide_and_in_the_example():
    [named] = tables(section("docs/operate.md", "Settings"))
    settings = set(Settings.model_fields)
    assert {row[0].strip("`") for row in named} == settings
    assert set(re.findall(r"^([A-Z_]+)=", text(".env.example"), re.MULTILINE)) == settings


def test_the_stand_ins_settings_and_misbehaviours_are_documented():
    read = set(re.findall(r'"([A-Z_]{4,})"', text("standin/config.py")))
    assert [name for name in read if f"`{name}`" not in text("standin/README.md")] == []
    assert [kind for kind in KINDS if f'`{{"{kind}": ' not in text("docs/standin.md")] == []


def test_every_command_of_the_operator_is_in_the_operators_guide(application):
    [commands] = tables(section("docs/operate.md", "Commands"))
    own = {
        name for name in application.cli.commands if name not in ("db", "routes", "run", "shell")
    }
    assert {row[0].strip("`") for row in commands} == own | {"db upgrade"}


def test_every_metric_is_in_the_operators_guide_and_no_other(application):
    metrics, *_ = tables(section("docs/operate.md", "Watching it"))
    named = {name for row in metrics for name in re.findall(r"`(\w+)`", row[0])}
    shown = {name for name, *_ in gauges()}
    counted = {
        "altera_calls_seconds",
        "altera_shopify_seconds",
        "altera_shopify_waited_seconds_total",
    }
    assert named == shown | counted
    registered = {family.name for family in REGISTRY.collect() if family.name.startswith("altera")}
    assert registered == {name.removesuffix("_total") for name in counted}


def test_every_make_target_is_in_the_readme():
    targets = re.findall(r"^([a-z-]+):.*## ", text("Makefile"), re.MULTILINE)
    [commands] = tables(section("README.md", "Commands"))
    assert {row[0].strip("`") for row in commands} == {f"make {target}" for target in targets}


def anchors(path):
    """The fragments that a document's headings can be reached by."""
    for heading in re.findall(r"^#+ (.*)$", path.read_text(), re.MULTILINE):
        yield re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(path):
    for link in re.findall(r"\]\((?!https?:)([^)]+)\)", path.read_text()):
        file, _, anchor = link.partition("#")
        target = (path.parent / file) if file else path
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_every_fault_names_its_test():
    [faults] = tables(section("docs/operate.md", "What happens when"))
    tests = "".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    named = [re.findall(r"`(test_\w+)`", row[-1]) for row in faults]
    assert all(named)
    assert [name for names in named for name in names if f"def {name}(" not in tests] == []
