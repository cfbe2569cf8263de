"""What Babel collects from ``transfer/``: marked messages, and every sentence about a file.

What is wrong with a file is said where it is found, in English, as an f-string; plans, results and
the API keep it so. The message collected for ``f"{header}: “{cell}” is not a number."`` is
``“{1}” is not a number.``; ``sentences.py`` finds it again in what was said.
"""

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from typing import IO, TYPE_CHECKING

from babel.messages.extract import extract_python

if TYPE_CHECKING:
    from babel.messages.extract import _Keyword, _PyOptions

SAID = {"BadCell", "BadFile", "BadFilter", "NoType", "NotFetched", "_too_much"}
"""What is raised with words that a merchant reads, whether or not they are a whole sentence."""
REASONS = {"beyond"}
"""Functions whose answer is a part of a sentence."""
UNSAID = {"ValueError", "LookupError", "AssertionError", "TypeError"}
LOGGED = {"debug", "info", "warning", "error", "exception"}
PLACES = {"where", "_where"}
"""Functions that say in which row something stands, or nothing."""
VALUE = "\0"
FILLED_IN = re.compile(r"\{(:,)?\}")
BEFORE = re.compile(f"{VALUE}(?:: | (?=[A-Z])|$)|(?:[A-Z]\\w*(?: [A-Z]\\w*)*: )+(?=[a-z“{VALUE}])")
"""What stands before a sentence: a value, or a code or header as it is in English."""
QUERY = re.compile(r"(query|mutation|SELECT|INSERT|CREATE)\b")


def extract(
    file: IO[bytes],
    keywords: "Mapping[str, _Keyword]",
    comment_tags: Collection[str],
    options: "_PyOptions",
) -> Iterator[tuple[object, ...]]:
    """Babel's own messages of a Python file, and its sentences: line, function, text, comments."""
    yield from extract_python(file, keywords, comment_tags, options)
    file.seek(0)
    for line, text in sentences(file.read().decode()):
        yield line, "gettext", text, []


def sentences(source: str) -> Iterator[tuple[int, str]]:
    """The sentences of a module with their lines, each value in them a number in braces."""
    module = ast.parse(source)
    constants = {
        target.id: node.value.value
        for node in module.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name) and isinstance(node.value.value, str)
    }
    unsaid, said = _unsaid(module), _said(module)
    for node in ast.walk(module):
        if id(node) in unsaid or not isinstance(node, ast.Constant | ast.JoinedStr):
            continue
        for form in _forms(node, constants):
            text = _bare(form)
            whole = text.count(" ") > 1 and text[-1] in ".?" and not QUERY.match(text)
            if (whole or id(node) in said) and re.search("[a-z]{2}", text):
                yield node.lineno, _numbered(text)


def _unsaid(module: ast.Module) -> set[int]:
    """Parts of the module whose strings nobody reads: its docstrings, what goes to the log, what a
    program says to a programmer, and the inside of other strings."""
    found: set[int] = set()
    for node in ast.walk(module):
        inside: list[ast.AST] = []
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            inside = [node.value]
        elif isinstance(node, ast.JoinedStr):
            inside = [part for value in node.values for part in ast.walk(value)]
        elif isinstance(node, ast.Call):
            logs = isinstance(node.func, ast.Attribute) and node.func.attr in LOGGED
            inside = list(ast.walk(node)) if logs or _name(node) in UNSAID else []
        found |= {id(part) for part in inside}
    return found


def _said(module: ast.Module) -> set[int]:
    """The strings that are an argument of what is raised for a merchant, or a reason in it."""
    calls = [node for node in ast.walk(module) if isinstance(node, ast.Call)]
    reasons = [
        node.value
        for function in ast.walk(module)
        if isinstance(function, ast.FunctionDef) and function.name in REASONS
        for node in ast.walk(function)
        if isinstance(node, ast.Return)
    ]
    return {id(value) for node in calls if _name(node) in SAID for value in node.args} | {
        id(value) for value in reasons
    }


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def _forms(node: ast.Constant | ast.JoinedStr, constants: Mapping[str, str]) -> list[str]:
    """A string with VALUE for each value; several where a part of it is one word or another."""
    if isinstance(node, ast.Constant):
        text = node.value if isinstance(node.value, str) and "\n" not in node.value else ""
        return [FILLED_IN.sub(VALUE, text)]
    forms = [""]
    for part in node.values:
        forms = [form + one for form in forms for one in _part(part, constants)]
    return forms


def _part(part: ast.expr, constants: Mapping[str, str]) -> list[str]:
    """What may stand for one part of an f-string."""
    if isinstance(part, ast.Constant) and isinstance(part.value, str):
        return [FILLED_IN.sub(VALUE, part.value)]
    match part.value if isinstance(part, ast.FormattedValue) else part:
        case ast.Name(id=name) if name in constants:
            return [constants[name]]
        case ast.IfExp(body=ast.Constant(value=str(one)), orelse=ast.Constant(value=str(other))):
            return [one, other]
        case ast.Call(func=ast.Name(id="counted"), args=[_, ast.Constant(value=str(word))]):
            return [f"{VALUE} {word}", f"{VALUE} {word}s"]
        case ast.Call() as call if _name(call) in PLACES:
            return [""]
        case _:
            return [VALUE]


def _bare(text: str) -> str:
    """A sentence without what stands before it; two values side by side are one."""
    text = re.sub(f"{VALUE}+", VALUE, text.strip())
    while before := BEFORE.match(text):
        text = text[before.end() :]
    return text


def _numbered(text: str) -> str:
    first, *others = text.split(VALUE)
    return first + "".join(f"{{{n}}}{part}" for n, part in enumerate(others, 1))
