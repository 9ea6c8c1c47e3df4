"""Finds a demanded name that is not at the top level of its file."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class Place(NamedTuple):
    """A line that has a name, and words for where it stands there."""

    line: int
    words: str


def place_of(name: str, source: str) -> Place | None:
    """Return where a file has a name that it does not define for others.

    That is in a class or function, under the main guard, as an annotation
    without a value, or in other letters.
    """
    try:
        tree = ast.parse(source.removeprefix("\ufeff"))
    except (SyntaxError, ValueError, RecursionError):
        return None
    return next(_places(name, tree), None)


def _places(name: str, tree: ast.Module) -> Iterator[Place]:
    for node in tree.body:
        match node:
            case ast.AnnAssign(target=ast.Name(id=found), value=None) if (
                    found == name):
                yield Place(node.lineno, f"line {node.lineno} annotates "
                            f"{name}, but gives it no value")
            case ast.If() if "__name__" in ast.unparse(node.test):
                if line := _line(name, node.body):
                    yield Place(line, f"{name} stands under if __name__ == "
                                '"__main__", which runs only when the file '
                                "itself is run")
    for outer in ast.walk(tree):
        if isinstance(outer, (ast.ClassDef, *_FUNCTIONS)) and (
                line := _line(name, outer.body)):
            kind = "class" if isinstance(outer, ast.ClassDef) else "function"
            yield Place(line, f"{name} stands inside the {kind} "
                        f"{outer.name}: move it to the left margin")
    for node in tree.body:
        if isinstance(node, (ast.ClassDef, *_FUNCTIONS)) and (
                node.name.replace("_", "").lower()
                == name.replace("_", "").lower()):
            yield Place(node.lineno, f"it defines {node.name}, and the name "
                        f"has to be {name}")


def _line(name: str, body: list[ast.stmt]) -> int | None:
    """Return the line of a block that gives a name to something."""
    for node in body:
        if isinstance(node, (ast.ClassDef, *_FUNCTIONS)):
            if node.name == name:
                return node.lineno
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = (node.targets if isinstance(node, ast.Assign)
                       else [node.target])
            if any(isinstance(part, ast.Name) and part.id == name
                   for target in targets for part in ast.walk(target)):
                return node.lineno
    return None
