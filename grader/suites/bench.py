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
from grader.suites.checks import Seen, Stuck, read_outcome, where_stuck
from grader.suites.judge import Judged, judge as judge_check
from grader.suites.suite import Suite, model_files, suite_of
from grader.wall.forking import Wall
from grader.wall.outcome import Ended, Outcome

# After that many runs that were stopped or crashed, the checks that are left
# count as not run: each hang costs seconds.
MAX_BAD_ENDS = 2
NOT_RUN = "not run, since the checks before it did not end"


# Observations on models, by folder, suite and seed: submissions in a row
# share a seed (Options.same_inputs). The oldest are dropped.
_of_models: OrderedDict[tuple[str, str, str], dict[str, Seen]] = OrderedDict()
_KEPT = 64


@dataclass(frozen=True)
class Bench:
    """A wall, a folder and a task: all that is needed to try an answer."""

    wall: Wall
    folder: Folder
    task: Task

    @property
    def suite(self) -> Suite:
        """Return the suite of the task, which is cached."""
        return suite_of(self.folder, self.task)

    def judge(self, files: Mapping[str, bytes], seed: str) -> Remarks:
        """Judge the behaviour of a submission on the inputs of a seed.

        `files` are all files of its folder, by name.
        """
        return self.remarks(
            *self.observe(files, seed, self.suite.checks), seed)

    def remarks(self, seen: Mapping[str, Seen], seconds: float,
                seed: str) -> Remarks:
        """Judge what all checks have observed in a run of some seconds."""
        judged = self.compare(seen, seed)
        # Fixed inputs first, which need no model and give the same message
        # every time; the fresh ones only if nothing is wrong so far.
        if self.suite.observes and not any(
                each.finding for each in judged.values()):
            judged = self.compare(seen, seed, self.seen_of_model(seed))
        failures = [each.finding for each in judged.values() if each.finding]
        untold = next((each for each in failures if each.cause == "unfinished"
                       and each.message != NOT_RUN), None)
        if untold:
            # The suite has guessed wrongly how to use the answer, so the
            # failures after this one mean nothing.
            del failures[failures.index(untold):]
        return Remarks(
            failures=tuple(failures), error=untold.message if untold else None,
            advice=tuple(dict.fromkeys(
                remark for each in judged.values() for remark in each.advice)),
            traits=tuple(found for each in seen.values()
                         for found in each.called),
            seconds=seconds)

    def compare(self, seen: Mapping[str, Seen], seed: str,
                model: Mapping[str, Seen] | None = None) -> dict[str, Judged]:
        """Judge each check by its observations, and those on the model.

        Without a model, whatever depends on fresh inputs counts as right.
        """
        return {test: judge_check(self.suite, test, seed, each,
                                  model[test].looks if model else None)
                for test, each in seen.items()}

    def seen_of_model(self, seed: str) -> dict[str, Seen]:
        """Return what the checks observe on the model answer."""
        if not self.knows_model(seed):
            self.keep_model(seed, self.observe(
                model_files(self.folder), seed, self.suite.checks)[0])
        return _of_models[self._place(seed)]

    def knows_model(self, seed: str) -> bool:
        """Return whether the model need not be run for `seen_of_model`."""
        return self._place(seed) in _of_models

    def keep_model(self, seed: str, seen: dict[str, Seen]) -> None:
        """Keep what the checks observe on the model answer, for a while."""
        _of_models[self._place(seed)] = seen
        while len(_of_models) > _KEPT:
            _of_models.popitem(last=False)

    def _place(self, seed: str) -> tuple[str, str, str]:
        return str(self.folder.path), self.suite.name, seed

    def observe(self, files: Mapping[str, bytes], seed: str,
                checks: Sequence[str]) -> tuple[dict[str, Seen], float]:
        """Run checks; return what each observed, and the seconds taken.

        A check that ends the run costs only itself: the checks after it are
        run again, in a new run.
        """
        done: dict[str, Seen] = {}
        seconds = 0.0
        bad_ends = 0
        while left := [test for test in checks if test not in done]:
            outcome = run([(self, left)], files, seed,
                          Limits.within(self.task.seconds))
            seconds += outcome.ended.seconds
            finished, culprit, ended = read_outcome(outcome, self.named(left))
            done |= self.own(finished)
            if ended is not None:
                bad_ends += 1
                done[self.short(culprit)] = Seen(problem=_bad_end(
                    self.task, culprit, ended, where_stuck(outcome)))
                if bad_ends == MAX_BAD_ENDS or not finished:
                    _give_up(done, checks)
        return {test: done[test] for test in checks}, seconds

    def named(self, checks: Iterable[str]) -> list[str]:
        """Return the names of checks of this suite in a run."""
        return list(map(self.suite.named, checks))

    def short(self, name: str) -> str:
        """Return the name that a check of a run has in this suite."""
        return name.removeprefix(self.suite.named(""))

    def own(self, seen: Mapping[str, Seen]) -> dict[str, Seen]:
        """Return the part of what a run observed that is of this suite."""
        return {check: seen[name] for check in self.suite.checks
                if (name := self.suite.named(check)) in seen}

    def part(self, checks: Sequence[str]) -> dict[str, Any]:
        """Return what a run needs to know of these checks."""
        return {"suite": self.suite.name, "code": self.suite.code,
                "file": self.task.file, "tests": self.named(checks),
                "variants": self.suite.variants}


def run(parts: Sequence[tuple[Bench, Sequence[str]]],
        files: Mapping[str, bytes], seed: str, limits: Limits) -> Outcome:
    """Run checks of one task, or of several tasks of one folder."""
    bench = parts[0][0]
    folder = bench.folder
    given = {name: (folder.path / name).read_bytes()
             for name in (*folder.given, *folder.props)}
    return bench.wall.run("suite", {
        "seed": seed, "files": _encoded(files), "given": _encoded(given),
        "suites": [each.part(checks) for each, checks in parts]}, limits)


def _encoded(files: Mapping[str, bytes]) -> dict[str, str]:
    return {name: encode(content) for name, content in files.items()}


def _bad_end(task: Task, test: str, ended: Ended, at: Stuck) -> Finding:
    assert ended.cause
    found = Finding(dimension="behaviour", check=test.rpartition(".")[2],
                    cause=ended.cause, message=f"{task.file}: {ended.detail}")
    if ended.cause != "timeout":
        return found
    what = at.call or f"{task.file}: it"
    return replace(
        found, call=at.call, line=at.line, output=at.output,
        message=f"{what} did not finish within {task.seconds:g} seconds")


def _give_up(done: dict[str, Seen], tests: Sequence[str]) -> None:
    for test in tests:
        done.setdefault(test, Seen(problem=Finding(
            dimension="behaviour", check=test.rpartition(".")[2],
            cause="unfinished",
            message=NOT_RUN)))
