"""Reads the suite of a task, and takes its expectations out for the inside.

A suite is loaded as a module of the grader, which compares. The source that
is sent inside the wall has `...` in place of every expected value, so that
a submission cannot read the answers.
"""

from __future__ import annotations

import ast
import marshal
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from grader.inside.source import encode
from grader.kit.transcript import EXPECTING
from grader.library.library import CHECKS, Folder, Task
from grader.parsing import parse
from grader.submission.submission import Disk
from grader.submission.neededfiles import find_files, kinds_of


class BadSuite(Exception):
    """A suite that cannot be used; the text says which one, and why."""


@dataclass(frozen=True, kw_only=True)
class Suite:
    """A suite as a module of this process, and its checks in file order.

    A check is named "Class.method". `inside` is the source for the wall,
    without expectations, `code` the same, compiled for grader.inside.suite.
    `observes` is whether a check compares with the model. `variants` are
    those of the task.
    """

    name: str
    module: ModuleType
    inside: str
    code: str
    checks: tuple[str, ...]
    observes: bool
    variants: Mapping[str, Any] = field(default_factory=dict)

    def named(self, check: str) -> str:
        """Return the name of a check in a run, where others may have it too.
        """
        return f"{self.name}.{check}"


@cache
def read_suite(path: Path) -> Suite:
    """Read a suite; raises BadSuite if it does not load, and OSError.

    Its checks are read from the source here, so that a run inside the wall
    cannot leave one out.
    """
    source = path.read_text(encoding="utf-8")
    # Loaded first: the modules that it imports register which assertions
    # take an expectation (EXPECTING).
    module = _module(path, source)
    inside = without_expectations(source, properties(module))
    return Suite(name=path.stem, module=module, checks=tuple(manifest(source)),
                 inside=inside, code=compiled(inside, path.stem),
                 observes=".observe(" in source)


def compiled(source: str, name: str) -> str:
    """Return a suite's source as marshalled code, in base64."""
    return encode(marshal.dumps(compile(source, f"{name}.py", "exec",
                                        dont_inherit=True)))


def _module(path: Path, source: str) -> ModuleType:
    module = ModuleType(path.stem)
    module.__file__ = str(path)
    name = f"{path.parent.name}/{path.name}"
    try:
        exec(compile(source, str(path), "exec"), vars(module))
    except SyntaxError as error:
        raise BadSuite(f"{name}, line {error.lineno}: {error.msg}") from None
    except Exception as error:
        raise BadSuite(f"{name} does not load: {error}") from error
    return module


def manifest(source: str) -> list[str]:
    """Return "Class.method" for every check in a suite's source."""
    return [f"{node.name}.{item.name}"
            for node in parse(source).body
            if isinstance(node, ast.ClassDef)
            for item in node.body
            if isinstance(item, ast.FunctionDef)
            and item.name.startswith("test_")]


def properties(module: ModuleType) -> frozenset[str]:
    """Return the names of all properties of a suite's classes.

    Reading one may observe the submission.
    """
    return frozenset(
        name for kind in vars(module).values() if isinstance(kind, type)
        for base in kind.__mro__ for name, value in vars(base).items()
        if isinstance(value, property))


def without_expectations(source: str,
                         looking: Collection[str] = ()) -> str:
    """Return a suite's source with `...` for all that its checks expect.

    Statements that only compute expectations are taken out, too. `looking`
    are properties: a statement that reads one stays, since both sides must
    observe the same number of times.
    """
    tree = _Hiding().visit(parse(source))
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            _Pruning(function, looking).prune()
    return ast.unparse(tree)


class _Hiding(ast.NodeTransformer):
    """Replaces the first argument of assertions, all of assertHolds."""

    def visit_Call(self, node: ast.Call) -> ast.Call:
        self.generic_visit(node)
        match node.func:
            case ast.Attribute(value=ast.Name(id="self"), attr=name) if (
                    name in EXPECTING and node.args):
                hidden = len(node.args) if name == "assertHolds" else 1
                node.args[:hidden] = [ast.Constant(...)] * hidden
        return node


