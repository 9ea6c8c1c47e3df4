"""Other literals for those that a suite expects; pure."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Sequence
from random import Random

_TYPES = ("int", "str", "float", "list", "dict", "tuple", "set", "bytes")
_ERRORS = ("BufferError", "ZeroDivisionError", "UnicodeError")
_EMPTY = {ast.List: "[0]", ast.Tuple: "(0,)", ast.Dict: "{0: 0}"}
_LONGEST = 60


class Literals:
    """Draws another literal of the same kind; texts from the suite's own.
    """

    def __init__(self, tree: ast.Module, random: Random) -> None:
        self._random = random
        self._strings = sorted({
            node.value for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and type(node.value) is str
            and len(node.value) < _LONGEST and "\n" not in node.value})

    def other(self, node: ast.expr) -> str | None:
        """Return another text for a literal, None if it is not one."""
        if isinstance(node, ast.Constant):
            return self._constant(node.value)
        if isinstance(node, ast.Name):
            if node.id in _TYPES:
                return self._different(_TYPES, node.id)
            kind = getattr(builtins, node.id, None)
            if isinstance(kind, type) and issubclass(kind, BaseException):
                return self._different(_ERRORS, node.id)
        if not next(ast.iter_child_nodes(node), None) or getattr(
                node, "elts", None) == []:
            return _EMPTY.get(type(node))
        return None

    def _constant(self, value: object) -> str | None:
        if isinstance(value, bool):
            return str(not value)
        if isinstance(value, (int, float)):
            other = self._random.choice((1, 2, 3, 7)) + abs(value)
            return repr(other if value >= 0 else -value)
        if isinstance(value, str):
            return repr(self._different(self._strings, value) or value + "s")
        return repr(b"other") if isinstance(value, bytes) else (
            "0" if value is None else None)

    def _different(self, values: Sequence[str], value: str) -> str:
        others = [each for each in values if each != value]
        return self._random.choice(others) if others else ""
