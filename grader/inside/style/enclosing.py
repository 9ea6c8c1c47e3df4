"""Finds the class or method that a line of a file belongs to."""

from __future__ import annotations

import ast
from functools import lru_cache

from grader.inside import prototype
from grader.inside.prototype import Function

# Missing blank lines before a class are reported at the class, but lie between
# it and its neighbour; two others concern the end of the file.
_BETWEEN = ("E302", "E305", "W292", "W391")


def definition_at(tree: ast.Module, line: int, code: str = "") -> str | None:
    """Return "Class" or "Class.method", None for the module itself.

    `code` is the code of pycodestyle if the line is that of a finding.
    """
    if code in _BETWEEN:
        return None
    found = [name for first, last, name in _spans(tree)
             if first <= line <= last]
    return found[-1] if found else None


@lru_cache(maxsize=4)
def _spans(tree: ast.Module) -> list[tuple[int, int, str]]:
    """Return first line, last line and name, each class before its methods.
    """
    spans = []
    for node in prototype.statements(tree.body):
        if isinstance(node, ast.ClassDef):
            spans.append((*_lines(node), node.name))
            spans += [(*_lines(inner), f"{node.name}.{inner.name}")
                      for inner in node.body if isinstance(inner, Function)]
    return spans


def _lines(node: Function | ast.ClassDef) -> tuple[int, int]:
    first = min(each.lineno for each in (node, *node.decorator_list))
    return first, node.end_lineno or node.lineno