class _Pruning:
    """Takes unused statements out of a function.

    These are assignments to names that are never read, and statements that
    only fill a list that is never read. A statement stays if it may observe
    the submission or draw a random number: outside the wall the function is
    whole, and both must do so in the same order.
    """

    def __init__(self, function: ast.FunctionDef,
                 looking: Collection[str]) -> None:
        self._function = function
        self._looking = looking
        self._local = {node.arg for node in ast.walk(function)
                       if isinstance(node, ast.arg)} | {
            node.id for node in self._names() if isinstance(
                node.ctx, ast.Store)}
        # Lists, dicts and sets made in the function: a method call on one
        # of them has no other effect.
        self._own = {name for node in ast.walk(function)
                     if isinstance(node, ast.Assign)
                     and isinstance(node.value, (ast.List, ast.Dict, ast.Set))
                     for name in _assigned(node)}

    def prune(self) -> None:
        """Take statements out until all that are left are used."""
        while idle := [*self._idle()]:
            for block, statement in idle:
                block.remove(statement)
                if not block:
                    block.append(ast.Pass())

    def _names(self) -> Iterator[ast.Name]:
        return (node for node in ast.walk(self._function)
                if isinstance(node, ast.Name))

    def _idle(self) -> Iterator[tuple[list[ast.stmt], ast.stmt]]:
        read = Counter(name.id for name in self._names()
                       if isinstance(name.ctx, ast.Load))
        blocks = [block for node in ast.walk(self._function)
                  for field in ("body", "orelse", "finalbody")
                  if isinstance(block := getattr(node, field, None), list)]
        statements = [(block, each) for block in blocks for each in block]
        read.subtract(name for _, each in statements if (
            name := _filled(each)) in self._own and self._is_pure(each))
        for block, each in statements:
            names = _assigned(each) or {_filled(each)} & self._own
            if (names and all(name in self._local and not read[name]
                              for name in names) and self._is_pure(each)):
                yield block, each

    def _is_pure(self, statement: ast.stmt) -> bool:
        """Return whether a statement has no effect but its assignment."""
        filled = _filled(statement)
        for node in ast.walk(statement):
            match node:
                case ast.Call(func=called):
                    root = _root(called)
                    if root in ("", "self") or (
                            root in self._local and root != filled):
                        return False
                case ast.Attribute(value=ast.Name(id="self"), attr=name):
                    if name == "task" or name in self._looking:
                        return False
                case ast.Await() | ast.Yield() | ast.YieldFrom():
                    return False
        return True


def _assigned(statement: ast.stmt) -> set[str]:
    """Return the names that a statement assigns to.

    "" stands for a target that is no name, such as an attribute.
    """
    match statement:
        case ast.Assign(targets=[target]) | ast.AnnAssign(target=target):
            parts = target.elts if isinstance(target, ast.Tuple) else [target]
            return {part.id if isinstance(part, ast.Name) else ""
                    for part in parts}
    return set()


def _filled(statement: ast.stmt) -> str:
    """Return a in a statement `a.method(...)`, "" for other statements."""
    match statement:
        case ast.Expr(value=ast.Call(
                func=ast.Attribute(value=ast.Name(id=name)))):
            return name
    return ""


def _root(called: ast.expr) -> str:
    """Return a in the call of `a.b.c`, "" if it starts with no name."""
    while isinstance(called, ast.Attribute):
        called = called.value
    return called.id if isinstance(called, ast.Name) else ""


def suite_of(folder: Folder, task: Task) -> Suite:
    """Return the suite of a task."""
    return replace(read_suite(folder.path / CHECKS / task.suite),
                   variants=task.variants)


def model_files(folder: Folder) -> dict[str, bytes]:
    """Return the library's own files of a folder, models included."""
    return {name: (folder.path / name).read_bytes()
            for name in find_files(Disk(folder.path), (), kinds_of(folder))}
