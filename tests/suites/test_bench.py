"""What a run wrote is read with distrust, and judged outside of it."""

from __future__ import annotations

import ast
import time
from pathlib import Path
from typing import Any

import pytest

from grader.kit.transcript import Replay
from grader.library.library import Library
from grader.suites.checks import Observed, read_outcome
from grader.suites.judge import judge
from grader.suites.suite import (
    Suite, manifest, read_suite, suite_of, without_expectations)
from grader.wall.outcome import Ended, Outcome

TESTS = ("A.test_one", "A.test_two")
FINE = Ended(cause=None)


def passed(test: str) -> dict[str, Any]:
    return {"check": test, "seen": [], "problem": None, "advice": [],
            "called": []}


def outcome(*messages: dict[str, Any], ended: Ended = FINE) -> Outcome:
    return Outcome(messages=list(messages), ended=ended)


def test_the_manifest_lists_checks_in_file_order() -> None:
    source = ("class B:\n    def test_z(self): ...\n"
              "    def helper(self): ...\n    def test_a(self): ...\n"
              "class A:\n    def test_m(self): ...\n")

    assert manifest(source) == ["B.test_z", "B.test_a", "A.test_m"]


def test_a_whole_run_is_believed_in_its_form() -> None:
    done, _, ended = read_outcome(
        outcome(*map(passed, TESTS), {"done": True}), TESTS)

    assert ended is None
    assert list(done) == list(TESTS)


def test_leaving_early_blames_the_check_that_ran() -> None:
    done, culprit, ended = read_outcome(
        outcome({"start": TESTS[0]}, passed(TESTS[0]), {"start": TESTS[1]}),
        TESTS)

    assert list(done) == [TESTS[0]]
    assert culprit == TESTS[1]
    assert ended is not None and ended.cause == "exited"


def test_done_without_all_checks_is_no_pass() -> None:
    _, culprit, ended = read_outcome(
        outcome(passed(TESTS[0]), {"done": True}), TESTS)

    assert culprit == TESTS[1]
    assert ended is not None


def test_a_check_reported_twice_is_nonsense() -> None:
    _, _, ended = read_outcome(
        outcome(passed(TESTS[0]), passed(TESTS[0]), {"done": True}), TESTS)

    assert ended is not None and ended.cause == "output"


def test_words_after_the_end_are_no_pass() -> None:
    _, _, ended = read_outcome(
        outcome(*map(passed, TESTS), {"done": True}, passed(TESTS[0])),
        TESTS)

    assert ended is not None


def test_a_timeout_after_forged_passes_still_counts() -> None:
    _, _, ended = read_outcome(
        outcome(*map(passed, TESTS), {"done": True},
                ended=Ended(cause="timeout")), TESTS)

    assert ended is not None and ended.cause == "timeout"


SUITE = """\
from grader.kit import Failure, TaskCase


class A(TaskCase):
    file = "a.py"

    def test_one(self) -> None:
        self.assertReturns(3, self.task.add, 1, 2)
        self.observe(self.task.add, 4, 5)

    def test_rule(self) -> None:
        got = self.call(self.task.add, 1, 2)
        self.assertHolds(got > 2, Failure(f"{got} is too small"))
"""
LOADED: list[Any] = [{"look": "load", "value": None},
                     {"look": "task.add", "value": {
                         "live": ["function", "<function>", True, "add"]}}]


@pytest.fixture
def suite(tmp_path: Path) -> Suite:
    path = tmp_path / "test_a.py"
    path.write_text(SUITE)
    return read_suite(path)


def called(value: object, look: str = "call") -> dict[str, object]:
    return {"look": look, "value": value}


def three(then: object = None) -> list[Any]:
    """Return what test_one sees where the first call gives 3."""
    return [*LOADED, called({"int": "3"}), LOADED[1],
            called(then or {"int": "9"}, "observe")]


def found(suite: Suite, entries: list[Any], test: str = "A.test_one") -> str:
    """Return the message of a check that has seen this, "" if it passes."""
    finding = judge(suite, test, "1", Observed(entries=tuple(entries)),
                    three()).finding
    return finding.message if finding else ""


def test_no_expectation_goes_behind_the_wall() -> None:
    inside = without_expectations(SUITE)

    assert "assertReturns(..., self.task.add, 1, 2)" in inside
    assert "self.assertHolds(..., ...)" in inside
    assert "too small" not in inside


def test_what_a_check_sees_is_compared_outside(suite: Suite) -> None:
    assert found(suite, three()) == ""
    assert found(suite, [*LOADED, called({"int": "4"})]) == (
        "add(1, 2) should give 3, not 4")


