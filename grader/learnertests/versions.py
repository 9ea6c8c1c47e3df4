"""The versions of the given code that tests are run on."""

from __future__ import annotations

import ast
import marshal
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import permutations
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

# What is loaded is compiled once for each of so many sets of fresh ids.
MARKS = 8

_SALT = secrets.token_hex(8)
_FIX = "write it in another way: see grader/inside/learnertests/bodies.py"
_HEAD = "from grader.inside.learnertests.steps import perform as _perform"


@dataclass(frozen=True, kw_only=True)
class Version:
    """The given code as a run has it, and what is kept from the run.

    `files` are the given files as they lie on disk, their functions hollow:
    these ask a keeper what to do. `code` is what is loaded of each, as
    marshalled; there only those are hollow that differ between the versions
    of a draw. Both are in base64. `kept` are the functions, by their
    places. `faults` are those that are on in them, one at most of
    each part of the code.
    """

    faults: tuple[Fault, ...]
    files: Mapping[str, str]
    code: Mapping[str, str]
    kept: Mapping[str, Function]


def draw(folder: Folder, tasks: Sequence[Task], least: int,
         random: Random) -> list[Version]:
    """Return the versions to judge some tasks by, in random order.

    Each part of the code is right in at least `least` of them, and each
    method has that many or more to object to, every fault among them.
    """
    numbers = [task.number for task in tasks]
    columns = parts([fault for fault in read_faults(folder.path, folder.given)
                     if fault.task in numbers])
    given = _Given(folder.path, folder.given, of(folder))
    varied = frozenset(place for part in columns for fault in part
                       for place in fault.bodies)
    drawn = [_version(given, varied, [fault for fault in row if fault],
                      random.randrange(MARKS))
             for row in _rows(columns, least, random)]
    return random.sample(drawn, len(drawn))


def right(folder: Folder, random: Random) -> Version:
    """Return the given code without a fault."""
    given = _Given(folder.path, folder.given, of(folder))
    return _version(given, frozenset(), [], random.randrange(MARKS))


def _rows(columns: Sequence[Sequence[Fault]], least: int,
          random: Random) -> Iterator[tuple[Fault | None, ...]]:
    """Return what is on in each version, if anything, by part of the code."""
    filled = [[*_repeated(part, least, random), *[None] * least]
              for part in columns]
    height = max(map(len, filled), default=least)
    for column in filled:
        column += [None] * (height - len(column))
        random.shuffle(column)
    # A test that looks at a neighbour's code has to show it somewhere.
    while not all(_is_seen_alone(part, other)
                  for part, other in permutations(filled, 2)):
        for column in filled:
            random.shuffle(column)
    return zip(*filled) if filled else iter([()] * least)


def _is_seen_alone(part: Sequence[Fault | None],
                   other: Sequence[Fault | None]) -> bool:
    """Tell whether the other part is wrong somewhere where this is right."""
    return any(own is None and fault for own, fault in zip(part, other))


def _repeated(part: Sequence[Fault], least: int,
              random: Random) -> list[Fault]:
    """Repeat some faults, if a method had fewer than `least` to catch."""
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
    wrong = {place: _kept(given, place, body) for fault in faults
             for place, body in fault.bodies.items()}
    return Version(faults=tuple(faults), files=files, code=code,
                   kept={**_right(given), **wrong})


@lru_cache(maxsize=256)
def _files(given: _Given, varied: frozenset[str],
           mark: int) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return the files, all hollow, and what is loaded of them."""
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
    """Return a file in which these functions ask a keeper what to do."""
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
    """Return the places of all the functions that some fault changes."""
    return frozenset(place for fault in read_faults(given.path, given.names)
                     for place in fault.bodies)


@cache
def _right(given: _Given) -> Mapping[str, Function]:
    return {place: _kept(given, place) for place in _places(given)}


@cache
def _kept(given: _Given, place: str, body: str | None = None) -> Function:
    """Return a function as it is kept, with its own body or another one.

    It has the names of parameters, but neither defaults nor decorators nor
    annotations: those are the hollow one's. Raises GraderError where no
    steps are known for what it does.
    """
    node = given.function(place)
    if body is not None:
        node.body = [ast.Pass(), *parse(body).body]
    node.decorator_list = []
    bare = parse(ast.unparse(_Bare().visit(node))).body[0]
    assert isinstance(bare, Function)
    if part := unhandled(bare):
        raise GraderError(f"{place} cannot be kept: {part}", _FIX)
    return bare


class _Bare(ast.NodeTransformer):
    """Takes out annotations, defaults and docstrings."""

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
