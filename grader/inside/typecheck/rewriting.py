"""Rewrites annotations that Python accepts and mypy does not.

`type(None)` becomes None, `R = TypeVar("T")` gets its own name, and a
TypeVar that is made inside an annotation becomes a variable. No line moves,
so that mypy's line numbers stay right.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

_VARIABLE = ("import typing as typing_{name}\n"
             "{name} = typing_{name}.TypeVar('{name}')\n")
# The place of an expression: first line, its column, last line, its column.
# Lines count from 1, columns are bytes of UTF-8 from 0, as in the ast module.
Span = tuple[int, int, int, int]


def rewrite(text: str, tree: ast.Module) -> str:
    """Return the text of a file with such annotations rewritten."""
    # Almost no file has any; then the text is spared the search.
    if "type(" not in text and "TypeVar(" not in text:
        return text
    nones = {target.id for target, value in _assignments(tree)
             if _is_type_none(value)}
    edits: dict[Span, str] = {}
    made = set()
    for target, value in _assignments(tree):
        word = _type_variable(value)
        if word is not None and word.value != target.id:
            edits[span_of(word)] = repr(target.id)
    for node in (part for typ in _types(tree) for part in ast.walk(typ)):
        if _is_type_none(node) \
                or isinstance(node, ast.Name) and node.id in nones:
            edits[span_of(node)] = "None"
        elif (word := _type_variable(node)) is not None:
            name = f"{word.value!s}_inline"
            made.add(name)
            edits[span_of(node)] = name
    tail = "".join(_VARIABLE.format(name=name) for name in sorted(made))
    return apply_edits(text, edits) + ("\n" + tail if tail else "")


def _assignments(tree: ast.Module) -> Iterator[tuple[ast.Name, ast.expr]]:
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name() as target], value=value):
                yield target, value


def _types(tree: ast.Module) -> Iterator[ast.expr]:
    """Yield the expressions that stand for types."""
    for node in ast.walk(tree):
        match node:
            case (ast.arg(annotation=ast.expr() as found)
                  | ast.AnnAssign(annotation=found)
                  | ast.FunctionDef(returns=ast.expr() as found)
                  | ast.AsyncFunctionDef(returns=ast.expr() as found)
                  | ast.Subscript(slice=found)):
                yield found


def _is_type_none(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Name(id="type"),
                      args=[ast.Constant(value=None)], keywords=[]):
            return True
    return False


def _type_variable(node: ast.AST) -> ast.Constant | None:
    """Return the node of the name in a call of TypeVar, None for others."""
    match node:
        case ast.Call(
                func=ast.Name(id="TypeVar") | ast.Attribute(attr="TypeVar"),
                args=[ast.Constant(value=str(word)) as found, *_]) \
                if word.isidentifier():
            return found
    return None


def span_of(node: ast.AST) -> Span:
    """Return the place of an expression or statement."""
    assert isinstance(node, (ast.expr, ast.stmt))
    assert node.end_lineno and node.end_col_offset
    return (node.lineno, node.col_offset, node.end_lineno,
            node.end_col_offset)


def apply_edits(text: str, edits: dict[Span, str]) -> str:
    """Return the text with other source in the given places.

    An edit within the place of an earlier one is dropped. Where new source
    has fewer lines than the old, empty lines make up for them.
    """
    lines = text.encode().split(b"\n")
    done: Span | None = None
    for span in sorted(edits):
        if done and span[:2] < done[2:]:
            del edits[span]
        else:
            done = span
    # From the end, so that the places before it stay right.
    for span in sorted(edits, reverse=True):
        row, start, end_row, end = span
        rest = lines[end_row - 1][end:]
        lines[row - 1] = (lines[row - 1][:start] + edits[span].encode())
        if end_row == row:
            lines[row - 1] += rest
        else:
            lines[row:end_row] = [b""] * (end_row - row - 1) + [rest]
    return b"\n".join(lines).decode()
