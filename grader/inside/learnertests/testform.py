"""Tells by syntax whether a test method has the form that a task asks for.

Such as a decorator, a with block, or a body of two lines.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from grader.inside.source import Broken, encode, parse, read


Method = ast.FunctionDef | ast.AsyncFunctionDef


class Place(NamedTuple):
    """A class, and one of its methods if the rules are about that.

    `is_hidden` means that a later class of the same name replaces it.
    """

    kind: ast.ClassDef
    method: Method | None
    is_hidden: bool


Rule = Callable[[Place], bool]


def absent(file: str, wanted: Mapping[str, Sequence[str]]
           ) -> dict[str, list[str]]:
    """Return the rules that a file breaks, by place.

    `wanted` maps "Class" or "Class.method" to rules. A rule is a name in
    RULES, or a text in quotes that must be a string of the file. A place
    that is missing, or a file that cannot be read, breaks no rule of form.
    """
    try:
        tree = parse(read(encode(Path(file).read_bytes())))
    except (Broken, OSError):
        return {}
    texts = {node.value for node in ast.walk(tree)
             if isinstance(node, ast.Constant)}
    return {place: [rule for rule in rules if not (
                rule[1:-1] in texts if rule.startswith("'")
                else RULES[rule](found))]
            for place, rules in wanted.items()
            if (found := _find(tree, place)) is not None}


def _find(tree: ast.Module, place: str) -> Place | None:
    """Return the last class of that name that has the method, or None."""
    name, _, method = place.partition(".")
    kinds = [node for node in tree.body
             if isinstance(node, ast.ClassDef) and node.name == name]
    for kind in reversed(kinds):
        if not method:
            return Place(kind, None, False)
        for item in kind.body:
            if isinstance(item, Method) and item.name == method:
                return Place(kind, item, kind is not kinds[-1])
    return None


def _decorated(nodes: Iterable[ast.AST], word: str) -> bool:
    return any(word in ast.unparse(node) for node in nodes)


def _calls(decorator: ast.expr) -> ast.expr:
    """Return a decorator without the arguments that it is called with."""
    return decorator.func if isinstance(decorator, ast.Call) else decorator


def _names(method: Method | ast.ClassDef | None) -> list[ast.expr]:
    return [_calls(each) for each in method.decorator_list] if method else []


def _with(method: Method | None, word: str) -> bool:
    return method is not None and any(
        _decorated((item.context_expr for item in node.items), word)
        for node in ast.walk(method)
        if isinstance(node, (ast.With, ast.AsyncWith)))


def _statements(method: Method | None) -> int:
    """Return the number of statements in a method, at every depth.

    The docstring is not counted.
    """
    if method is None:
        return 0
    body = method.body[1:] if ast.get_docstring(method) else method.body
    return sum(isinstance(node, ast.stmt)
               for statement in body for node in ast.walk(statement))


def _compares(method: Method | None) -> bool:
    """Return whether a test has an assertion that is not a mock's."""
    return any(isinstance(node, ast.Assert)
               or isinstance(node, ast.Call)
               and ast.unparse(node.func).startswith("self.assert")
               for node in (ast.walk(method) if method else ()))


RULES: dict[str, Rule] = {
    "expand": lambda at: _decorated(_names(at.method), "expand"),
    "two_lines": lambda at: _statements(at.method) <= 2,
    "raises_with": lambda at: _with(at.method, "assertRaises"),
    "patch_decorator": lambda at: _decorated(
        _names(at.method) + _names(at.kind), "patch"),
    "patch_with": lambda at: _with(at.method, "patch"),
    "class_inside": lambda at: at.method is not None and any(
        isinstance(node, ast.ClassDef) for node in ast.walk(at.method)),
    "parameterized_class": lambda at: _decorated(
        _names(at.kind), "parameterized_class"),
    "assert_statement": lambda at: at.method is not None and any(
        isinstance(node, (ast.Assert, ast.Raise))
        for node in ast.walk(at.method)),
    "compares": lambda at: _compares(at.method),
    "one_class": lambda at: not at.is_hidden,
}
