"""Twins: what is spoiled, how many there are, and whom they find out."""

from __future__ import annotations

import ast
from pathlib import Path
from random import Random

import pytest

from grader.behaviour import twinruns, twins
from grader.behaviour.expectations import Edit, edits
from grader.behaviour.suites import model_files, suite_of
from grader.behaviour.twins import Spoil
from grader.grading import Grader, Options
from grader.library import Library, Task

SUITE = '''\
from grader.kit import TaskCase, Failure


class Sums(TaskCase):
    def test_adds(self):
        self.assertReturns(5, self.task.add, 2, 3)

    def test_adds_rows(self):
        for expected, one, other in ((40, 10, 30), (7, 6, 1)):
            self.assertGot(expected, self.task.add(one, other), "add")

    def test_is_quick(self):
        if not self.quick:
            raise Failure("it is slow")

    def test_unittest(self):
        self.assertEqual(self.task.add(2, 3), 55)

    def test_observes(self):
        self.observe(self.task.add, 8, 9)
'''


def texts(check: str, source: str = SUITE) -> set[tuple[str, str]]:
    """Return what is replaced in a check, and by what."""
    data = source.encode()
    return {(data[edit.start:edit.end].decode(), edit.text)
            for edit in edits(source, Random(1))[f"Sums.{check}"]}


def test_the_expected_value_is_spoiled_and_the_inputs_are_not() -> None:
    assert {old for old, _ in texts("test_adds")} == {"5"}


def test_expected_values_are_found_in_the_rows_of_a_loop() -> None:
    assert {old for old, _ in texts("test_adds_rows")} == {"40", "7"}


def test_the_condition_of_a_failure_is_negated() -> None:
    assert texts("test_is_quick") == {("not self.quick", "(self.quick)")}


@pytest.mark.parametrize("before", [
    "for row in self.task.rows():", "if self.task.rows():",
    "while self.task.more():"])
def test_what_an_honest_answer_may_pass_by_is_left_alone(before: str) -> None:
    source = SUITE.replace("""        if not self.quick:
            raise Failure("it is slow")
""", f"""        {before}
            self.assertGot(3, self.quick, "quick")
            if not self.quick:
                raise Failure("it is slow")
""")

    assert texts("test_is_quick", source) == set()


def test_the_call_of_the_submission_in_an_assertion_is_left_alone() -> None:
    assert {old for old, _ in texts("test_unittest")} == {
        "55", "assertEqual"}


def test_a_check_that_only_observes_has_nothing_to_spoil() -> None:
    assert texts("test_observes") == set()


@pytest.mark.parametrize("literal, kind", [
    ("3", int), ("2.5", float), ("True", bool), ("'spam'", str),
    ("None", int), ("b'x'", bytes), ("[]", list), ("()", tuple),
    ("{}", dict), ("-4", int)])
def test_a_literal_is_replaced_by_another_of_its_kind(
        literal: str, kind: type) -> None:
    source = SUITE.replace("(5, ", f"({literal}, ")

    for old, new in texts("test_adds", source):
        changed = ast.literal_eval(literal.replace(old, new))
        assert changed != ast.literal_eval(literal)
        assert type(changed) is kind


def test_spoiled_sources_keep_the_numbers_of_their_lines() -> None:
    source = SUITE.replace("(5, ", "([1,\n  2], ").replace(
        "not self.quick", "not (self.quick or\n self.fast)")
    for several in edits(source, Random(2)).values():
        for edit in several:
            spoiled = twins.apply(source, [edit])
            assert spoiled.count("\n") == source.count("\n"), edit
            ast.parse(spoiled)


def test_edits_are_offsets_in_utf_8() -> None:
    source = SUITE.replace("class Sums", "NAME = 'ünï'; SUM = 1\n\n\nclass"
                           " Sums")

    assert {old for old, _ in texts("test_adds", source)} == {"5"}


def test_an_edit_within_another_is_left_out() -> None:
    assert twins.apply("[1, 2]", [Edit(0, 6, "[3]"), Edit(1, 2, "9")]) == (
        "[9, 2]")


@pytest.mark.parametrize("checks", range(1, 12))
def test_who_knows_no_answer_is_found_out_but_once_in_a_thousand(
        checks: int) -> None:
    assert twins.chance(checks, twins.how_many(checks)) < twins.CHANCE


def test_every_check_is_spoiled_in_one_twin_at_least() -> None:
    spoils = [Spoil(Edit(place, place + 1, "x"), frozenset([f"C.{place}"]))
              for place in range(5)]
    for seed in range(50):
        drawn = twins.draw("0123456789", spoils, Random(seed))
        assert frozenset().union(*(twin.fails for twin in drawn)) == {
            f"C.{place}" for place in range(5)}


def test_two_spoils_of_a_check_are_never_in_one_twin() -> None:
    spoils = [Spoil(Edit(0, 1, "x"), frozenset(["C.one", "C.two"])),
              Spoil(Edit(2, 3, "y"), frozenset(["C.one"]))]
    for seed in range(50):
        for twin in twins.draw("0123", spoils, Random(seed)):
            assert not ("x" in twin.source and "y" in twin.source)


def task(library: Library, name: str) -> Task:
    chosen, = library.select([name])
    return chosen


@pytest.mark.parametrize("name", [
    "0x00/2", "0x01/1", "python-decorators-0x01/2"])
def test_the_model_fails_a_twin_where_it_is_spoiled(
        library: Library, doubting: Grader, name: str) -> None:
    chosen = task(library, name)
    folder = library.folder(chosen.folder)
    suite = suite_of(folder, chosen)
    spoils = doubting.doubt(chosen).spoils
    for twin in twins.draw(suite.source, spoils, Random(3)):
        assert twinruns._disagreements(
            doubting._suites, folder, chosen, model_files(folder), suite,
            twin) == []


def test_what_was_found_out_is_kept_on_disk(
        library: Library, doubting: Grader, tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(twinruns, "_prepared", {})
    first = doubting.doubt(task(library, "0x00/4"))
    monkeypatch.setattr(twinruns, "_prepared", {})
    monkeypatch.setattr(twinruns, "run_once", None)

    assert doubting.doubt(task(library, "0x00/4")) == first


def test_twins_are_off_unless_asked_for() -> None:
    assert not Options().twins
