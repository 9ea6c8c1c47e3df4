"""Judges several tasks of a folder by one run, as far as they pass in it.

To start a run takes longer than the checks of most tasks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from grader.findings.untrusted import Remarks
from grader.inside.limits import Limits
from grader.suites.bench import Bench, run
from grader.suites.checks import Seen, read_outcome
from grader.suites.suite import model_files


def passing_together(benches: Sequence[Bench], files: Mapping[str, bytes],
                     seed: str) -> dict[str, Remarks]:
    """Return the remarks on the tasks that pass in a run of all, by id.

    The others are missing: a task may have failed for what an earlier one
    left behind, so it has to be judged again, by `Bench.judge`.
    """
    seen, seconds = _observe(benches, files, seed)
    _know_models([each for each in benches if each.task.id in seen], seed)
    share = seconds / len(benches)
    found = {each.task.id: each.remarks(seen[each.task.id], share, seed)
             for each in benches if each.task.id in seen}
    return {id: remarks for id, remarks in found.items()
            if not remarks.failures and not remarks.error}


def _know_models(benches: Sequence[Bench], seed: str) -> None:
    """Observe the models that some tasks are compared with, in one run."""
    unknown = [each for each in benches
               if each.suite.observes and not each.knows_model(seed)]
    if len(unknown) > 1:
        seen, _ = _observe(unknown, model_files(unknown[0].folder), seed)
        for each in unknown:
            if each.task.id in seen:
                each.keep_model(seed, seen[each.task.id])


def _observe(benches: Sequence[Bench], files: Mapping[str, bytes], seed: str
             ) -> tuple[dict[str, dict[str, Seen]], float]:
    """Run all checks of several tasks; return the seconds taken, too.

    Only those tasks are there, by id, whose checks all came to their ends.
    """
    # A check that hangs is run again, alone, with all of its time. Here less
    # is enough: what passes takes a tenth of it.
    seconds = max(each.task.seconds for each in benches)
    outcome = run(
        [(each, each.suite.checks) for each in benches], files, seed,
        Limits(cpu_seconds=2 * seconds / 3, wall_seconds=2 * seconds))
    done, _, _ = read_outcome(outcome, [
        name for each in benches for name in each.named(each.suite.checks)])
    seen = {each.task.id: each.own(done) for each in benches}
    return {each.task.id: seen[each.task.id] for each in benches
            if _is_whole(seen[each.task.id], each)}, outcome.ended.seconds


def _is_whole(seen: Mapping[str, Seen], bench: Bench) -> bool:
    """Return whether every check of a suite came to its end."""
    return seen.keys() == set(bench.suite.checks) and not any(
        each.problem for each in seen.values())
