"""The job "suite": runs the checks of suites on a submission's files.

It runs inside the wall. A check only observes; the grader compares outside.
"""

from __future__ import annotations

import base64
import marshal
import os
import sys
import unittest
from collections.abc import Iterator
from contextlib import suppress
from contextvars import copy_context
from dataclasses import asdict
from pathlib import Path
from types import ModuleType
from typing import Any

from grader.inside import wire
from grader.inside.job import RESULTS
from grader.inside.suite import stuck, undoing
from grader.kit import channel, prints
from grader.kit.exceptions import describe, line_in
from grader.kit.failure import Failure
from grader.kit.load import compile_imports_once
from grader.kit.prints import Transcript
from grader.kit.scratch import GIVEN, workspace
from grader.kit.transcript import Recorder

_KEPT_OUTPUT = 4000


def run(request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Run the tests of request["suites"] in order; yield what each observes.

    The request holds the files of the submission's folder and the given
    ones (base64), and the seed for fresh inputs. Of each suite there are its
    name, its marshalled code and the name of the file that it is about. A
    check that did not come to its end has a "problem", which says why.
    """
    unpack(request["files"], Path())
    unpack(request["given"], Path(GIVEN))
    prints.keep_descriptors(Path(GIVEN))
    compile_imports_once()
    # grader.kit.case reads it when a check asks for random inputs.
    os.environ["GRADE_SEED"] = request["seed"]
    first, *others = request["suites"]
    # Which of several is stuck is not asked: each is then run by itself.
    if "limits" in request and not others:
        stuck.watch(first["file"], request["limits"], _tell_stuck)
    threads = undoing.threads()
    yield from _checks(first)
    for part in others:
        # Of what is not done the grader says nothing: it is run by itself.
        if undoing.threads() > threads:
            return
        os.chdir(workspace())
        restore(request["files"], Path())
        restore(request["given"], Path(GIVEN))
        yield from _checks(part)
    yield {"done": True}


def _checks(part: dict[str, Any]) -> Iterator[dict[str, Any]]:
    module = _module(part["suite"], part["code"])
    # One for all checks of the task: it has the decimal context, and more.
    context = copy_context()
    with undoing.undone():
        for test in part["tests"]:
            yield {"start": test}
            channel.take()
            report = context.run(_check, module, test, part)
            yield report | {"advice": channel.take(),
                            "called": list(map(asdict, channel.called()))}


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


def restore(files: dict[str, str], folder: Path) -> None:
    """Make the files below a folder again what `unpack` has made them.

    Those in folders with names such as ".mysql" stay: suites keep there what
    they set up once.
    """
    for place, folders, names in _below(folder):
        within = Path(place).relative_to(folder)
        for name in names:
            if (within / name).as_posix() not in files:
                os.unlink(os.path.join(place, name))
        for name in folders:
            with suppress(OSError):  # there are files in it
                os.rmdir(os.path.join(place, name))
    changed = {name: body for name, body in files.items()
               if not _holds(folder / name, base64.b64decode(body))}
    unpack(changed, folder)


def _below(folder: Path) -> list[tuple[str, list[str], list[str]]]:
    """Return what os.walk yields but such folders, the deepest first."""
    found = []
    for place, folders, names in os.walk(folder):
        if Path(place) == folder:
            folders[:] = [name for name in folders if name[0] != "."]
        found.append((place, folders, names))
    return found[::-1]


def _holds(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content


def _module(name: str, code: str) -> ModuleType:
    module = ModuleType(name)
    module.__file__ = f"{name}.py"
    # unittest looks a test's module up there, for setUpModule.
    sys.modules[name] = module
    exec(marshal.loads(base64.b64decode(code)), vars(module))
    return module


def _check(module: ModuleType, test: str,
           part: dict[str, Any]) -> dict[str, Any]:
    _, class_name, method = test.split(".")
    file = part["file"]
    case = getattr(module, class_name)(method)
    case.variants = part["variants"]
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
