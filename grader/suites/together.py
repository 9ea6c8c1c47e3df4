"""Finds which tasks of a folder pass, by one run for all of them.

To start a run takes longer than the checks of most tasks. The tasks that fail
are judged again by the caller, each in a run of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from grader.findings.untrusted import Remarks
from grader.inside.limits import Limits
from grader.suites.bench import Bench, run
from grader.suites.checks import Observed, read_outcome
from grader.suites.suite import model_files


def passing_together(benches: Sequence[Bench], files: Mapping[str, bytes],
                     seed: str) -> dict[str, Remarks]:
    """Return the remarks on the tasks that pass in a run of all, by id.

    The others are missing: a task may have failed for what an earlier one
    left behind, so it has to be judged again, by `Bench.judge`.
    """
    seen, seconds = _observe(benches, files, seed)
    _observe_models([each for each in benches if each.task.id in seen], seed)
    share = seconds / len(benches)
    found = {each.task.id: each.remarks(seen[each.task.id], share, seed)
             for each in benches if each.task.id in seen}
    return {id: remarks for id, remarks in found.items()
            if not remarks.failures and not remarks.error}


def _observe_models(benches: Sequence[Bench], seed: str) -> None:
    """Run the models of tasks that need theirs, all in one run.

    What was observed is kept where Bench.seen_of_model finds it.
    """
    unknown = [each for each in benches
               if each.suite.observes and not each.knows_model(seed)]
    if len(unknown) > 1:
        seen, _ = _observe(unknown, model_files(unknown[0].folder), seed)
        for each in unknown:
            if each.task.id in seen:
                each.keep_model(seed, seen[each.task.id])


def _observe(benches: Sequence[Bench], files: Mapping[str, bytes], seed: str
             ) -> tuple[dict[str, dict[str, Observed]], float]:
    """Run all checks of several tasks in one run.

    Returns what the checks of each task observed, by its id, and the seconds
    taken. Tasks of which a check did not come to its end are left out.
    """
    # A check that hangs is run again, alone, with all of its time. Here less
    # is enough: what passes takes a tenth of it.
    seconds = max(each.task.seconds for each in benches)
    outcome = run(
        [(each, each.suite.checks) for each in benches], files, seed,
        Limits(cpu_seconds=2 * seconds / 3, wall_seconds=2 * seconds))
    done, _, _ = read_outcome(outcome, [
        name for each in benches
        for name in each.run_names(each.suite.checks)])
    seen = {each.task.id: each.own_part(done) for each in benches}
    return {each.task.id: seen[each.task.id] for each in benches
            if _is_whole(seen[each.task.id], each)}, outcome.ended.seconds


def _is_whole(seen: Mapping[str, Observed], bench: Bench) -> bool:
    """Return whether every check of a suite came to its end."""
    return seen.keys() == set(bench.suite.checks) and not any(
        each.problem for each in seen.values())
