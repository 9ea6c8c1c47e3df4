"""Draws conclusions about the tests of one task from all rounds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from grader.findings.finding import Finding
from grader.findings.untrusted import Untrustworthy, text
from grader.inside.source import read
from grader.learnertests import messages
from grader.learnertests.faults import Fault
from grader.learnertests.instruments import Instruments
from grader.learnertests.rounds import Round, methods
from grader.learnertests.testrun import Case, TestRun, Why
from grader.library.library import Task


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """The rounds in which a task's tests ran, and the task's faults.

    `known` are the instruments of the course.
    """

    task: Task
    known: Instruments
    faults: tuple[Fault, ...]
    rounds: Sequence[Round]

    @cached_property
    def right(self) -> list[Round]:
        """Return the rounds in which the code that the task tests is right.

        Rounds with another task's fault in the same code are neither among
        these nor among those that the task's tests must fail in.
        """
        return [run for run in self.rounds if not any(
            fault.touches(own) for fault in run.faults
            for own in self.faults)]

    def wrong(self, method: str) -> Iterator[tuple[Fault, Round]]:
        """Yield the rounds in which a method must fail, with the fault."""
        for run in self.rounds:
            for fault in run.faults:
                if fault in self.faults and fault.caught_by in (None, method):
                    yield fault, run

    @property
    def is_independent(self) -> bool:
        """Return whether other tasks' tests cannot have changed the results.

        If the result is no pass, they may have, since all run in one process.
        """
        broken = [bool(run.result.broken) for run in self.rounds]
        if any(run.result.ended.cause for run in self.rounds):
            return not any(run.result.loads for run in self.rounds)
        if any(broken):
            return all(broken)
        return not self.scaffold() and not any(
            self.trouble(method)
            # A fault of another task may have cancelled one of this task.
            or self.missed(method) and not self.is_missing(method)
            for method in methods(self.task))

    @cached_property
    def fails_on(self) -> Literal["right", "wrong"] | None:
        """Return with which code the task's tests do what they should not.

        "right" means that all fail with the right code, "wrong" that all
        pass it, but some faults remain unnoticed. None is all else.
        """
        if any(run.result.ended.cause or run.result.broken
               for run in self.rounds):
            return None
        found: Sequence[Finding | None] = self.scaffold() or [
            self.trouble(method) for method in methods(self.task)]
        if any(found):
            return "right" if all(each and each.cause != "untrusted"
                                  for each in found) else None
        return "wrong" if self.unnoticed and not any(
            map(self.is_missing, methods(self.task))) else None

    @cached_property
    def unnoticed(self) -> tuple[Fault, ...]:
        """Return the faults that any test misses which must notice them."""
        found = {name for method in methods(self.task)
                 for name in self._missed(method)}
        return tuple(each for each in self.faults if each.name in found)

    def unusable(self) -> Finding | None:
        """Return why the file cannot be judged: it hangs, ends, is broken.
        """
        for run in sorted(self.rounds, key=lambda run: run not in self.right):
            ended, file = run.result.ended, self.task.file
            where = (" when the code is wrong" if run not in self.right
                     and any(not each.result.ended.cause and each.result.loads
                             for each in self.right) else "")
            if ended.cause == "timeout":
                return finding("file", "timeout",
                               f"{file} does not finish within "
                               f"{self.task.seconds:g} seconds{where}")
            if ended.cause:
                return finding("file", ended.cause,
                               f"{file}: {ended.detail}{where}")
            if run.result.broken and run in self.right:
                return finding("file", "broken",
                               messages.broken(file, run.result.broken,
                                               self.known),
                               run.result.broken.line)
        return None

    def scaffold(self) -> list[Finding]:
        """Return what is wrong with demanded classes and their set-up."""
        return [wrong for name in self.task.methods if "." not in name
                for wrong in self._class(name)]

    def _class(self, name: str) -> list[Finding]:
        """Return the failures of a class, of the first round with any.

        In rounds with a fault an honest class must be wrong, too: one that
        is right there makes its answers up.
        """
        try:
            for run in self.right:
                if wrong := self._complaints(name, run):
                    return [finding(name, "wrong", each, _line_in(each))
                            for each in wrong]
            if all(run.can_show(fault) and self._complaints(name, run)
                   for fault, run in self.wrong(name)):
                return []
        except Untrustworthy as error:
            return [finding(name, "untrusted", str(error))]
        return [finding(name, "untrusted", messages.answers_itself(name))]

    def _complaints(self, name: str, run: Round) -> list[str]:
        """Return what is wrong with the set-up of a class in one round."""
        if not run.result.scaffold:
            return [f"there is no test class {name}"]
        given = {file: read(content) for file, content
                 in run.request["given"].items()}
        found: dict[str, None] = {}
        for answer in run.result.scaffold:
            if not isinstance(answer, dict):
                raise Untrustworthy("a class is no object")
            try:
                found |= dict.fromkeys(self.known.complaints(
                    name, run.request["scaffold"], answer, given, text,
                    self._explain))
            except (LookupError, TypeError, ValueError,
                    RecursionError) as error:
                raise Untrustworthy("half an answer about a class"
                                    ) from error
        return list(found)

    def _explain(self, error: object) -> str:
        return messages.explain(Why(kind="", text=text(error)), self.known)

    def trouble(self, method: str) -> Finding | None:
        """Return why a test does not pass the right code, None if it does."""
        given = [run.result.of(method) for run in self.right]
        cases = [case for several in given for case in several]
        if any(case.network for case in cases):
            return finding(method, "network", messages.network(
                method, self.known))
        for how in {case.outcome for case in cases} & {"async", "yield"}:
            return finding(method, "wrong", messages.never_runs(method, how))
        if any(case.outcome == "skip" for case in cases):
            return finding(method, "wrong", messages.skips(method))
        objecting = [case for case in cases if case.objects]
        if not objecting:
            return None
        if not all(any(case.objects for case in several)
                   for several in given):
            return finding(method, "untrusted", messages.wavers(method))
        why = objecting[0].why
        return finding(method, "wrong", messages.fails_on_given(
            method, why, self.known),
                       why.line if why else None)

    def is_of_right(self, failure: Finding) -> bool:
        """Return whether a failure shows with the right code already."""
        if failure.check == "file":
            return failure.cause == "broken"
        return (failure.call in methods(self.task)
                and self.trouble(failure.call) is not None)

    def is_missing(self, method: str) -> bool:
        """Return whether a method has no case in one of the right rounds."""
        return not all(run.result.of(method) for run in self.right)

    def makes_assertions(self, method: str) -> bool:
        """Return whether any case of a method called an assertion."""
        return any(case.assertions for run in self.right
                   for case in run.result.of(method))

    def missed(self, method: str) -> list[str]:
        """Return the descriptions of the faults that a method misses."""
        missed = self._missed(method)
        return [missed[name].description for name in sorted(missed)]

    def _missed(self, method: str) -> dict[str, Fault]:
        return {fault.name: fault for fault, run in self.wrong(method)
                if not run.result.broken
                # A failure counts only if the wrong function was called.
                and not (run.can_show(fault) and objections(run, method))}

    def never_runs(self, method: str) -> bool:
        """Return whether no case of a method calls the given code."""
        return not any(case.calls for run in self.rounds
                       for case in run.result.of(method))

    def code(self, method: str) -> list[str]:
        """Return the functions that a method's faults are in."""
        return sorted({place for fault, _ in self.wrong(method)
                       for place in fault.bodies})

    def fault_count(self, method: str) -> int:
        """Return the number of faults that a method must notice."""
        return len({fault.name for fault, _ in self.wrong(method)})

    def catches(self) -> Mapping[str, tuple[str, ...]]:
        """Return the names of the cases that noticed each fault.

        For a fault of a class and its set-up, that is the class's name.
        """
        noticed: dict[str, tuple[str, ...]] = {}
        for each in self.task.methods:
            for fault, run in self.wrong(each):
                noticed[fault.name] = (tuple(
                    case.name for method in methods(self.task)
                    for case in objections(run, method))
                    if "." in each else (each,))
        return {name: noticed[name] for name in sorted(noticed)}


def _line_in(complaint: str) -> int | None:
    """Return the line that a complaint names."""
    found = re.search(r", line (\d{1,7}),", complaint)
    return int(found[1]) if found else None


def objections(run: Round, method: str) -> list[Case]:
    """Return the cases of a method that failed in a round."""
    return [case for case in run.result.of(method) if case.objects]


def passes(run: TestRun, failure: Finding) -> bool:
    """Return whether the method of a failure passes in another run."""
    if failure.check == "file" or failure.call is None:
        return run.loads
    cases = run.of(failure.call)
    return bool(cases) and all(each.outcome == "pass" for each in cases)


def finding(check: str, cause: str, message: str,
            line: int | None = None) -> Finding:
    """Return a failure whose check is a method, a class or "file"."""
    return Finding(dimension="behaviour", check=check.rpartition(".")[2],
                   cause=cause, message=message, line=line,
                   call=None if check == "file" else check)