def test_what_is_observed_is_held_against_the_model(suite: Suite) -> None:
    assert "should give 9, not 8" in found(suite, three({"int": "8"}))


def test_what_is_not_plain_is_no_observation(suite: Suite) -> None:
    live = {"live": ["Yes", "<Yes object>", False, ""]}

    assert "should give plain data, not <Yes object>" in found(
        suite, three(live))


def test_a_rule_is_worded_outside(suite: Suite) -> None:
    assert found(suite, [*LOADED, called({"int": "1"})],
                 "A.test_rule") == "1 is too small"


@pytest.mark.parametrize("entries", [
    [], LOADED, [*LOADED, called({"int": "3"})], [*three(), called(None)],
    [{"look": "load"}], [None], [*LOADED, called({"what": 1})],
    [*LOADED, called({"int": "3"}, "see")], [LOADED[1], LOADED[0]],
    [*LOADED, {"look": "call", "failure": {"cause": "no", "message": "x"}}],
    [*LOADED, {"look": "call", "raised": {"text": 1}}],
], ids=repr)
def test_looks_that_do_not_fit_are_no_pass(
        suite: Suite, entries: list[Any]) -> None:
    assert found(suite, entries) == (
        "the results do not belong to the calls made, so they cannot be "
        "believed")


def test_a_problem_behind_the_wall_is_never_a_pass(suite: Suite) -> None:
    done, _, ended = read_outcome(outcome(
        {"check": TESTS[0], "seen": three(), "advice": [], "called": [],
         "problem": {
            "cause": "wrong", "message": "it cannot be checked",
            "call": None, "expected": None, "got": None, "line": 3}},
        {"done": True}), TESTS[:1])
    finding = judge(suite, "A.test_one", "1", done[TESTS[0]],
                    three()).finding

    assert ended is None
    assert finding and finding.message == "it cannot be checked"


def test_what_a_call_raises_is_worded_outside(suite: Suite) -> None:
    raised = {"look": "call", "raised": {
        "text": "ValueError: no", "line": 7, "kinds": ["ValueError"]}}

    assert found(suite, [*LOADED, raised]) == (
        "add(1, 2) should give 3, but raised ValueError: no")


def test_a_word_without_end_is_looked_through_at_once(
        library: Library) -> None:
    folder = library.folder("python-generators-0x00")
    task = next(each for each in folder.tasks if each.number == 2)
    seen = Observed(entries=(
        {"look": "load", "value": None},
        {"look": "handed_over", "value": {"tuple": [{"int": "0"},
                                                    {"list": []}]}},
        {"look": "see", "value": "A" * (4 << 20)},
        {"look": "after", "value": ""}))
    started = time.process_time()
    judged = judge(suite_of(folder, task),
                   "BatchProcessing.test_prints_nobody_twice", "seed", seen)

    assert judged.finding
    assert time.process_time() - started < 5


def test_a_remark_is_kept_once() -> None:
    replay = Replay([])
    for remark in ("one", "two") * 50:
        replay.advise(remark)

    assert replay.advice == ["one", "two"]


COMPUTED = """\
class A(TaskCase):
    def test_one(self):
        drawn = self.random.random()
        text = self.printed
        wanted = [drawn * 2 for _ in self.users]
        lengths = []
        for user in self.users:
            kept = self.call(self.task.add, user)
            lengths.append(len(user))
            self.rows.append(user)
        wanted, rest = divmod(sum(lengths), 2)
        self.assertGot(wanted, kept, "call")
"""


def test_what_is_computed_for_an_expectation_stays_outside() -> None:
    inside = without_expectations(COMPUTED, {"printed"})

    assert "wanted" not in inside and "lengths" not in inside
    # What draws, looks, calls or may be seen elsewhere is done as before.
    for kept in ("drawn = self.random.random()", "text = self.printed",
                 "self.call(self.task.add, user)", "self.rows.append(user)"):
        assert kept in inside


def test_no_check_of_a_suite_names_what_it_wants_inside(
        library: Library) -> None:
    inside = {task.id: suite_of(folder, task).inside
              for folder in library.folders if folder.judge == "suite"
              for task in folder.tasks}
    wanting = [f"{task} {node.name}" for task, source in inside.items()
               for node in ast.walk(ast.parse(source))
               if isinstance(node, ast.FunctionDef)
               and node.name.startswith("test_")
               and "wanted" in ast.unparse(node)]

    assert len(inside) == 34
    assert wanting == []
