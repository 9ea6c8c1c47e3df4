"""Hostile submissions in a row: what do they leave, and what grows?

`make soak` grades two hundred in each tier, drawn at random from
hostile.toml, and fails if one leaves anything behind.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from random import Random

from grader.errors import UserError
from grader.grading.grading import Grader, Options
from grader.library.library import Library, load_library
from grader.submission.submission import collect
from tests.attacks import hostile
from tests.helpers import traces

TIERS = ("full", "reduced")
GRADINGS = 200
JOBS = 2
# What the allocator keeps; a leak in every grading would be far more.
GROWTH = 8 << 20


@dataclass(frozen=True, kw_only=True)
class Soaked:
    """What a row of gradings came to.

    `before` and `after` the second half of them: the bytes of memory that
    the grader and its walls hold.
    """

    tier: str
    gradings: int
    errors: Sequence[str]
    left: Sequence[str]
    seconds: float
    before: int
    after: int

    @property
    def is_clean(self) -> bool:
        """Return whether nothing is left and nothing has grown."""
        return (not self.left and not self.errors
                and self.after - self.before < GROWTH)

    def __str__(self) -> str:
        return (f"{self.tier:9}{self.gradings:9}{self.seconds:8.1f} s"
                f"{len(self.errors):8}{len(self.left):6}"
                f"{self.before / 1e6:9.1f} MB{self.after / 1e6:7.1f} MB  "
                f"{'clean' if self.is_clean else 'NOT CLEAN'}")


HEADING = (f"{'tier':9}{'gradings':>9}{'time':>10}{'errors':>8}{'left':>6}"
           f"{'halfway':>12}{'at last':>10}")


def soak(tier: str, library: Library,
         drawn: Sequence[hostile.Entry]) -> Soaked:
    """Grade these entries in one tier, on a library of one task.

    Raises UserError where there is no such tier.
    """
    with tempfile.TemporaryDirectory() as name, \
            traces.folder_for_runs() as folder:
        before = traces.look(folder)
        with Grader(library, Options(isolation=tier, jobs=JOBS)) as grader:
            started = time.monotonic()
            walls = traces.look(folder).processes
            half = len(drawn) // 2
            errors = _grade_all(grader, library, drawn[:half],
                                Path(name, "first"))
            # What is made once, and caches, have been filled by now.
            memory, at_work = _memory(folder, walls), traces.look(folder)
            errors += _grade_all(grader, library, drawn[half:],
                                 Path(name, "second"))
            taken = time.monotonic() - started
            left = traces.left_behind(at_work, folder)
            grown = _memory(folder, walls)
        left += traces.left_behind(before, folder)
    return Soaked(tier=tier, gradings=len(drawn), errors=errors, left=left,
                  seconds=taken, before=memory, after=grown)


def _memory(folder: Path, walls: frozenset[str]) -> int:
    """Return the bytes that this process and the walls alone hold.

    First every run must have ended: what it shares with its wall, most of
    the wall's memory, would not be counted.
    """
    traces.wait_for_ends(folder, walls)
    return traces.memory({"self", *walls})


def _grade_all(grader: Grader, library: Library,
               drawn: Sequence[hostile.Entry], root: Path) -> list[str]:
    """Grade in a row, a few at a time; return what the grader failed at."""
    def grade(place: int) -> list[str]:
        entry, path = drawn[place], root / str(place)
        task = hostile.task_of(entry, library)
        hostile.hand_in(entry, task, path)
        report = grader.grade(collect(path, library), [task])
        return [entry["id"]] * report.count("error")

    with ThreadPoolExecutor(JOBS) as pool:
        return sum(pool.map(grade, range(len(drawn))), [])


def main(words: list[str]) -> int:
    """Print a line a tier; the first word is how many gradings."""
    gradings = int(words[0]) if words else GRADINGS
    seed = int(words[1]) if words[1:] else time.time_ns() % 10000
    print(f"seed {seed}\n{HEADING}", flush=True)
    drawn = Random(seed).choices([
        each for each in hostile.ENTRIES.values()
        if hostile.is_small(each)], k=gradings)
    clean = True
    with tempfile.TemporaryDirectory() as name:
        library = hostile.one_task(load_library(), Path(name))
        for tier in TIERS:
            try:
                soaked = soak(tier, library, drawn)
            except UserError as error:
                print(f"{tier:9}not to be had: {error.what}")
                continue
            print(soaked, flush=True)
            for each in (*soaked.errors, *soaked.left):
                print(f"    {each}")
            clean = clean and soaked.is_clean
    return 0 if clean else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
