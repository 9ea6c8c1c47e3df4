"""The drawing of twins: which spoils go into which of them; pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random

from grader.behaviour.edits import Edit, Kind
from grader.behaviour.twins import Spoil, Twin, how_many, telling


def draw(tests: Sequence[str], spoils: Sequence[Spoil],
         random: Random) -> list[Twin]:
    """Return the genuine suite among twins in which every check is spoiled.

    A check is run in as many of them as it needs, spoiled or not.
    """
    tells = telling(spoils)
    by_checks = _needed([spoil for spoil in spoils
                         if spoil.edit.kind is not Kind.END])
    twins = [_Chosen()]
    # Two spoils of a check might undo each other: the wider goes first.
    for checks in sorted(by_checks, key=len, reverse=True):
        number = how_many(all(tells[check] for check in checks))
        twins += [_Chosen() for _ in range(number - len(twins))]
        _spread(twins, number, checks, by_checks[checks], random)
    genuine = _Chosen(tests)
    _put_ends(genuine, twins, spoils, random)
    runs = [run.made(tests, run is genuine)
            for run in (genuine, *twins) if run.tests]
    return random.sample(runs, len(runs))


def _put_ends(genuine: _Chosen, twins: Sequence[_Chosen],
              spoils: Sequence[Spoil], random: Random) -> None:
    """Let every check fail at its end where it is not spoiled.

    One that nothing else can spoil does so in one of two runs.
    """
    for spoil in spoils:
        if spoil.edit.kind is Kind.END and len(spoil.shows) == 1:
            check, = spoil.shows
            hosts = [run for run in (genuine, *twins) if check in run.tests]
            if not any(check in run.spoils for run in hosts):
                other = random.choice(twins)
                other.tests |= {check}
                hosts = [random.choice((genuine, other))]
            for run in hosts:
                run.ends[check] = spoil.edit


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

    Where others have spoiled them too often already, they are run in
    further twins, or in new ones.
    """
    chosen = _some_of_each(spoils, random)
    some = twins[:number]
    free = _free(some, checks)
    lacking = max(0, len(chosen) - len(free))
    added = _free(twins[number:], checks)[:lacking]
    new = [_Chosen() for _ in range(lacking - len(added))]
    twins += new
    added += new
    for twin in some + added:
        twin.tests |= checks
    bits = random.randrange(1, 1 << number)
    wanted = min(max(bits.bit_count(), len(chosen)), len(free + added))
    chosen += random.choices(spoils, k=wanted - len(chosen))
    for twin, spoil in zip(random.sample(free + added, wanted), chosen):
        twin.spoils |= dict.fromkeys(checks, spoil)


def _free(twins: Sequence[_Chosen], checks: frozenset[str]) -> list[_Chosen]:
    """Return the twins in which none of the checks is spoiled yet."""
    return [twin for twin in twins if not checks & twin.spoils.keys()]


def _some_of_each(spoils: Sequence[Spoil], random: Random) -> list[Spoil]:
    """Return few spoils that have the merits of all of them."""
    chosen: list[Spoil] = []
    for spoil in random.sample(spoils, len(spoils)):
        if not _merits([spoil]) <= _merits(chosen):
            chosen.append(spoil)
    return chosen


def _merits(spoils: Iterable[Spoil]) -> set[tuple[str, str]]:
    """Return what spoils are good for, by check: to be one, and to tell."""
    return {(check, merit) for spoil in spoils for check in spoil.shows
            for merit in ("expects", "tells")
            if merit == "expects" or spoil.is_telling(check)}


class _Chosen:
    """The spoils of one twin, by the checks that they fail, and the ends."""

    def __init__(self, tests: Iterable[str] = ()) -> None:
        self.tests = frozenset(tests)
        self.spoils: dict[str, Spoil] = {}
        self.ends: dict[str, Edit] = {}

    def made(self, tests: Sequence[str], is_genuine: bool) -> Twin:
        """Return the twin, which runs its tests in the order given."""
        return Twin(is_genuine=is_genuine, ends=self.ends,
                    spoils=self.spoils, tests=tuple(
                        test for test in tests if test in self.tests))
