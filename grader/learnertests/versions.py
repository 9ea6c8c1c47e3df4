"""Makes the versions of the given code that tests are run on.

In a version every function that some fault changes is hollow: it calls a
BodyServer for each step. The bodies, right or wrong, stay in the grader.
"""

from __future__ import annotations

import ast
import marshal
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain, permutations
from pathlib import Path
from random import Random
from typing import NamedTuple

from grader.errors import GraderError
from grader.inside.learnertests.bodies import parameters, unhandled
from grader.inside.source import encode
from grader.learnertests.faults import (
    Fault, Function, functions, parts, read_faults,
)
from grader.learnertests.instruments import Instruments, of
from grader.library.library import Folder, Task
from grader.parsing import parse

# The number of sets of random marks in the given files. Each set is compiled
# once, for all versions.
MARKS = 8

_SALT = secrets.token_hex(8)
_FIX = "write it in another way: see grader/inside/learnertests/bodies.py"
_HEAD = "from grader.inside.learnertests.steps import perform as _perform"


@dataclass(frozen=True, kw_only=True)
class Version:
    """The given code as a run gets it, and the bodies that it does not get.

    `files` are the given files for the disk, where all functions are hollow
    that any fault changes. `code` is what is loaded of each file,
    marshalled; there only the functions are hollow that differ between the
    versions of one draw. Both are base64. `kept` are the functions by
    place. `faults` are those of this version, at most one of each part of
    the code.
    """

    faults: tuple[Fault, ...]
    files: Mapping[str, str]
    code: Mapping[str, str]
    kept: Mapping[str, Function]


def draw(folder: Folder, tasks: Sequence[Task], least: int,
         random: Random) -> list[Version]:
    """Return the versions to judge some tasks by, in random order.

    Each part of the code is right in at least `least` versions. Each test
    method must fail in at least `least` versions, and every fault is in one.
    """
    numbers = [task.number for task in tasks]
    columns = parts([fault for fault in read_faults(folder.path, folder.given)
                     if fault.task in numbers])
    drawn = _versions(folder, ([fault for fault in row if fault]
                               for row in _rows(columns, least, random)),
                      _varied(chain.from_iterable(columns)), random)
    return random.sample(drawn, len(drawn))


def chosen(folder: Folder, among: Sequence[Fault],
           faults: Sequence[Fault | None], random: Random) -> list[Version]:
    """Return a version with each of these faults; for None a right one.

    As in `draw`, none of them shows which fault it has, if any: all that
    the faults `among` which they are change is hollow in each.
    """
    return _versions(folder, ([fault] if fault else [] for fault in faults),
                     _varied(among), random)


def _versions(folder: Folder, rows: Iterable[Sequence[Fault]],
              varied: frozenset[str], random: Random) -> list[Version]:
    """Return a version for each row of faults, in their order."""
    given = _Given(folder.path, folder.given, of(folder))
    return [_version(given, varied, row, random.randrange(MARKS))
            for row in rows]


def _varied(faults: Iterable[Fault]) -> frozenset[str]:
    """Return the places of the functions that some faults change."""
    return frozenset(place for fault in faults for place in fault.bodies)


def _rows(columns: Sequence[Sequence[Fault]], least: int,
          random: Random) -> Iterator[tuple[Fault | None, ...]]:
    """Yield, for each version, the fault of each part of the code or None.
    """
    filled = [[*_repeated(part, least, random), *[None] * least]
              for part in columns]
    height = max(map(len, filled), default=least)
    for column in filled:
        column += [None] * (height - len(column))
        random.shuffle(column)
    # A test that depends on another part of the code must show that in one
    # version: one where its own part is right and the other is wrong.
    while not all(_is_seen_alone(part, other)
                  for part, other in permutations(filled, 2)):
        for column in filled:
            random.shuffle(column)
    return zip(*filled) if filled else iter([()] * least)


def _is_seen_alone(part: Sequence[Fault | None],
                   other: Sequence[Fault | None]) -> bool:
    """Return whether in some version only the other part is wrong."""
    return any(own is None and fault for own, fault in zip(part, other))


