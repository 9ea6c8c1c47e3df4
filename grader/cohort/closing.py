"""Counts the results of a run over a cohort, and words its last lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from grader import PYTHON
from grader.cohort import ungraded
from grader.cohort.ledger import RESULTS, SPOILED
from grader.cohort.pace import Pace, duration
from grader.kit.values import clipped
from grader.report import records
from grader.report.records import Record
from grader.report.wording import Data, heading

_MOST_NAMED = 5
_LONGEST = 200


@dataclass(kw_only=True)
class Account:
    """The counts of a run, and the submissions that a person should look at.

    `undecided` were not judged, in part at least, and why; `kept` neither,
    but they have earlier results; `unread` of both are not the grader's to
    try again, since what was handed in must be seen to; `fewer` have fewer
    points than before; `older` says how many verdicts of each are of an
    earlier state of it; `renamed` share their plain name with others;
    `cautions` are those of the reports, `spoiled` lines of the results that
    were there are none. Of the roster, `absent` have handed in nothing;
    `unknown` submissions are of no one in it, and of `strangers` only the
    overrides of marks speak; `undated` counts why no date is known.
    """

    pace: Pace
    ungraded: list[tuple[str, str]] = field(default_factory=list)
    kept: list[tuple[str, str]] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)
    fewer: list[tuple[str, str]] = field(default_factory=list)
    older: dict[str, int] = field(default_factory=dict)
    renamed: list[str] = field(default_factory=list)
    cautions: set[str] = field(default_factory=set)
    spoiled: int = 0
    absent: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    undated: Counter[str] = field(default_factory=Counter)

    def note(self, old: Record | None, new: Record, graded: Data, *,
             is_read: bool = True) -> None:
        """Count a graded submission, and compare with its earlier record.

        A submission that could not be read has a report, too.
        """
        name = new["submission"]
        if not is_read:
            self.unread.add(name)
        self.cautions |= {graded["caution"]} if "caution" in graded else set()
        if trouble := new.get("trouble"):
            self.kept.append((name, trouble))
        verdicts = records.by_task(new)
        missed = [task for task in graded["tasks"]
                  if not records.is_settled(verdicts[heading(task)])]
        if missed:
            self.ungraded.append((name, ungraded.why(missed[0])))
        if missed or trouble:
            self.pace.errors += 1
        elif new == old:
            self.pace.served += 1
        else:
            self.pace.graded += 1
        if old is not None:
            before, after = _points(old, new)
            if after < before:
                self.fewer.append((name, f"{before:g} -> {after:g}"))


def _points(old: Record, new: Record) -> tuple[float, float]:
    """Return the points before and now, of tasks that were judged twice."""
    before, after = records.keys(old), records.keys(new)
    verdicts = records.by_task(new)
    both = [(task["points"], verdicts[name]["points"])
            for name, task in records.by_task(old).items()
            if name in before and name in after]
    return (round(sum(old for old, _ in both), 6),
            round(sum(new for _, new in both), 6))


def lines(account: Account, tier: str) -> Iterator[str]:
    """Yield the lines that a run prints at its end."""
    pace = account.pace
    yield (f"{pace.graded} graded and {pace.served} known of {pace.total}, in"
           f" {duration(pace.seconds)}; isolation {tier}; Python"
           f" {PYTHON}")
    yield from _failed(account)
    if account.spoiled:
        yield (f"{_count(account.spoiled, 'line')} of {RESULTS} could not be"
               f" read and is no result: see {SPOILED}")
    if account.fewer:
        yield f"fewer points than before: {_because(account.fewer)}"
    if account.older:
        yield ("of an earlier state of the submission or the library:"
               f" {_count(sum(account.older.values()), 'result')} of"
               f" {_count(len(account.older), 'submission')}; without --task"
               " they are graded again")
    if account.renamed:
        yield ("called by their paths, since others have the same name:"
               f" {_some(account.renamed)}")
    yield from _of_the_class(account)
    yield from sorted(account.cautions)


def _of_the_class(account: Account) -> Iterator[str]:
    if account.absent:
        yield (f"{len(account.absent)} of the roster handed in nothing:"
               f" {_some(account.absent, '; ')}")
    if account.unknown:
        yield (f"{_count(len(account.unknown), 'submission')} not in the"
               f" roster: {_some(account.unknown)}; put the names into"
               " its column submission")
    for note, count in sorted(account.undated.items()):
        yield f"of {_count(count, 'submission')}, {note}"
    if account.strangers:
        yield ("overrides of marks name no learner of the class:"
               f" {_some(account.strangers)}")


def _failed(account: Account) -> Iterator[str]:
    """Yield a line for each reason: who was not judged, and what to do."""
    again = "run the same command again"
    for is_unread, verb, todo in ((False, "judged", again), (
            True, "taken in", f"set that right, and {again}")):
        ungraded, kept = (
            [each for each in found
             if (each[0] in account.unread) == is_unread]
            for found in (account.ungraded, account.kept))
        if ungraded:
            yield (f"{len(ungraded)} could not be {verb}:"
                   f" {_because(ungraded)}; {todo}")
        if kept:
            lacks = "" if is_unread else (
                "; grade doctor shows what this machine lacks")
            yield (f"{_count(len(kept), 'submission')} could not be {verb}"
                   f" again, so that earlier results stay: {_because(kept)};"
                   f" {todo}{lacks}")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number > 1)}"


def _because(found: Iterable[tuple[str, str]]) -> str:
    return _some([f"{name} ({clipped(why, _LONGEST)})"
                  for name, why in found])


def _some(found: Sequence[str], between: str = ", ") -> str:
    more = len(found) - _MOST_NAMED
    shown = between.join(found[:_MOST_NAMED])
    return f"{shown} and {more} more" if more > 0 else shown
