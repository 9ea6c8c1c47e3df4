"""Judge the same wrong answers again and again: is the verdict always one?

Run as `python -m tests.mutants.steady [--seeds N] [--most N] [SELECTOR ...]`.
Of the mutants of the selected tasks those are taken that fresh inputs alone
show wrong, or that some pass; each is judged with N seeds. Prints each whose
verdict is not always the same, with the checks that saw it at times, and
exits with 1 if there is any.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from grader.library.library import Library, load_library
from tests.mutants.judging import Judge, Verdict, opened
from tests.mutants.mutant import LEARNERTESTS, Mutant, every_mutant


def candidates(library: Library, selectors: Sequence[str]) -> list[Mutant]:
    """Return the mutants of what is judged by suites of checks."""
    tasks = [task for task in library.select(selectors)
             if library.folder(task.folder).judge != LEARNERTESTS]
    return [each for each in every_mutant(library, tasks)
            if each.dimension == "behaviour" and not each.check]


def hard_to_see(judge: Judge, mutants: Sequence[Mutant]) -> list[Mutant]:
    """Return those that not both of two seeds show by a check in common.

    What a fixed check sees is seen with any seed, by that check.
    """
    both = [judge_with(judge, mutants, seed) for seed in ("a", "b")]
    return [one.mutant for one, other in zip(*both) if not (
        _fixed(one) & _fixed(other))]


def judge_with(judge: Judge, mutants: Sequence[Mutant],
               seed: str) -> list[Verdict]:
    """Judge mutants on the inputs that a seed gives."""
    seeded = replace(judge, seed=seed)
    return list(judge.pool.map(seeded.behaviour, mutants))


def _fixed(verdict: Verdict) -> set[str]:
    return {check for _, check in verdict.seen_by if "fresh" not in check
            and "agrees_with_the_model" not in check}


def main() -> int:
    """Print what varies; exit status 0 or 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--most", type=int, default=300)
    parser.add_argument("selectors", nargs="*")
    asked = parser.parse_args()
    library, start = load_library(), time.monotonic()
    with opened(library) as judge:
        every = candidates(library, asked.selectors)
        hard = hard_to_see(judge, every)
        # Those in addition show that checks which seem fixed are.
        others = [each for each in every if each not in hard]
        some = hard[:asked.most] + random.Random(0).sample(others, min(
            len(others), max(0, asked.most - len(hard))))
        seen = [judge_with(judge, some, f"{number}")
                for number in range(asked.seeds)]
    varying = 0
    for mutant, *verdicts in zip(some, *seen):
        caught = sum(each.is_caught for each in verdicts)
        if 0 < caught < asked.seeds:
            varying += 1
            checks = Counter(check for each in verdicts
                             for _, check in each.seen_by)
            print(f"{mutant.file} {mutant.name}: caught {caught} times of "
                  f"{asked.seeds}: {dict(checks)}")
    print(f"{len(every)} mutants, {len(hard)} of them seen by fresh inputs "
          f"alone or not at all; {len(some)} judged {asked.seeds} times, "
          f"{varying} of them in two ways; "
          f"{time.monotonic() - start:.0f} s")
    return 1 if varying else 0


if __name__ == "__main__":
    sys.exit(main())
