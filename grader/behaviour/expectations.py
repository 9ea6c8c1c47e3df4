"""Where a suite's expectations stand, and other texts for them; pure."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import TypeGuard
from unittest import TestCase

from grader.behaviour.edits import Edit, Kind
from grader.behaviour.literals import Literals
from grader.behaviour.reach import (
    Function, leaves, may_return, own, reached,
)

_OPPOSITES = {
    "assertTrue": "assertFalse", "assertIn": "assertNotIn",
    "assertIs": "assertIsNot", "assertIsNone": "assertIsNotNone",
    "assertEqual": "assertNotEqual",
    "assertIsInstance": "assertNotIsInstance",
    "assert_called": "assert_not_called",
    "assert_called_once": "assert_not_called",
}
_OPPOSITES |= {new: old for old, new in _OPPOSITES.items()}
# What unittest compares may stand on either side; the kit's own
# assertions have the expected value first.
_EITHER_SIDE = {name for name in dir(TestCase)
                if name.startswith("assert") and "Raises" not in name}
# The kit's assertions that compare a value; for those of the second line
# one literal for another is enough, too.
_OF_VALUES = {"assertReturns", "assertGot", "assertRows"}
_OF_LITERALS = _OF_VALUES | {"assertReturnsType"}
# For these None stands for the opposite, no error.
_OF_ERRORS = {"assertRaisesOn", "assertLetsThrough"}


def edits(source: str, random: Random) -> dict[str, list[Edit]]:
    """Return what may be spoiled, in random order, by the check it is in.

    What stands outside all checks has the name "". Whether an edit makes
    a check fail is for the model to show. The last resort comes last.
    """
    finder = _Finder(source, random)
    found: dict[str, list[Edit]] = {"": []}
    for node in finder.tree.body:
        if isinstance(node, Function):
            found[""] += finder.edits(node)
        elif isinstance(node, ast.ClassDef):
            for item in filter(_is_function, node.body):
                is_check = item.name.startswith("test_")
                name = f"{node.name}.{item.name}" if is_check else ""
                found.setdefault(name, []).extend(finder.edits(item))
                if is_check and not any(map(may_return, item.body)):
                    found[name].append(finder.end(item))
    for several in found.values():
        several[:] = dict.fromkeys(several)
        random.shuffle(several)
        several.sort(key=lambda edit: edit.kind is Kind.END)
    return found


def _is_function(node: ast.stmt) -> TypeGuard[Function]:
    return isinstance(node, Function)


class _Finder:
    """Finds expectations in one source and other texts for them."""

    def __init__(self, source: str, random: Random) -> None:
        self.tree = ast.parse(source)
        self._literals = Literals(self.tree, random)
        self._lines = [0]
        for line in source.encode().split(b"\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)
        self._source = source.encode()

    def edits(self, function: Function) -> Iterator[Edit]:
        """Yield edits of the expectations that every answer reaches.

        What stands under a condition, or in a loop over what the
        submission gave, may be passed by in an honest answer.
        """
        for block, statement in reached(function.body):
            yield from self._conditions(block, statement)
            for node in own(statement):
                if isinstance(node, ast.Call):
                    yield from self._call(node, function)

    def end(self, function: Function) -> Edit:
        """Return the edit that lets a function fail at its end."""
        last = function.body[-1]
        end = self._end(last)
        return Edit(end, end, f"\n{' ' * last.col_offset}"
                              "raise AssertionError", Kind.END)

    def _call(self, call: ast.Call, function: Function) -> Iterator[Edit]:
        name = getattr(call.func, "attr", "")
        if not name.startswith("assert"):
            return
        if name in _OPPOSITES:
            end = self._end(call.func)
            yield Edit(end - len(name), end, _OPPOSITES[name], _opposed(name))
        if name.startswith("assert_"):
            expected = [*call.args, *(each.value for each in call.keywords)]
        else:
            expected = call.args[:2 if name in _EITHER_SIDE else 1]
        found = [edit for each in expected for edit in self._values(
            each, self._meanings(function))]
        kind = Kind.OTHER if name in _EITHER_SIDE else Kind.VALUE
        yield from (replace(edit, kind=kind) for edit in found)
        if expected and name in _OF_VALUES:
            yield self._replace(expected[0], f"[{self._text(expected[0])}]",
                                Kind.BOXED)
        elif expected and name not in _EITHER_SIDE and not (
                found and name in _OF_LITERALS):
            kind = Kind.OPPOSITE if name in _OF_ERRORS else Kind.OTHER
            yield self._replace(expected[0], "None", kind)

    def _meanings(self, function: Function) -> dict[str, list[ast.expr]]:
        """Return the literals that names in a function may stand for."""
        meanings: dict[str, list[ast.expr]] = {}
        for node in ast.walk(function):
            if isinstance(node, ast.For) and isinstance(
                    node.iter, ast.Tuple | ast.List):
                for row in node.iter.elts:
                    _bind(node.target, row, meanings)
            elif isinstance(node, ast.Assign) and len(node.targets) == 1:
                _bind(node.targets[0], node.value, meanings)
        return meanings

    def _values(self, node: ast.expr,
                meanings: Mapping[str, list[ast.expr]]) -> Iterator[Edit]:
        """Yield edits of the literals in an expression, outside calls."""
        if text := self._literals.other(node):
            yield self._replace(node, text)
        elif isinstance(node, ast.Name):
            for each in meanings.get(node.id, ()):
                yield from self._values(each, {})
        elif not isinstance(node, ast.Call | ast.Lambda | ast.JoinedStr
                            | ast.Subscript | ast.Attribute):
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.expr):
                    yield from self._values(child, meanings)

    def _conditions(self, block: Sequence[ast.stmt],
                    statement: ast.stmt) -> Iterator[Edit]:
        """Yield the edit that negates what decides over a failure."""
        if isinstance(statement, ast.Assert) or isinstance(
                statement, ast.If) and (leaves(statement.body) or (
                    leaves(block) and isinstance(statement.body[-1],
                                                 ast.Return))):
            test = statement.test
            text = self._text(test)
            if isinstance(test, ast.UnaryOp) and isinstance(
                    test.op, ast.Not):
                text = f"({text[3:].lstrip()})"
            else:
                text = f"not ({text})"
            yield self._replace(test, text, Kind.OPPOSITE)

    def _replace(self, node: ast.expr, text: str,
                 kind: Kind = Kind.OTHER) -> Edit:
        # A shorter text would move the lines that come after it.
        start, end = self._start(node), self._end(node)
        lines = self._source[start:end].count(b"\n") - text.count("\n")
        return Edit(start, end, f"({text}{chr(10) * lines})"
                    if lines > 0 else text, kind)

    def _text(self, node: ast.expr) -> str:
        return self._source[self._start(node):self._end(node)].decode()

    def _start(self, node: ast.expr) -> int:
        return self._lines[node.lineno - 1] + node.col_offset

    def _end(self, node: ast.expr | ast.stmt) -> int:
        assert node.end_lineno and node.end_col_offset is not None
        return self._lines[node.end_lineno - 1] + node.end_col_offset


def _opposed(name: str) -> Kind:
    """Return the kind of an opposite; a mock's has a third case."""
    return Kind.OTHER if name.startswith("assert_") else Kind.OPPOSITE


def _bind(target: ast.expr, value: ast.expr,
          meanings: dict[str, list[ast.expr]]) -> None:
    """Note which literal expression a name is bound to."""
    if isinstance(target, ast.Name):
        meanings.setdefault(target.id, []).append(value)
    elif isinstance(target, ast.Tuple) and isinstance(
            value, ast.Tuple | ast.List):
        for one, other in zip(target.elts, value.elts):
            _bind(one, other, meanings)
