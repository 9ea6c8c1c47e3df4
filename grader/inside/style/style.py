"""The job "style": judges shebang, docstrings and pycodestyle's findings.

It runs inside the wall. It parses the learner's files and never runs them.
"""

from __future__ import annotations

import ast
import base64
import codecs
from collections.abc import Iterator, Sequence
from typing import Any

from grader.inside import prototype
from grader.inside.prototype import Function
from grader.inside.source import Broken, parse, read
from grader.inside.style import pep8, enclosing
from grader.inside.toolfailure import Failure, failure

SHEBANG = "#!/usr/bin/env python3"
# Every rule that can fail, in the words of the statements: a test makes sure
# that each folder that demands style states it.
RULES = {
    "readable": "the file is UTF-8 text of at most 256 KiB that Python can "
                "read",
    "shebang": "first line is `#!/usr/bin/env python3`",
    "pycodestyle": "`pycodestyle` has no complaint (`# noqa` does not help)",
    "docstring": "the module, each class, method and function begins with a "
                 "docstring",
    "words": "of more than one word",
    "code": "Code in a string, for `exec`, fails",
}
_MAX_FAILURES = 20
# From this character on (Thai) there are scripts without blanks between
# words, where one "word" may be a sentence.
_NO_BLANKS = "\u0e00"
# Decorators of definitions that share the docstring of another one.
_SHARING = {"overload", "setter", "deleter"}


def run(request: dict[str, Any]) -> dict[str, Any]:
    """Judge request["files"]; return {"files": entries by id}.

    An entry has "failures" and "advice". The "call" of a failure is the
    class or method that it lies in, None for the module.
    """
    return {"files": {entry["id"]: _judge(entry)
                      for entry in request["files"]}}


def _judge(entry: dict[str, Any]) -> dict[str, Any]:
    advice = list(_advice(entry))
    try:
        text = read(entry["source"])
        tree = parse(text)
    except Broken as error:
        wrong = _fails("readable", error.message, error.line,
                       cause=error.cause)
        return {"failures": [wrong], "advice": advice}
    nodes = list(ast.walk(tree))
    advice += _evaluated(nodes)
    slips = pep8.slips(text)
    advice += [f"{slip.sentence()}: newer versions of pycodestyle complain "
               "of it" for slip in slips if slip.is_later]
    first = _shebang(text) if entry.get("program", True) else ()
    failures = [*first, *_docstrings(tree), *_executed(tree, nodes),
                *(_fails("pycodestyle", slip.sentence(), slip.line,
                         call=enclosing.definition_at(tree, slip.line,
                                                      slip.code))
                  for slip in slips if not slip.is_later)]
    return {"failures": list(_some(failures)), "advice": advice}


def _some(failures: Sequence[Failure]) -> Iterator[Failure]:
    """Yield the first failures, and the first of each class and method.

    Several tasks may share a file, each with methods of its own, so none
    must be left without its failures. The grader sorts them outside.
    """
    known = set()
    for number, each in enumerate(failures):
        if number < _MAX_FAILURES or each["call"] not in known:
            yield each
        known.add(each["call"])


def _fails(rule: str, message: str, line: int | None = None,
           **parts: str | None) -> Failure:
    """Return a failure by a rule of RULES."""
    assert rule in RULES, rule
    return failure(message, line, **parts)  # type: ignore[arg-type]


def _advice(entry: dict[str, Any]) -> Iterator[str]:
    """Yield advice on line ends, byte order mark and the exec bit."""
    data = base64.b64decode(entry["source"])
    if b"\r" in data:
        yield ("the lines end as on Windows (CRLF): ./ cannot run such a "
               "file on Linux")
    if data.startswith(codecs.BOM_UTF8):
        yield ("the file starts with an invisible byte order mark: ./ "
               "cannot run it")
    if entry.get("program", True) and entry.get("executable") is False:
        yield "the file is not executable: chmod u+x sets that right"


def _shebang(text: str) -> Iterator[Failure]:
    # Blanks after it are pycodestyle's to report.
    first = text.partition("\n")[0].rstrip()
    if first != SHEBANG:
        yield _fails("shebang", f"the first line should be {SHEBANG}", 1,
                     expected=SHEBANG, got=first[:100])


