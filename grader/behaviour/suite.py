"""The suite of a task: its checks, as a module, and as it goes inside."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType

from grader.kit.transcript import EXPECTING
from grader.library import CHECKS, Folder, Task
from grader.parsing import parse


@dataclass(frozen=True, kw_only=True)
class Suite:
    """A suite as a module of this process, and its checks in file order.

    A check is named "Class.method". `inside` is the source that goes behind
    the wall, where no expectation is.
    """

    name: str
    module: ModuleType
    inside: str
    checks: tuple[str, ...]
    observes: bool


@cache
def read_suite(path: Path) -> Suite:
    """Read a suite; the grader itself knows which checks it holds."""
    source = path.read_text(encoding="utf-8")
    # First of all: what it imports says which assertions expect what.
    module = _module(path, source)
    return Suite(name=path.stem, module=module, checks=tuple(manifest(source)),
                 inside=without_expectations(source),
                 observes=".observe(" in source)


def _module(path: Path, source: str) -> ModuleType:
    module = ModuleType(path.stem)
    module.__file__ = str(path)
    exec(compile(source, str(path), "exec"), vars(module))
    return module


def manifest(source: str) -> list[str]:
    """Return "Class.method" for every check in a suite's source."""
    return [f"{node.name}.{item.name}"
            for node in parse(source).body
            if isinstance(node, ast.ClassDef)
            for item in node.body
            if isinstance(item, ast.FunctionDef)
            and item.name.startswith("test_")]


def without_expectations(source: str) -> str:
    """Return a suite's source with ... for all that its checks expect."""
    return ast.unparse(_Hiding().visit(parse(source)))


class _Hiding(ast.NodeTransformer):
    """Replaces the first argument of what compares; of assertHolds all."""

    def visit_Call(self, node: ast.Call) -> ast.Call:
        self.generic_visit(node)
        match node.func:
            case ast.Attribute(value=ast.Name(id="self"), attr=name) if (
                    name in EXPECTING and node.args):
                hidden = len(node.args) if name == "assertHolds" else 1
                node.args[:hidden] = [ast.Constant(...)] * hidden
        return node


def suite_of(folder: Folder, task: Task) -> Suite:
    """Return the suite of a task."""
    return read_suite(folder.path / CHECKS / task.suite)


def model_files(folder: Folder) -> dict[str, bytes]:
    """Return the library's own files of a folder, models included."""
    return {path.name: path.read_bytes() for path in folder.path.iterdir()
            if path.is_file() and path.suffix in (".py", ".csv")}
