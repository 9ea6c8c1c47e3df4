"""What it helps to know the whole library, but not this run's inputs.

A check is fresh if what it sees of the model with one seed is not right
with another. The chance of an answer without the work is measured: of what
was seen with one seed, how much is taken for right with another.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from itertools import permutations

from grader.behaviour.checks import Seen
from grader.behaviour.judge import judge
from grader.behaviour.suite import Suite, suite_of
from grader.grading import Grader
from grader.library import Folder, Task
from grader.submission import SubmittedFile, Submission
from grader.verdict import PASS

Tell = Callable[[str], object]
Recording = tuple[str, dict[str, Seen]]

# Each is tried with what was seen with all the others: 1,056 pairs.
SEEDS = tuple(f"lint {number}" for number in range(33))
MAX_CHANCE = 0.001
# Pairs by which a check is called fresh.
_SAMPLE = 20


@dataclass(frozen=True, kw_only=True)
class Freshness:
    """The fresh checks of a task, and how many of its pairs are believed."""

    checks: tuple[str, ...]
    fresh: tuple[str, ...]
    believed: int
    pairs: int

    @property
    def chance(self) -> float:
        """Return the chance of an answer from memory to be believed."""
        return self.believed / self.pairs


def problems(folder: Folder, grader: Grader, tell: Tell) -> Iterator[str]:
    """Tell how fresh each task is; yield those that can be known."""
    with ThreadPoolExecutor(2 * (os.cpu_count() or 1)) as pool:
        for task in folder.tasks:
            suite = suite_of(folder, task)
            seen = pool.map(
                lambda seed: grader.seen_of_model(task, seed), SEEDS)
            recordings = [*zip(SEEDS, seen)]
            found = measure(suite, recordings)
            tell(line(task, found))
            if task.constant:
                continue
            if found.chance > MAX_CHANCE:
                yield (f"{task.id}: who knows the library passes in "
                       f"{found.believed} of {found.pairs} runs; draw what "
                       "the checks try from self.random")
            if knower_passes(grader, task, recordings[0][1]):
                yield (f"{task.id}: a submission that answers from a table "
                       "passes")


def measure(suite: Suite, recordings: Sequence[Recording]) -> Freshness:
    """Judge with each seed what was seen of the model with another."""
    pairs = [*permutations(recordings, 2)]
    failing = {check: sum(not _passes(suite, check, *pair)
                          for pair in pairs[::len(pairs) // _SAMPLE])
               for check in suite.checks}
    # What fails most often is tried first, and ends it.
    order = sorted(suite.checks, key=lambda check: -failing[check])
    believed = sum(all(_passes(suite, check, *pair) for check in order)
                   for pair in pairs)
    return Freshness(
        checks=suite.checks, believed=believed, pairs=len(pairs),
        fresh=tuple(check for check in suite.checks if failing[check]))


def _passes(suite: Suite, check: str, now: Recording,
            known: Recording) -> bool:
    seed, right = now
    return judge(suite, check, seed, known[1][check],
                 right[check].looks).finding is None


def line(task: Task, found: Freshness) -> str:
    """Return one line on a task: its fresh checks, and the chance."""
    chance = (f"{found.believed} of {found.pairs}" if found.believed
              else f"less than 1 in {found.pairs}")
    names = ", ".join(check.partition(".test_")[2] for check in found.fresh)
    return (f"{task.id}: {len(found.fresh)} of {len(found.checks)} checks are"
            f" fresh, chance {chance}"
            + (f" ({task.constant})" if task.constant else f": {names}"))


def knower_passes(grader: Grader, task: Task,
                  seen: dict[str, Seen]) -> bool:
    """Grade a file that reports what a right answer has once shown."""
    file = SubmittedFile(content=knower(seen).encode())
    graded = grader.grade(Submission(name="knower", folders={
        task.folder: {task.file: file}}), [task])
    return graded.tasks[0].dimensions["behaviour"] == PASS


def knower(seen: dict[str, Seen]) -> str:
    """Return a program that writes all results of a run at once, and ends.
    """
    lines = [json.dumps({"check": check, "seen": each.looks, "problem": None,
                         "advice": [],
                         "called": list(map(asdict, each.called))})
             for check, each in seen.items()]
    text = "\n".join([*lines, json.dumps({"done": True})]) + "\n"
    return f"import os\nos.write(3, {text.encode()!r})\nos._exit(0)\n"