def _docstrings(tree: ast.Module) -> Iterator[Failure]:
    yield from _docstring(tree, "the module", None)
    for node in prototype.statements(tree.body):
        if isinstance(node, Function):
            yield from _of_function(node, f"function {node.name}", None)
        elif isinstance(node, ast.ClassDef) and _is_public(node.name):
            yield from _docstring(node, f"class {node.name}", node.name)
            for inner in node.body:
                if isinstance(inner, Function):
                    place = f"{node.name}.{inner.name}"
                    yield from _of_function(inner, f"method {place}", place)


def _of_function(node: Function, what: str,
                 place: str | None) -> Iterator[Failure]:
    if _is_public(node.name) and not prototype.decorators(node) & _SHARING:
        yield from _docstring(node, what, place)


def _docstring(node: Function | ast.ClassDef | ast.Module, what: str,
               place: str | None) -> Iterator[Failure]:
    """Judge the docstring of a definition, or of the module.

    `what` names it in messages, `place` is the "call" of failures.
    """
    line = 1 if isinstance(node, ast.Module) else node.lineno
    text = ast.get_docstring(node, clean=False) or ""
    words = text.split()
    if not words:
        yield _fails("docstring", f"{what} has no docstring{_late(node)}",
                     line, call=place)
        return
    wrong = ("and has no letter" if not any(map(str.isalpha, text)) else
             "not one word" if len(words) == 1
             and max(words[0]) < _NO_BLANKS else None)
    if wrong:
        yield _fails("words", f"the docstring of {what} should be a "
                     f"sentence, {wrong}", node.body[0].lineno,
                     got=words[0][:100], call=place)


def _executed(tree: ast.Module,
              nodes: Sequence[ast.AST]) -> Iterator[Failure]:
    """Yield failures for code that the file has as a string, and runs.

    No rule of style could be applied to such code.
    """
    lines = {*_calls_with_text(nodes, "exec"),
             *_calls_with_text(nodes, "compile"),
             *_other_names(nodes, "exec")}
    for line in sorted(lines):
        yield _fails("code", f"line {line}: code in a text escapes the "
                     "style checker: write it as code", line,
                     call=enclosing.definition_at(tree, line))


def _evaluated(nodes: Sequence[ast.AST]) -> Iterator[str]:
    for line in _calls_with_text(nodes, "eval"):
        yield (f"line {line}: what eval works out from a text is better "
               "written as code")


def _calls_with_text(nodes: Sequence[ast.AST], name: str) -> Iterator[int]:
    """Yield the lines where a builtin is called with a string of the file.

    A string that is read from another file does not count: learners read
    a sibling that way whose name, such as 0-main.py, cannot be imported.
    """
    calls = [node for node in nodes if isinstance(node, ast.Call)
             and node.args and _is_builtin(node.func, name)]
    # Few files have any, and the variables take longer to find.
    named = {target.id for node in nodes
             if isinstance(node, ast.Assign) and _has_text(node.value, set())
             for target in node.targets if isinstance(target, ast.Name)
             } if calls else set()
    yield from (call.lineno for call in calls
                if _has_text(call.args[0], named))


def _other_names(nodes: Sequence[ast.AST], name: str) -> Iterator[int]:
    """Yield the lines that give a builtin another name."""
    for node in nodes:
        match node:
            case ast.Assign(value=value) if _is_builtin(value, name):
                yield node.lineno
            case ast.ImportFrom(module="builtins", names=names):
                if any(each.name == name for each in names):
                    yield node.lineno


def _is_builtin(node: ast.expr, name: str) -> bool:
    match node:
        case ast.Name(id=found) | ast.Attribute(
                value=ast.Name(id="builtins" | "__builtins__"), attr=found):
            return found == name
    return False


def _has_text(node: ast.expr, named: set[str]) -> bool:
    """Return whether an expression has a string in it, and reads no file.

    `named` are variables that hold such a string.
    """
    parts = list(ast.walk(node))
    names = {getattr(each, "id", getattr(each, "attr", "")) for each in parts}
    is_text = bool(names & named) or any(
        isinstance(each, ast.Constant)
        and isinstance(each.value, (str, bytes)) for each in parts)
    return is_text and not names & {"open", "read", "read_text"}


def _late(node: Function | ast.ClassDef | ast.Module) -> str:
    """Return a remark on a string that comes too late to be a docstring."""
    lines = [each.lineno for each in node.body[1:]
             if isinstance(each, ast.Expr)
             and isinstance(each.value, ast.Constant)
             and isinstance(each.value.value, str)]
    return (f": the text in line {lines[0]} does not come first"
            if lines else "")


def _is_public(name: str) -> bool:
    return not name.startswith("_")
