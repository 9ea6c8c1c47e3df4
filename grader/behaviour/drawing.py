"""The drawing of twins: which spoils go into which of them; pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random

from grader.behaviour.expectations import Kind
from grader.behaviour.twins import Spoil, Twin, how_many, telling


def draw(tests: Sequence[str], spoils: Sequence[Spoil],
         random: Random) -> list[Twin]:
    """Return twins in which every check is spoiled by all it takes.

    A check is run in as many of them as it needs, spoiled or not.
    """
    tells = telling(spoils)
    by_checks = _needed(spoils)
    twins: list[_Chosen] = []
    # Two spoils of a check might undo each other: the wider goes first.
    for checks in sorted(by_checks, key=len, reverse=True):
        number = how_many(all(tells[check] for check in checks))
        twins += [_Chosen() for _ in range(number - len(twins))]
        _spread(twins, number, checks, by_checks[checks], random)
    return [twin.made(tests) for twin in twins]


def _needed(spoils: Sequence[Spoil]) -> dict[frozenset[str], list[Spoil]]:
    """Return the spoils by checks, but wide ones that add no merit.

    They would take places in twins that the others need.
    """
    by_checks: dict[frozenset[str], list[Spoil]] = {}
    for spoil in spoils:
        by_checks.setdefault(frozenset(spoil.shows), []).append(spoil)
    merits: set[tuple[str, str]] = set()
    for checks in sorted(by_checks, key=len):
        found = _merits(by_checks[checks])
        if found <= merits:
            del by_checks[checks]
        merits |= found
    return by_checks


def _spread(twins: list[_Chosen], number: int, checks: frozenset[str],
            spoils: Sequence[Spoil], random: Random) -> None:
    """Spoil some checks in a random, non-empty subset of so many twins.

    Where others have spoiled them too often already, twins are added.
    """
    chosen = _some_of_each(spoils, random)
    some = twins[:number]
    free = [twin for twin in some if not checks & twin.spoils.keys()]
    added = [_Chosen() for _ in range(len(chosen) - len(free))]
    twins += added
    for twin in some + added:
        twin.tests |= checks
    bits = random.randrange(1, 1 << number)
    wanted = min(max(bits.bit_count(), len(chosen)), len(free + added))
    chosen += random.choices(spoils, k=wanted - len(chosen))
    for twin, spoil in zip(random.sample(free + added, wanted), chosen):
        twin.spoils |= dict.fromkeys(checks, spoil)


def _some_of_each(spoils: Sequence[Spoil], random: Random) -> list[Spoil]:
    """Return few spoils that have the merits of all of them."""
    chosen: list[Spoil] = []
    for spoil in random.sample(spoils, len(spoils)):
        if not _merits([spoil]) <= _merits(chosen):
            chosen.append(spoil)
    return chosen


def _merits(spoils: Iterable[Spoil]) -> set[tuple[str, str]]:
    """Return what spoils are good for, by check.

    That is to tell, to be the end, and to be one of an expectation.
    """
    return {(check, merit) for spoil in spoils for check in spoil.shows
            for merit, has in (
                ("tells", spoil.is_telling(check)),
                ("ends", spoil.edit.kind is Kind.END),
                ("expects", spoil.edit.kind is not Kind.END)) if has}


class _Chosen:
    """The spoils of one twin, by the checks that they fail."""

    def __init__(self) -> None:
        self.tests: frozenset[str] = frozenset()
        self.spoils: dict[str, Spoil] = {}

    def made(self, tests: Sequence[str]) -> Twin:
        edits = dict.fromkeys(spoil.edit for spoil in self.spoils.values())
        return Twin(edits=tuple(edits), spoils=self.spoils, tests=tuple(
            test for test in tests if test in self.tests))
