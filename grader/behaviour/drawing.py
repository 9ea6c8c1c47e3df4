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
    twins = [_Chosen()]
    for checks, some in _needed([spoil for spoil in spoils
                                 if spoil.edit.kind is not Kind.END]):
        number = how_many(all(tells[check] for check in checks))
        _spread(twins, number, checks, some, random)
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


def _needed(spoils: Sequence[Spoil]
            ) -> list[tuple[frozenset[str], list[Spoil]]]:
    """Return spoils with the checks that they are needed for.

    A wide one is for those checks only that no narrower one is as good
    for; all the others are not run where it is.
    """
    by_width: dict[frozenset[str], list[Spoil]] = {}
    for spoil in spoils:
        by_width.setdefault(frozenset(spoil.shows), []).append(spoil)
    needed: list[tuple[frozenset[str], list[Spoil]]] = []
    known: set[tuple[str, str]] = set()
    for checks in sorted(by_width, key=len):
        found = _merits(by_width[checks], checks)
        if new := frozenset(check for check, _ in found - known):
            needed.append((new, by_width[checks]))
        known |= found
    return needed


def _spread(twins: list[_Chosen], number: int, checks: frozenset[str],
            spoils: Sequence[Spoil], random: Random) -> None:
    """Spoil some checks in a random, non-empty subset of so many twins.

    They are more if it takes more spoils. All of these run the checks.
    """
    chosen = _some_of_each(spoils, checks, random)
    number = max(number, len(chosen))
    hosts = [twin for twin in twins
             if twin.has_room(checks, spoils)][:number]
    new = [_Chosen() for _ in range(number - len(hosts))]
    twins += new
    hosts += new
    for twin in hosts:
        twin.tests |= checks
    bits = random.randrange(1, 1 << number)
    wanted = max(bits.bit_count(), len(chosen))
    chosen += random.choices(spoils, k=wanted - len(chosen))
    for twin, spoil in zip(random.sample(hosts, wanted), chosen):
        twin.spoils |= dict.fromkeys(checks, spoil)


def _some_of_each(spoils: Sequence[Spoil], checks: frozenset[str],
                  random: Random) -> list[Spoil]:
    """Return few spoils that have the merits of all of them."""
    chosen: list[Spoil] = []
    for spoil in random.sample(spoils, len(spoils)):
        if not _merits([spoil], checks) <= _merits(chosen, checks):
            chosen.append(spoil)
    return chosen


def _merits(spoils: Iterable[Spoil],
            checks: frozenset[str]) -> set[tuple[str, str]]:
    """Return what spoils are good for, by check: to be one, and to tell."""
    return {(check, merit) for spoil in spoils for check in checks
            for merit in ("expects", "tells")
            if merit == "expects" or spoil.is_telling(check)}


class _Chosen:
    """The spoils of one twin, by the checks that they fail, and the ends."""

    def __init__(self, tests: Iterable[str] = ()) -> None:
        self.tests = frozenset(tests)
        self.spoils: dict[str, Spoil] = {}
        self.ends: dict[str, Edit] = {}

    def has_room(self, checks: frozenset[str],
                 spoils: Iterable[Spoil]) -> bool:
        """Tell whether such spoils and what is here leave each other be."""
        failed_here = {check for spoil in self.spoils.values()
                       for check in spoil.shows}
        failed = {check for spoil in spoils for check in spoil.shows}
        return not (checks & failed_here or failed & self.tests)

    def made(self, tests: Sequence[str], is_genuine: bool) -> Twin:
        """Return the twin, which runs its tests in the order given."""
        return Twin(is_genuine=is_genuine, ends=self.ends,
                    spoils=self.spoils, tests=tuple(
                        test for test in tests if test in self.tests))
