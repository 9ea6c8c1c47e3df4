"""The versions of the given code that tests are run on."""

from __future__ import annotations

import ast
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import permutations
from pathlib import Path
from random import Random

from grader.inside.source import encode
from grader.learnertests import noise
from grader.learnertests.faults import (
    Fault, functions, parts, read_faults,
)
from grader.library import Folder, Task
from grader.parsing import parse

# Spelling costs milliseconds, so that a process keeps this many of each.
SPELLINGS = 8

_HOLLOW = ("raise NotImplementedError('import this file: what lies on disk '"
           "'is hollow while tests are judged')")
_SALT = secrets.token_hex(8)

Given = Mapping[str, str]
# A fault of each part of the code that has some, and whether it is on.
Bodies = Sequence[tuple[Fault, bool]]


@dataclass(frozen=True, kw_only=True)
class Version:
    """The given files in base64: what is loaded, and what lies on disk.

    `faults` are those that are on, one at most of each part of the code.
    """

    faults: tuple[Fault, ...]
    loaded: Given
    hollow: Given


def draw(folder: Folder, tasks: Sequence[Task], least: int,
         random: Random) -> list[Version]:
    """Return the versions to judge some tasks by, in random order.

    Each part of the code is right in at least `least` of them, and each
    method has that many or more to object to, every fault among them.
    """
    drawn = _drawn(folder.path, folder.given,
                   tuple(task.number for task in tasks), least,
                   random.randrange(SPELLINGS))
    return random.sample(drawn, len(drawn))


@lru_cache(maxsize=1024)
def _drawn(path: Path, names: tuple[str, ...], tasks: tuple[int, ...],
           least: int, number: int) -> tuple[Version, ...]:
    random = Random(f"{_SALT} {tasks} {least} {number}")
    columns = parts([fault for fault in read_faults(path, names)
                     if fault.task in tasks])
    return tuple(
        Version(faults=tuple(fault for fault in row if fault),
                loaded=_spell(path, names, _bodies(columns, row, random),
                              random),
                hollow={name: _hollow(path, name) for name in names})
        for row in _rows(columns, least, random))


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


def _bodies(columns: Sequence[Sequence[Fault]],
            row: Sequence[Fault | None], random: Random) -> Bodies:
    """Put some fault in every part, so that only its being on may tell."""
    return [(fault or random.choice(part), fault is not None)
            for part, fault in zip(columns, row)]


def _spell(path: Path, names: Sequence[str], bodies: Bodies,
           random: Random) -> Given:
    """Return every given file, in base64, with these bodies in them."""
    return {name: _with(path, name, bodies, random)
            if any(_is_in(fault, path, name) for fault, _ in bodies)
            else _without(path, name, random.randrange(SPELLINGS))
            for name in names}


def _is_in(fault: Fault, path: Path, name: str) -> bool:
    return not fault.bodies.keys().isdisjoint(_places(path, name))


def _with(path: Path, name: str, bodies: Bodies, random: Random) -> str:
    tree = parse(_text(path, name))
    for fault, is_on in bodies:
        fault.install(Path(name).stem, tree, is_on, random)
    noise.respell(tree, random)
    return encode(ast.unparse(tree).encode())


@cache
def _without(path: Path, name: str, number: int) -> str:
    random = Random(f"{_SALT} {name} {number}")
    if _places(path, name):
        return _with(path, name, [], random)
    return encode(noise.mark(_text(path, name), random).encode())


@cache
def _hollow(path: Path, name: str) -> str:
    """Return a file whose functions do nothing, in base64.

    Whoever reads it, or loads it again, learns nothing about a round.
    """
    if not _places(path, name):
        return encode(_text(path, name).encode())
    tree = parse(_text(path, name))
    for _, node in functions(tree):
        node.body = [*noise.docstring(node), *parse(_HOLLOW).body]
    return encode(ast.unparse(tree).encode())


@cache
def _places(path: Path, name: str) -> frozenset[str]:
    tree = parse(_text(path, name))
    return frozenset(place for place, _ in functions(tree))


@cache
def _text(path: Path, name: str) -> str:
    return (path / name).read_text(encoding="utf-8")
