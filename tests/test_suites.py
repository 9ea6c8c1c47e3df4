"""What a run wrote is read with distrust."""

from __future__ import annotations

from typing import Any

from grader.behaviour.checks import Check, compare, read_outcome
from grader.behaviour.suite import manifest
from grader.isolation.outcome import Ended, Outcome

TESTS = ("A.test_one", "A.test_two")
FINE = Ended(cause=None)


def passed(test: str) -> dict[str, Any]:
    return {"check": test, "outcome": "pass", "output": "", "observed": [],
            "advice": []}


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


def observed(value: Any) -> dict[str, Check]:
    return {"A.test_one": Check(finding=None, observed=(("f(1)", value),))}


def test_an_observation_is_held_against_the_model() -> None:
    right = observed({"int": "2"})

    assert compare(observed({"int": "2"}), right)[
        "A.test_one"].finding is None
    wrong = compare(observed({"int": "3"}), right)["A.test_one"]
    assert wrong.finding is not None
    assert wrong.finding.message == "f(1) should give 2, not 3"


def test_missing_and_forged_observations_are_no_pass() -> None:
    right = observed({"int": "2"})
    silent = {"A.test_one": Check(finding=None)} | {
        "A.test_two": Check(finding=None, observed=(("f(1)", None),))}
    both = right | {"A.test_two": Check(finding=None)}

    found = compare(silent, both)
    assert found["A.test_one"].finding is not None
    assert compare(observed({"what": 1}), right)[
        "A.test_one"].finding is not None
