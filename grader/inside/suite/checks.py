"""The job "suite": runs the checks of one suite on a submission's files.

It runs inside the wall. A check only observes; the grader compares outside.
"""

from __future__ import annotations

import base64
import os
import sys
import unittest
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from types import ModuleType
from typing import Any

from grader.inside import wire
from grader.inside.job import RESULTS
from grader.inside.suite import stuck
from grader.kit import channel, prints
from grader.kit.exceptions import describe, line_in
from grader.kit.failure import Failure
from grader.kit.prints import Transcript
from grader.kit.scratch import GIVEN
from grader.kit.transcript import Recorder

_KEPT_OUTPUT = 4000


def run(request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Run request["tests"] in order; yield what each has observed.

    The request holds the suite's name and source, the files of the
    submission's folder (base64) and the seed for fresh inputs. A check that
    did not come to its end has a "problem", which says why.
    """
    unpack(request["files"], Path())
    unpack(request.get("given", {}), Path(GIVEN))
    prints.keep_descriptors(Path(GIVEN))
    # grader.kit.case reads it when a check asks for random inputs.
    os.environ["GRADE_SEED"] = request["seed"]
    module = _module(request["suite"], request["source"])
    if "limits" in request:
        stuck.watch(request["file"], request["limits"], _tell_stuck)
    for test in request["tests"]:
        yield {"start": test}
        channel.take()
        report = _check(module, test, request)
        yield report | {"advice": channel.take(),
                        "called": list(map(asdict, channel.called()))}
    yield {"done": True}


def _tell_stuck(where: dict[str, Any]) -> None:
    printed = prints.of_call.text() if prints.of_call else ""
    wire.write_line(RESULTS, {"stuck": where | {"output": printed}})


def unpack(files: dict[str, str], folder: Path) -> None:
    """Write files (path to base64) into a folder of the scratch."""
    folder.mkdir(exist_ok=True)
    for name, body in files.items():
        if "/" in name:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(base64.b64decode(body))


def _module(name: str, source: str) -> ModuleType:
    module = ModuleType(name)
    module.__file__ = f"{name}.py"
    # unittest looks a test's module up there, for setUpModule.
    sys.modules[name] = module
    exec(compile(source, f"{name}.py", "exec"), vars(module))
    return module


def _check(module: ModuleType, test: str,
           request: dict[str, Any]) -> dict[str, Any]:
    class_name, method = test.split(".")
    file = request["file"]
    case = getattr(module, class_name)(method)
    case.variants = request["variants"]
    result = Result()
    # What goes to stderr is mostly Python's, with places of ours in it.
    with (prints.kept_by_call(_KEPT_OUTPUT) as output,
            Transcript("stderr", 0).in_place()):
        case.transcript = recorder = Recorder(file, output.text)
        # A TestCase on its own would not call setUpClass.
        unittest.TestSuite([case]).run(result)
    return {"check": test, "seen": recorder.entries,
            "problem": result.problem and _explain(result.problem, file)}


def _explain(error: BaseException, file: str) -> dict[str, Any]:
    line = line_in(error, file)
    if isinstance(error, Failure):
        return {"cause": error.cause, "message": error.message,
                "call": error.call, "expected": error.expected,
                "got": error.got, "line": error.line or line}
    return {"cause": _cause(error), "message": _sentence(error), "line": line,
            "call": None, "expected": None, "got": None}


def _cause(error: BaseException) -> str:
    if isinstance(error, MemoryError):
        return "memory"
    return "exited" if isinstance(error, SystemExit) else "wrong"


def _sentence(error: BaseException) -> str:
    if isinstance(error, AssertionError):
        return AssertionError.__str__(error)[:2000]
    if isinstance(error, MemoryError):
        return f"{channel.doing() or 'it'} ran out of memory"
    return f"what came back cannot be checked: {describe(error)}"


class Result(unittest.TestResult):
    """Keeps the first problem of a test, as an exception.

    An exception without arguments, such as a bare `assert`, says nothing of
    what is wrong, so a later problem takes its place.
    """

    def __init__(self) -> None:
        super().__init__()
        self.problem: BaseException | None = None

    def _keep(self, problem: BaseException) -> None:
        if self.problem is None or not self.problem.args:
            self.problem = problem

    def addError(self, test: Any, err: Any) -> None:
        self._keep(err[1])

    def addFailure(self, test: Any, err: Any) -> None:
        self._keep(err[1])

    def addSubTest(self, test: Any, subtest: Any, err: Any) -> None:
        if err is not None:
            self._keep(err[1])

    def addSkip(self, test: Any, reason: str) -> None:
        self._keep(Failure(f"the check was skipped: {reason}"))

    def addExpectedFailure(self, test: Any, err: Any) -> None:
        self._keep(err[1])

    def addUnexpectedSuccess(self, test: Any) -> None:
        self._keep(Failure("the check was marked as a failure"))
