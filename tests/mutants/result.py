"""What came of the mutants of a folder, held against what is explained."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.library.library import Library, Task
from tests.mutants.judging import Check, Verdict, checks
from tests.mutants.mutant import read

EQUIVALENT = Path(__file__).with_name("equivalent.toml")


@dataclass(frozen=True, kw_only=True)
class Result:
    """The mutants of some tasks; the lists are lines to print."""

    mutants: int
    survivors: int
    wrong_controls: Sequence[str]
    unexplained: Sequence[str]
    outdated: Sequence[str]
    idle: Sequence[str]

    def lines(self) -> Iterator[str]:
        """Yield what is wrong, and a summary."""
        yield from (f"fails: {each}" for each in self.wrong_controls)
        yield from (f"survives: {each}" for each in self.unexplained)
        yield from (f"explained, but caught or gone: {each}"
                    for each in self.outdated)
        yield from (f"never fails: {each}" for each in self.idle)
        odd = len(self.unexplained)
        yield (f"{self.mutants} mutants: {self.mutants - self.survivors} "
               f"caught, {self.survivors - odd} equivalent with a reason, "
               f"{odd} not explained; {len(self.idle)} checks never fail")

    @property
    def is_sound(self) -> bool:
        """Return whether there is nothing to do."""
        return not (self.wrong_controls or self.unexplained
                    or self.outdated or self.idle)


def result(library: Library, tasks: Sequence[Task],
           verdicts: Sequence[Verdict]) -> Result:
    """Hold verdicts on the mutants of some tasks against the reasons."""
    mutants = [each for each in verdicts if not each.mutant.is_control]
    survivors = [each for each in mutants if not each.is_caught]
    files = {each.mutant.file for each in mutants}
    reasons = {file: names for file, names in explained().items()
               if file in files}
    return Result(
        mutants=len(mutants), survivors=len(survivors),
        wrong_controls=[_title(each) for each in verdicts
                        if each.mutant.is_control and each.is_caught],
        unexplained=[_title(each) for each in survivors if not any(
            matches(each.mutant.name, name)
            for name in reasons.get(each.mutant.file, ()))],
        outdated=list(_outdated(reasons, mutants)),
        idle=list(_idle(library, tasks, mutants)))


def explained() -> dict[str, list[str]]:
    """Return the names of the mutants that have a reason, by file."""
    return {file: [name for names in reasons.values() for name in names]
            for file, reasons in read(EQUIVALENT).items()}


def matches(mutant: str, name: str) -> bool:
    """Return whether a name, or its beginning before a "*", is a mutant's."""
    return (mutant.startswith(name[:-1]) if name.endswith("*")
            else mutant == name)


def _outdated(reasons: Mapping[str, Sequence[str]],
              mutants: Sequence[Verdict]) -> Iterator[str]:
    """Yield the names that explain no mutant, or one that is caught."""
    for file, names in reasons.items():
        for name in names:
            said = [each.is_caught for each in mutants
                    if each.mutant.file == file
                    and matches(each.mutant.name, name)]
            if not said or any(said):
                yield f"{file} {name}"


def _idle(library: Library, tasks: Sequence[Task],
          mutants: Sequence[Verdict]) -> Iterator[str]:
    """Yield every check that notices no mutant, or what all others do."""
    for task in tasks:
        every = set(checks(library, task))
        seen: set[Check] = set()
        for each in mutants:
            some = each.seen_by & every
            if some == every and len(every) > 1:
                some &= {(task.id, each.mutant.check or "")}
            seen |= some
        yield from (f"{number} {check}" for number, check
                    in sorted(every - seen))


def _title(verdict: Verdict) -> str:
    return f"{verdict.mutant.file} {verdict.mutant.name}"
