"""Compares a learner's answer with the model, without mere formatting."""

from __future__ import annotations

import ast
import difflib
import io
import re
import tokenize
from collections.abc import Iterator, Sequence

from grader.library.library import Task
from grader.parsing import parse

_SINGLE = re.compile(r"""([A-Za-z]*)('''|')([^'"\\]*)\2""")
_OPENS, _CLOSES = ("FSTRING_START", "TSTRING_START"), (
    "FSTRING_END", "TSTRING_END")
_CONTEXT = 3


def normalised(source: str) -> list[str]:
    """Return the lines of a source as one formatter would leave them.

    Blank lines, spaces at the ends of lines and the kind of quotes are a
    matter of taste; comments and everything else stay.
    """
    lines = [line.expandtabs(4).rstrip() for line in
             _requoted(source.lstrip("\ufeff")).splitlines()]
    return [line for at, line in enumerate(lines)
            if line or at and lines[at - 1] and any(lines[at:])]


def difference(own: str, model: str) -> list[str]:
    """Return what changes `own` into the model, as lines of a diff.

    There are none where they are the same but for formatting.
    """
    return [line for line in difflib.unified_diff(
        normalised(own), normalised(model), n=_CONTEXT, lineterm="")
        if not line.startswith(("---", "+++"))]


def _requoted(source: str) -> str:
    """Write single quotes as double ones, where that changes no more."""
    lines = source.splitlines(keepends=True)
    for (row, start), (last, end) in reversed(_strings(source)):
        text = "".join(lines[row - 1:last])
        rest = len(lines[last - 1]) - end
        found = _SINGLE.fullmatch(text, start, len(text) - rest)
        if found:
            mark = '"' * len(found[2])
            new = f"{text[:start]}{found[1]}{mark}{found[3]}{mark}"
            lines[row - 1:last] = (new + text[len(text) - rest:]).splitlines(
                keepends=True)
    return "".join(lines)


_Place = tuple[int, int]


def _strings(source: str) -> list[tuple[_Place, _Place]]:
    """Return where texts begin and end; none in what Python cannot read."""
    found: list[tuple[_Place, _Place]] = []
    opened: list[_Place] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            name = tokenize.tok_name[token.type]
            if name in _OPENS:
                opened.append(token.start)
            elif name in _CLOSES:
                start = opened.pop()
                if not opened:
                    found.append((start, token.end))
            elif name == "STRING" and not opened:
                found.append((token.start, token.end))
    except (tokenize.TokenError, SyntaxError):
        return []
    return found


def excerpt(source: str, task: Task, mates: Sequence[Task]) -> str:
    """Return a source without the parts for other tasks of its file.

    A source that Python cannot read stays as it is.
    """
    try:
        tree = parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return source
    others = {name for mate in mates if mate.file == task.file
              and mate.number != task.number for name in mate.methods}
    lines = source.splitlines(keepends=True)
    for first, last in sorted(_of_others(tree, {*task.methods}, others),
                              reverse=True):
        while last < len(lines) and not lines[last].strip():
            last += 1
        del lines[first - 1:last]
    return "".join(lines)


def _of_others(tree: ast.Module, own: set[str],
               others: set[str]) -> Iterator[tuple[int, int]]:
    """Yield the first and the last line of what is another task's only."""
    own_classes = {name.partition(".")[0] for name in own}
    for node in tree.body:
        if not isinstance(node, ast.ClassDef):
            continue
        if node.name not in own_classes:
            if any(name.partition(".")[0] == node.name for name in others):
                yield _lines(node)
            continue
        for inner in node.body:
            if isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef)) and (
                    f"{node.name}.{inner.name}" in others - own):
                yield _lines(inner)


def _lines(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
           ) -> tuple[int, int]:
    first = min([node.lineno, *(each.lineno
                                for each in node.decorator_list)])
    return first, node.end_lineno or first
