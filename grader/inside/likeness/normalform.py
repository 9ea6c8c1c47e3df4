"""Reduces Python code to a normal form, as a list of words.

Two pieces of code have the same form if they differ only in comments,
docstrings, layout, the spelling of literals, the way of importing, and the
names that they define themselves. Annotations are left out unless asked
for, and then reduced to the names in them: List[int] is list[int].
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from grader.inside.likeness import ownnames
from grader.inside.likeness.ownnames import Names

_SKIPPED = (ast.Pass, ast.Import, ast.ImportFrom, ast.Global, ast.Nonlocal,
            ast.expr_context)
# Names in annotations that make no difference: List is typing.List, and
# Union[int, str] is int | str.
_LEFT_OUT = {"typing", "Union"}
_END = ")"

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Word(NamedTuple):
    """One word of a normal form, exact and coarse.

    Coarse words are the same for all names that the code defines, and for
    all literals of one type. An empty coarse word is left out.
    """

    exact: str
    coarse: str


def words(tree: ast.Module, nodes: Iterable[ast.AST],
          typed: bool = False) -> list[Word]:
    """Return the normal form of some nodes of a module.

    Raises RecursionError for code that is nested too deeply, ValueError for
    integers too long to be printed.
    """
    writer = _Writer(tree, typed)
    for node in nodes:
        writer.visit(node)
    return writer.words


class _Writer(ast.NodeVisitor):
    """Turns a tree into words; the code's own names become numbers."""

    def __init__(self, tree: ast.Module, typed: bool) -> None:
        self.words: list[Word] = []
        self._typed = typed
        self._scopes = [Names(ownnames.bound(tree.body))]
        self._imported = ownnames.imported(tree)
        self._attributes = Names(ownnames.attributes(tree))
        self._parameters = Names(ownnames.parameters(tree))

    def _add(self, exact: str, coarse: str | None = None) -> None:
        self.words.append(Word(exact, exact if coarse is None else coarse))

    def generic_visit(self, node: ast.AST) -> None:
        if isinstance(node, _SKIPPED):
            return
        self._add(type(node).__name__)
        for _, value in ast.iter_fields(node):
            if isinstance(value, list):
                self._all(value)
            else:
                self._one(value)

    def _all(self, values: Iterable[object]) -> None:
        for value in values:
            self._one(value)
        self._add(_END)

    def _one(self, value: object) -> None:
        if isinstance(value, ast.AST):
            self.visit(value)
        else:
            self._add(repr(value))

    def visit_Expr(self, node: ast.Expr) -> None:
        """Skip docstrings and other constants that stand alone."""
        if not isinstance(node.value, ast.Constant):
            self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        self._add(repr(node.value), type(node.value).__name__)

    def visit_Name(self, node: ast.Name) -> None:
        self._name(node.id)

    def _name(self, name: str) -> None:
        for depth in reversed(range(len(self._scopes))):
            if name in self._scopes[depth]:
                self._add(f"{depth}:{self._scopes[depth].number(name)}", "_")
                return
        first, *rest = self._imported.get(name, name).split(".")
        self._add(first)
        for each in rest:
            self._add(f".{each}")

    def visit_Attribute(self, node: ast.Attribute) -> None:
        """Write `a.b` like b after `from a import b`."""
        self.visit(node.value)
        is_own = (isinstance(node.value, ast.Name)
                  and node.value.id == "self")
        if is_own and node.attr in self._attributes:
            self._add(f".{self._attributes.number(node.attr)}", "._")
        else:
            self._add(f".{node.attr}")

    def visit_keyword(self, node: ast.keyword) -> None:
        name = node.arg or "**"
        if name in self._parameters:
            self._add(f"={self._parameters.number(name)}", "=_")
        else:
            self._add(f"={name}")
        self.visit(node.value)

    def visit_arg(self, node: ast.arg) -> None:
        self._name(node.arg)
        self._annotation(node.annotation)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        """Write the assignment like one without an annotation."""
        if node.value:
            self.visit(ast.Assign(targets=[node.target], value=node.value))
        self._annotation(node.annotation)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self._function(node)

    def _function(self, node: Function) -> None:
        self._all(node.decorator_list)
        self._add(type(node).__name__)
        self._name(node.name)
        self._scope(node.args, node.body)
        self._annotation(node.returns)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._add("Lambda")
        self._scope(node.args, [node.body])

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._all(node.decorator_list)
        self._add("ClassDef")
        self._name(node.name)
        self._all([*node.bases, *node.keywords])
        self._scope(None, node.body)

    def _scope(self, arguments: ast.arguments | None,
               body: list[ast.stmt] | list[ast.expr]) -> None:
        own = ownnames.bound(body)
        if arguments:
            own.update(ownnames.parameters(arguments))
        self._scopes.append(Names(own))
        if arguments:
            self.visit(arguments)
        self._all(body)
        self._scopes.pop()

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        self._add("ExceptHandler")
        self._one(node.type)
        self._name(node.name or "")
        self._all(node.body)

    def _annotation(self, node: ast.expr | None) -> None:
        if self._typed and node is not None:
            for name in _names(node):
                self._add(name.lower(), "")


def _names(annotation: ast.expr) -> Iterator[str]:
    for node in ast.walk(annotation):
        name = (node.attr if isinstance(node, ast.Attribute)
                else node.id if isinstance(node, ast.Name)
                else repr(node.value) if isinstance(node, ast.Constant)
                else "")
        if name and name not in _LEFT_OUT:
            yield name
