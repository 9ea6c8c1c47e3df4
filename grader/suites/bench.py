"""Runs the suite of one task on answers, and judges what its checks observe.

The checks run twice: inside the wall they only observe the submission, and
outside they compare these observations with what is right.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from grader.findings.finding import Finding
from grader.findings.untrusted import Remarks
from grader.inside.limits import Limits
from grader.inside.source import encode
from grader.library.library import Folder, Task
from grader.suites.checks import Observed, StuckAt, read_outcome, where_stuck
from grader.suites.judge import Judged, judge as judge_check
from grader.suites.suite import Suite, model_files, suite_of
from grader.wall.forking import Wall
from grader.wall.outcome import Ended, Outcome

# After two runs that were stopped or crashed, the checks that are left count
# as not run: each hang costs seconds.
MAX_BAD_ENDS = 2
NOT_RUN = "not run, since the checks before it did not end"

# Observations on models, by folder, suite and seed: submissions in a row
# share a seed (Options.same_inputs). The oldest are dropped.
_of_models: OrderedDict[tuple[str, str, str],
                        dict[str, Observed]] = OrderedDict()
_KEPT = 64


@dataclass(frozen=True)
class Bench:
    """A wall, a folder and a task: all that is needed to try an answer.

    `judge` does it all: it runs the checks by `observe`, compares what they
    observed by `compare`, and sums up by `remarks`.
    """

    wall: Wall
    folder: Folder
    task: Task

    @property
    def suite(self) -> Suite:
        """Return the suite of the task; reading it is cached."""
        return suite_of(self.folder, self.task)

    def judge(self, files: Mapping[str, bytes], seed: str) -> Remarks:
        """Run the checks on the inputs of a seed; return the remarks.

        `files` are all files of the submission's folder, by name.
        """
        return self.remarks(
            *self.observe(files, seed, self.suite.checks), seed)

    def remarks(self, seen: Mapping[str, Observed], seconds: float,
                seed: str) -> Remarks:
        """Return the remarks on what all checks observed with a seed.

        `seen` is by check, `seconds` what the runs took.
        """
        judged = self.compare(seen, seed)
        # Fixed inputs first, which need no model and give the same message
        # every time; the fresh ones only if nothing is wrong so far.
        if self.suite.observes and not any(
                each.finding for each in judged.values()):
            judged |= self.compare(
                {test: each for test, each in seen.items()
                 if each.needs_model}, seed, self.seen_of_model(seed))
        failures = [each.finding for each in judged.values() if each.finding]
        unfinished = next((
            each for each in failures if each.cause == "unfinished"
            and each.message != NOT_RUN), None)
        if unfinished:
            # The suite has guessed wrongly how to use the answer, so the
            # failures after this one mean nothing.
            del failures[failures.index(unfinished):]
        return Remarks(
            failures=tuple(failures),
            error=unfinished.message if unfinished else None,
            advice=tuple(dict.fromkeys(
                remark for each in judged.values() for remark in each.advice)),
            traits=tuple(found for each in seen.values()
                         for found in each.called),
            seconds=seconds)

    def compare(self, seen: Mapping[str, Observed], seed: str,
                model: Mapping[str, Observed] | None = None
                ) -> dict[str, Judged]:
        """Return the verdict on each check, by what it observed.

        `model` is what the checks observed on the model answer. Without it,
        all that depends on fresh inputs counts as right.
        """
        return {test: judge_check(self.suite, test, seed, each,
                                  model[test].entries if model else None)
                for test, each in seen.items()}

    def seen_of_model(self, seed: str) -> dict[str, Observed]:
        """Return what the checks observe on the model answer."""
        if not self.knows_model(seed):
            self.keep_model(seed, self.observe(
                model_files(self.folder), seed, self.suite.checks)[0])
        return _of_models[self._key(seed)]

    def knows_model(self, seed: str) -> bool:
        """Return whether the model need not be run for `seen_of_model`."""
        return self._key(seed) in _of_models

    def keep_model(self, seed: str, seen: dict[str, Observed]) -> None:
        """Keep what the checks observe on the model answer, for a while."""
        _of_models[self._key(seed)] = seen
        while len(_of_models) > _KEPT:
            _of_models.popitem(last=False)

    def _key(self, seed: str) -> tuple[str, str, str]:
        return str(self.folder.path), self.suite.name, seed

    def observe(self, files: Mapping[str, bytes], seed: str,
                checks: Sequence[str]) -> tuple[dict[str, Observed], float]:
        """Run checks; return what each observed, and the seconds taken.

        A check that ends the run costs only itself: the checks after it are
        run again, in a new run.
        """
        done: dict[str, Observed] = {}
        seconds = 0.0
        bad_ends = 0
        while left := [test for test in checks if test not in done]:
            outcome = run([(self, left)], files, seed,
                          Limits.within(self.task.seconds))
            seconds += outcome.ended.seconds
            finished, culprit, ended = read_outcome(
                outcome, self.run_names(left))
            done |= self.own_part(finished)
            if ended is not None:
                bad_ends += 1
                done[self.check_of(culprit)] = Observed(problem=_bad_end(
                    self.task, culprit, ended, where_stuck(outcome)))
                if bad_ends == MAX_BAD_ENDS or not finished:
                    _give_up(done, checks)
        return {test: done[test] for test in checks}, seconds

    # In a run, which may be of several suites, the name of a check has that
    # of its suite before it: "suite.Class.method".

    def run_names(self, checks: Iterable[str]) -> list[str]:
        """Return the names that checks of this suite have in a run."""
        return list(map(self.suite.named, checks))

    def check_of(self, name: str) -> str:
        """Return the check, "Class.method", that has a name in a run."""
        return name.removeprefix(self.suite.named(""))

    def own_part(self, seen: Mapping[str, Observed]) -> dict[str, Observed]:
        """Return what checks of this suite observed, of all in a run."""
        return {check: seen[name] for check in self.suite.checks
                if (name := self.suite.named(check)) in seen}

    def request(self, checks: Sequence[str]) -> dict[str, Any]:
        """Return an entry of "suites" in a request, with these checks only.

        The job that reads it is grader.inside.suite.checks.
        """
        return {"suite": self.suite.name, "code": self.suite.code,
                "file": self.task.file, "tests": self.run_names(checks),
                "variants": self.suite.variants}


def run(parts: Sequence[tuple[Bench, Sequence[str]]],
        files: Mapping[str, bytes], seed: str, limits: Limits) -> Outcome:
    """Run checks of one task, or of several tasks of one folder.

    `files` are all files of the submission's folder, by name.
    """
    bench = parts[0][0]
    folder = bench.folder
    # A prop may be the model answer of a task: its own run must not have it.
    judged = {each.task.file for each, _ in parts}
    given = {name: (folder.path / name).read_bytes()
             for name in (*folder.given, *folder.props)
             if name not in judged}
    return bench.wall.run("suite", {
        "seed": seed, "files": _encoded(files), "given": _encoded(given),
        "suites": [each.request(checks) for each, checks in parts]}, limits)


def _encoded(files: Mapping[str, bytes]) -> dict[str, str]:
    return {name: encode(content) for name, content in files.items()}


def _bad_end(task: Task, test: str, ended: Ended, at: StuckAt) -> Finding:
    """Return the failure of the check that ended its run."""
    assert ended.cause
    found = Finding(dimension="behaviour", check=test.rpartition(".")[2],
                    cause=ended.cause, message=f"{task.file}: {ended.detail}")
    if ended.cause != "timeout":
        return found
    what = at.call or f"{task.file}: it"
    return replace(
        found, call=at.call, line=at.line, output=at.output,
        message=f"{what} did not finish within {task.seconds:g} seconds")


def _give_up(done: dict[str, Observed], tests: Sequence[str]) -> None:
    """Enter the checks that are not in `done` as not run."""
    for test in tests:
        done.setdefault(test, Observed(problem=Finding(
            dimension="behaviour", check=test.rpartition(".")[2],
            cause="unfinished",
            message=NOT_RUN)))
