"""Changes of a program's text that leave its meaning alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.mutants.mutations import Mutation

_NAMED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def misstyled(source: str) -> Iterator[Mutation]:
    """Yield every mutation of a program's style."""
    for what, text in (*_of_the_file(source), *_of_lines(source)):
        if text != source:
            yield Mutation("module", what, text)
    yield from _of_docstrings(source)


def _of_the_file(source: str) -> Iterator[tuple[str, str]]:
    rest = source.partition("\n")[2]
    yield "no shebang", rest
    yield "the shebang of another Python", f"#!/usr/bin/python3\n{rest}"
    yield "a blank line first", f"\n{source}"
    yield "no newline at the end", source.rstrip("\n")
    yield "a blank line at the end", f"{source}\n"


def _of_lines(source: str) -> Iterator[tuple[str, str]]:
    """Yield faults of the layout, as of a learner's editor."""
    lines = source.splitlines(keepends=True)
    last = next(line for line in reversed(lines) if line.strip())
    place = lines.index(last)

    def put(line: str) -> str:
        return "".join([*lines[:place], line, *lines[place + 1:]])
    yield "a blank at the end of a line", put(f"{last[:-1]} \n")
    yield "a line that is too long", put(f"{last[:-1]}  # {'x' * 80}\n")
    yield "a tab", put(last.replace("    ", "\t"))
    yield "three blank lines", source.replace("\n\n\n", "\n\n\n\n", 1)
    yield "one blank line", source.replace("\n\n\n", "\n\n", 1)


def _of_docstrings(source: str) -> Iterator[Mutation]:
    tree = ast.parse(source)
    lines = source.splitlines(keepends=True)
    named = [("module", tree)] + list(_named(tree, ""))
    for place, node in named:
        first = node.body[0]
        if not (isinstance(first, ast.Expr)
                and isinstance(first.value, ast.Constant)):
            continue
        end = first.end_lineno or first.lineno
        before, after = lines[:first.lineno - 1], lines[end:]
        indent = " " * first.col_offset
        for what, instead in (
                ("no docstring", "pass"), ("an empty docstring", '""""""'),
                ("a docstring of one word", '"""Works."""')):
            text = "".join([*before, f"{indent}{instead}\n", *after])
            yield Mutation(place, what, text, instead == "pass")


def _named(parent: ast.AST, place: str) -> Iterator[
        tuple[str, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]]:
    for child in ast.iter_child_nodes(parent):
        if isinstance(child, _NAMED):
            inner = f"{place}.{child.name}".lstrip(".")
            yield inner, child
            yield from _named(child, inner)