def _repeated(part: Sequence[Fault], least: int,
              random: Random) -> list[Fault]:
    """Return the faults, some of them repeated, `least` for each method."""
    by_method: dict[tuple[int, str | None], list[Fault]] = {}
    for fault in part:
        by_method.setdefault((fault.task, fault.caught_by), []).append(fault)
    return [fault for several in by_method.values()
            for fault in several + random.choices(
                several, k=max(0, least - len(several)))]


class _Given(NamedTuple):
    """The given files of a folder."""

    path: Path
    names: tuple[str, ...]
    instruments: Instruments

    def text(self, name: str) -> str:
        """Return the text of a file."""
        return (self.path / name).read_text(encoding="utf-8")

    def function(self, place: str) -> Function:
        """Return a function of these files, as a tree to be changed."""
        return next(node for name in self.names
                    for each, node in functions(parse(self.text(name)))
                    if each == place)


def _version(given: _Given, varied: frozenset[str], faults: Sequence[Fault],
             mark: int) -> Version:
    files, code = _files(given, varied, mark)
    wrong = {place: _served_body(given, place, body) for fault in faults
             for place, body in fault.bodies.items()}
    return Version(faults=tuple(faults), files=files, code=code,
                   kept={**_right(given), **wrong})


@lru_cache(maxsize=256)
def _files(given: _Given, varied: frozenset[str],
           mark: int) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return `files` and `code` of a version: see Version."""
    random = Random(f"{_SALT} {mark}")
    files, code = {}, {}
    for name in given.names:
        text = given.instruments.varied(given.text(name), random)
        files[name] = encode(_hollow(text, _places(given)).encode())
        loaded = compile(_hollow(text, varied), name, "exec",
                         dont_inherit=True)
        code[name] = encode(marshal.dumps(loaded))
    return files, code


def _hollow(text: str, places: frozenset[str]) -> str:
    """Return the source of a file with the functions at `places` hollow."""
    tree = parse(text)
    hollow = [(place, node) for place, node in functions(tree)
              if place in places]
    for place, node in hollow:
        given = ", ".join(["globals()", *parameters(node)])
        node.body = [*_docstring(node), *parse(
            f"return _perform({place!r}, {given})").body]
    if not hollow:
        return text
    first = sum(isinstance(node, ast.ImportFrom)
                and node.module == "__future__" for node in tree.body)
    first += ast.get_docstring(tree) is not None
    tree.body[first:first] = parse(_HEAD).body
    return ast.unparse(tree)


@cache
def _places(given: _Given) -> frozenset[str]:
    """Return the places of all functions that any fault changes."""
    return _varied(read_faults(given.path, given.names))


@cache
def _right(given: _Given) -> Mapping[str, Function]:
    return {place: _served_body(given, place) for place in _places(given)}


@cache
def _served_body(given: _Given, place: str,
                 body: str | None = None) -> Function:
    """Return a function for a BodyServer, with its own body or a wrong one.

    It has names of parameters only: defaults, decorators and annotations
    are those of the hollow function. Raises GraderError if its body cannot
    be cut into steps.
    """
    node = given.function(place)
    if body is not None:
        node.body = [ast.Pass(), *parse(body).body]
    node.decorator_list = []
    stripped = parse(ast.unparse(_BodyOnly().visit(node))).body[0]
    assert isinstance(stripped, Function)
    if part := unhandled(stripped):
        raise GraderError(f"{place} cannot be kept: {part}", _FIX)
    return stripped


class _BodyOnly(ast.NodeTransformer):
    """Takes annotations, defaults and docstrings out of functions."""

    def visit_FunctionDef(self, node: Function) -> Function:
        node.returns = None
        node.args.defaults = []
        node.args.kw_defaults = [None for _ in node.args.kw_defaults]
        node.body = node.body[len(_docstring(node)):] or [ast.Pass()]
        self.generic_visit(node)
        return node

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.annotation = None
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.stmt:
        self.generic_visit(node)
        if node.value is None:
            return ast.Pass()
        return ast.Assign([node.target], node.value, lineno=node.lineno)


def _docstring(node: Function) -> list[ast.stmt]:
    return node.body[:1] if ast.get_docstring(node) else []
