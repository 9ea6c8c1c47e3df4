"""Whole verdicts: what a learner writes against what the report says."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import pytest

from grader.errors import GraderError
from grader.grading import verdict
from grader.grading.grading import Grader, Options, Seeds
from grader.grading.verdict import Report, TaskVerdict
from grader.learnertests import judging
from grader.library.library import Library, Task
from grader.submission.file import SubmittedFile
from grader.submission.submission import Submission
from grader.suites import bench
from grader.suites.bench import Bench
from grader.tools import style, typecheck
from tests.conftest import RIGHT_FLOOR, Grade

FLOOR = "0x00-python_variable_annotations/2-floor.py"


def only(report: Report) -> TaskVerdict:
    verdict, = report.tasks
    return verdict


def floor_with(body: str, before: str = "") -> str:
    return (RIGHT_FLOOR.replace("    return math.floor(n)", body)
            .replace("import math\n", f"import math\n{before}"))


def test_a_right_answer_passes_in_every_dimension(grade: Grade) -> None:
    verdict = only(grade({FLOOR: RIGHT_FLOOR}, "0x00/2"))

    assert verdict.status == "pass"
    assert verdict.points == 10
    assert verdict.failures == ()


def test_a_wrong_result_names_call_expected_and_got(grade: Grade) -> None:
    verdict = only(grade({FLOOR: floor_with("    return int(n)")}, "0x00/2"))

    first = verdict.failures[0]
    assert (first.call, first.expected, first.got) == (
        "floor(-1.5)", "-2", "-1")
    assert verdict.dimensions == {"behaviour": "fail", "types": "pass",
                                  "style": "pass"}
    assert verdict.points == 4


ENDINGS = {
    "exits": ("    import os\n    os._exit(0)", "exited"),
    "calls exit": ("    raise SystemExit", "exited"),
    "hangs": ("    while True:\n        pass", "timeout"),
    "crashes": ("    import ctypes\n    return ctypes.string_at(0)[0]",
                "crashed"),
    "eats memory": ("    return len(bytearray(8 << 30))", "memory"),
    "floods": ("    import os\n    return [os.write(3, b'x' * 65536)"
               " for _ in range(200)][0]", "output"),
    "raises": ("    return int(1 / 0)", "wrong"),
}


@pytest.mark.parametrize("body, cause", ENDINGS.values(), ids=ENDINGS)
def test_a_bad_end_costs_only_itself_and_is_named(
        grade: Grade, body: str, cause: str) -> None:
    other = "0x00-python_variable_annotations/3-to_str.py"
    report = grade({FLOOR: floor_with(body), other: (
        '#!/usr/bin/env python3\n"""Turn numbers to text."""\n\n\n'
        'def to_str(n: float) -> str:\n'
        '    """Return the text of n."""\n    return str(n)\n')},
        "0x00/2", "0x00/3")

    assert report.tasks[0].failures[0].cause == cause
    assert report.tasks[0].status == "fail"
    assert report.tasks[1].status == "pass"


LOADING = {
    "syntax": ("def floor(n:\n", "broken", "line 1"),
    "not text": (b"\xff\xfe\x00", "broken", "UTF-8"),
    "exit while loading": ("raise SystemExit(0)\n", "broken", "calls exit"),
    "keyboard": ("input()\n", "broken", "keyboard"),
    "another module": ("import numpy_of_mine\n", "broken", "numpy_of_mine"),
    "empty": ("", "missing", "floor"),
}


@pytest.mark.parametrize("source, cause, word", LOADING.values(), ids=LOADING)
def test_a_file_that_does_not_load_is_explained(
        grade: Grade, source: str | bytes, cause: str, word: str) -> None:
    verdict = only(grade({FLOOR: source}, "0x00/2"))

    assert verdict.failures[0].cause == cause
    assert word in verdict.failures[0].message
    assert verdict.status == "fail"


def test_a_missing_file_fails_every_dimension(grade: Grade) -> None:
    verdict = only(grade({}, "0x00/2"))

    assert verdict.failures[0].cause == "missing"
    assert set(verdict.dimensions.values()) == {"fail"}
    assert verdict.points == 0


def test_an_answer_that_equals_everything_fails(grade: Grade) -> None:
    liar = ("class Liar(int):\n    def __eq__(self, other): return True\n"
            "    __hash__ = int.__hash__\n")
    verdict = only(grade({FLOOR: floor_with("    return Liar(3)", liar)},
                         "0x00/2"))

    assert verdict.dimensions["behaviour"] == "fail"


def test_fresh_inputs_find_an_answer_learnt_by_heart(grade: Grade) -> None:
    body = ("    return {3.14: 3, 7.999: 7, -1.5: -2, -0.01: -1, 0.0: 0,"
            " -4.0: -4}.get(n, 1)")
    verdict = only(grade({FLOOR: floor_with(body)}, "0x00/2"))

    assert verdict.dimensions["behaviour"] == "fail"


def test_a_secret_is_given_out_so_many_times() -> None:
    seeds = Seeds(2)
    first, second, third = (next(seeds) for _ in range(3))

    assert first == second != third


@pytest.mark.parametrize("same_inputs, asked", [(2, 1), (1, 2)])
def test_the_model_is_asked_once_for_the_same_inputs(
        grader: Grader, library: Library, monkeypatch: pytest.MonkeyPatch,
        same_inputs: int, asked: int) -> None:
    monkeypatch.setattr(grader, "_seeds", Seeds(same_inputs))
    monkeypatch.setattr(bench, "_of_models", OrderedDict())
    folder, name = FLOOR.split("/")
    submission = Submission(name="one", folders={folder: {
        name: SubmittedFile(content=RIGHT_FLOOR.encode())}})
    runs: list[Any] = []
    observe = Bench.observe

    def counted(*words: Any) -> Any:
        runs.append(words)
        return observe(*words)
    monkeypatch.setattr(Bench, "observe", counted)
    for _ in range(2):
        assert only(grader.grade(
            submission, library.select(["0x00/2"]))).status == "pass"

    assert len(runs) == 2 + asked


CONCAT = "0x00-python_variable_annotations/1-concat.py"
RIGHT_CONCAT = '''\
#!/usr/bin/env python3
"""Put texts together."""


def concat(str1: str, str2: str) -> str:
    """Return both texts as one."""
    return str1 + str2
'''


def fail_over(monkeypatch: pytest.MonkeyPatch, module: Any, name: str,
              marks: Callable[..., bool], error: Exception) -> None:
    """Let a function raise for the calls that a predicate picks."""
    real = getattr(module, name)

    def failing(*args: Any, **kwargs: Any) -> Any:
        if marks(*args):
            raise error
        return real(*args, **kwargs)
    monkeypatch.setattr(module, name, failing)


def is_floor(*args: Any) -> bool:
    """Return whether one of some arguments is about the task of the floor."""
    asked = [each for some in args if isinstance(some, list)
             for each in some]
    asked += [each.task for each in args if isinstance(each, Bench)]
    return any(isinstance(each, Task) and each.file == "2-floor.py"
               or getattr(each, "id", "") == FLOOR
               for each in [*args, *asked])


FAILING = {
    "behaviour": (Bench, "remarks", ("error", "pass", "pass")),
    "types": (typecheck, "judge", ("pass", "error", "pass")),
    "style": (style, "judge", ("pass", "pass", "error")),
    "the verdict": (verdict, "decide", ("error", "error", "error")),
}


@pytest.mark.parametrize("module, name, statuses", FAILING.values(),
                         ids=FAILING)
def test_an_exception_over_one_task_is_the_error_of_that_task(
        grade: Grade, monkeypatch: pytest.MonkeyPatch, module: Any,
        name: str, statuses: tuple[str, ...]) -> None:
    fail_over(monkeypatch, module, name, is_floor, ValueError("odd\x07"))
    right, wrong = grade({FLOOR: RIGHT_FLOOR, CONCAT: RIGHT_CONCAT},
                         "0x00/1", "0x00/2").tasks

    assert right.status == "pass"
    assert wrong.status == "error"
    assert tuple(wrong.dimensions.values()) == statuses
    assert [(each.cause, each.message) for each in wrong.failures] == [
        ("unfinished", "the grader could not tell: ValueError: odd\\x07")]


def test_an_exception_over_one_test_is_not_that_of_its_neighbours(
        grade: Grade, monkeypatch: pytest.MonkeyPatch,
        library: Library) -> None:
    fail_over(monkeypatch, judging, "_failures",
              lambda *args: args[0].task.number == 1, KeyError("x"))
    folder = library.root / "0x03-Unittests_and_integration_tests"
    report = grade({f"{folder.name}/test_utils.py": (
        folder / "test_utils.py").read_text()}, "0x03/0", "0x03/1", "0x03/2")

    assert [each.status for each in report.tasks] == ["pass", "error",
                                                      "pass"]


def test_an_exception_is_raised_if_that_is_asked_for(
        grade: Grade, grader: Grader,
        monkeypatch: pytest.MonkeyPatch) -> None:
    fail_over(monkeypatch, Bench, "remarks", is_floor, ValueError("odd"))
    monkeypatch.setattr(grader, "_options", Options(debug=True))

    with pytest.raises(ValueError, match="odd"):
        grade({FLOOR: RIGHT_FLOOR}, "0x00/2")


def test_a_fallen_wall_ends_the_grading(
        grade: Grade, monkeypatch: pytest.MonkeyPatch) -> None:
    fail_over(monkeypatch, Bench, "remarks", is_floor,
              GraderError("the wall is down", "run grade doctor"))

    with pytest.raises(GraderError):
        grade({FLOOR: RIGHT_FLOOR, CONCAT: RIGHT_CONCAT}, "0x00/1", "0x00/2")
