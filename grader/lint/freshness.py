"""Measures whether a submission could pass without doing the work.

It could if it knew the library and all right answers of an earlier run, but
not the inputs of this one. So what the checks observe on the model with one
seed is judged with other seeds: the share of pairs that pass is the chance
of such a submission. A check is fresh if it fails there, also with lists
cut short and NaN for numbers: a comparison of zipped lists, or one by "more
than", would let these pass.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from itertools import permutations, zip_longest
from typing import Any

from grader.grading.grading import Grader
from grader.grading.verdict import PASS
from grader.library.library import Task
from grader.submission.file import SubmittedFile
from grader.submission.submission import Submission
from grader.suites.checks import Observed
from grader.suites.judge import judge
from grader.suites.suite import Suite, suite_of

Show = Callable[[str], object]
Recording = tuple[str, dict[str, Observed]]

# Each seed is judged with the observations of all others: 2,070 pairs.
SEEDS = tuple(f"lint {number}" for number in range(46))
# A task that does not pass in the run of its whole folder is run once more,
# so a guess counts twice: see grader.suites.together.
TRIES = 2
MAX_CHANCE = 0.001
# The first seeds decide, in 20 pairs, which checks are fresh; with the
# others only those are run, since the rest of them pass anyway.
_FIRST = 5


@dataclass(frozen=True, kw_only=True)
class Freshness:
    """The fresh checks of a task, and how many of the pairs pass."""

    checks: tuple[str, ...]
    fresh: tuple[str, ...]
    believed: int
    pairs: int

    @property
    def chance(self) -> float:
        """Return the chance that one of the tries passes, at most."""
        return min(1.0, TRIES * self.believed / self.pairs)


def problems(task: Task, grader: Grader, show: Show) -> Iterator[str]:
    """Show how fresh a task is; yield a line for each problem of it."""
    suite = suite_of(grader.library.folder(task.folder), task)
    first = _recordings(grader, task, SEEDS[:_FIRST], suite.checks)
    fresh = fresh_checks(suite, first)
    found = measure(suite, fresh, first + _recordings(
        grader, task, SEEDS[_FIRST:], fresh))
    show(line(task, found))
    if task.constant:
        return
    if found.chance > MAX_CHANCE:
        yield (f"{task.id}: who knows the library passes in "
               f"{found.believed} of {found.pairs} runs, and has {TRIES} "
               "tries; draw what the checks try from self.random")
    if memorised_answer_passes(grader, task, first[0][1]):
        yield (f"{task.id}: a submission that answers from a table "
               "passes")


def _recordings(grader: Grader, task: Task, seeds: Sequence[str],
                checks: Sequence[str]) -> list[Recording]:
    return [(seed, grader.seen_of_model(task, seed, checks))
            for seed in seeds]


def cut(value: Any, keep: int, depth: int) -> Any:
    """Return a packed value with its lists cut to `keep` items.

    With a `depth` the lists within the outer ones are cut instead. A tuple
    keeps its length.
    """
    match value:
        case {"tuple": [*items]}:
            return {"tuple": [cut(each, keep, depth) for each in items]}
        case {"list": [*items]} if depth:
            return {"list": [cut(each, keep, depth - 1) for each in items]}
        case {"list": [*items]}:
            return {"list": items[:keep]}
        case str():
            return value[:keep]
    return value


def no_number(value: Any) -> Any:
    """Return a packed value with NaN for each number and each text."""
    match value:
        case {"list": [*items]}:
            return {"list": [*map(no_number, items)]}
        case {"tuple": [*items]}:
            return {"tuple": [*map(no_number, items)]}
        case {"int": _} | {"float": _} | {"Decimal": _}:
            return {"float": "nan"}
        case str():
            return "nan"
    return value


# The changes that are tried on values that a submission cannot know.
GUESSES: tuple[Callable[[Any], Any], ...] = (
    *(partial(cut, keep=keep, depth=depth)
      for keep in (0, 1) for depth in (0, 1)), no_number)


def fresh_checks(suite: Suite,
                 recordings: Sequence[Recording]) -> tuple[str, ...]:
    """Return the checks that fail with the observations of another seed.

    Those that a guess passes with every seed are left out.
    """
    pairs = [*permutations(recordings, 2)]
    return tuple(
        check for check in suite.checks
        if not all(_passes(suite, check, *pair) for pair in pairs)
        and not any(all(
            _passes(suite, check, now, _guessed(check, now, known, guess))
            for now, known in pairs) for guess in GUESSES))


def measure(suite: Suite, fresh: tuple[str, ...],
            recordings: Sequence[Recording]) -> Freshness:
    """Judge the fresh checks of each recording with the other seeds."""
    pairs = [*permutations(recordings, 2)]
    return Freshness(
        checks=suite.checks, fresh=fresh, pairs=len(pairs),
        believed=sum(all(_passes(suite, check, *pair) for check in fresh)
                     for pair in pairs))


def _passes(suite: Suite, check: str, now: Recording,
            known: Recording) -> bool:
    seed, right = now
    return judge(suite, check, seed, known[1][check],
                 right[check].entries).finding is None


def _guessed(check: str, now: Recording, known: Recording,
             guess: Callable[[Any], Any]) -> Recording:
    """Return a recording with a guess for each value that differs now."""
    entries = tuple(
        each if each == right or "value" not in each
        else {**each, "value": guess(each["value"])}
        for each, right in zip_longest(known[1][check].entries,
                                       now[1][check].entries) if each)
    return known[0], {check: replace(known[1][check], entries=entries)}


def line(task: Task, found: Freshness) -> str:
    """Return one line on a task: its fresh checks, and the chance."""
    chance = (f"{TRIES * found.believed} of {found.pairs}" if found.believed
              else f"less than 1 in {found.pairs // TRIES}")
    names = ", ".join(check.partition(".test_")[2] for check in found.fresh)
    return (f"{task.id}: {len(found.fresh)} of {len(found.checks)} checks are"
            f" fresh, chance {chance}"
            + (f" ({task.constant})" if task.constant else f": {names}"))


def memorised_answer_passes(grader: Grader, task: Task,
                            seen: dict[str, Observed]) -> bool:
    """Return whether a file passes that writes the results of an earlier run.
    """
    suite = suite_of(grader.library.folder(task.folder), task)
    file = SubmittedFile(content=memorised_answer(suite, seen).encode())
    graded = grader.grade(Submission(name="memorised", folders={
        task.folder: {task.file: file}}), [task])
    return graded.tasks[0].dimensions["behaviour"] == PASS


def memorised_answer(suite: Suite, seen: dict[str, Observed]) -> str:
    """Return a program that writes all messages of a run, and exits."""
    lines = [json.dumps({"check": suite.named(check), "seen": each.entries,
                         "problem": None, "advice": [],
                         "called": list(map(asdict, each.called))})
             for check, each in seen.items()]
    text = "\n".join([*lines, json.dumps({"done": True})]) + "\n"
    return f"import os\nos.write(3, {text.encode()!r})\nos._exit(0)\n"
