"""Twins: what is spoiled, how many there are, and whom they find out."""

from __future__ import annotations

import ast
from collections.abc import Collection
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import pytest

from grader.behaviour import (
    doubt, drawing, suites, trials, twinruns, twins,
)
from grader.behaviour.checks import Check
from grader.behaviour.edits import Edit, Kind, apply, copied
from grader.behaviour.expectations import edits
from grader.behaviour.suite import Suite, at_end, model_files, suite_of
from grader.behaviour.twins import Shown, Spoil
from grader.finding import Finding
from grader.grading import Grader, Options
from grader.isolation.outcome import Ended
from grader.kit.packing import pack
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


def texts(check: str, source: str = SUITE,
          kinds: Collection[Kind] = (Kind.VALUE, Kind.OPPOSITE, Kind.OTHER)
          ) -> set[tuple[str, str]]:
    """Return what is replaced in a check, and by what."""
    data = source.encode()
    return {(data[edit.start:edit.end].decode(), edit.text)
            for edit in edits(source, Random(1))[f"Sums.{check}"]
            if edit.kind in kinds}


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


@pytest.mark.parametrize("check, before, after", [
    ("test_adds", "5", "[5]"),
    ("test_adds_rows", "expected", "[expected]")])
def test_an_expected_value_is_also_put_in_a_list(
        check: str, before: str, after: str) -> None:
    assert texts(check, kinds=[Kind.BOXED]) == {(before, after)}


def test_every_check_can_be_made_to_fail_at_its_end() -> None:
    for check in edits(SUITE, Random(1)).keys() - {""}:
        (_, text), = texts(check.split(".")[1], kinds=[Kind.END])
        assert text.strip() == "raise AssertionError"


def test_a_check_that_may_return_has_no_end_that_is_sure() -> None:
    source = SUITE.replace("if not self.quick:\n",
                           "if self.slow:\n            return\n"
                           "        if not self.quick:\n")
    assert source != SUITE
    assert texts("test_is_quick", source, [Kind.END]) == set()


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
            if edit.kind is Kind.END:
                continue
            spoiled = apply(source, [edit])
            assert spoiled.count("\n") == source.count("\n"), edit
            ast.parse(spoiled)


def test_edits_are_offsets_in_utf_8() -> None:
    source = SUITE.replace("class Sums", "NAME = 'ünï'; SUM = 1\n\n\nclass"
                           " Sums")

    assert {old for old, _ in texts("test_adds", source)} == {"5"}


def test_an_edit_within_another_is_left_out() -> None:
    assert apply("[1, 2]", [Edit(0, 6, "[3]"), Edit(1, 2, "9")]) == (
        "[9, 2]")


def failed(line: int, file: str = "t.py", *compared: object) -> Check:
    """Return a check that failed there, comparing some values."""
    return Check(finding=Finding(dimension="behaviour", check="test",
                                 cause="wrong", message=""),
                 at=(file, line), compared=tuple(map(pack, compared)))


PASSED = Check(finding=None)


def test_an_added_line_moves_no_place() -> None:
    source = "a = 1\nb = 2\nc = 3\n"
    ends = [Edit(5, 5, "\nx", Kind.END), Edit(11, 11, "\ny", Kind.END)]
    copy = copied("t.py", source, ends, shift=10)
    lines = copy.source.split("\n")

    assert lines[10:16] == ["a = 1", "x", "b = 2", "y", "c = 3", ""]
    assert [copy.as_before(failed(number + 1)).at
            for number in range(10, 15)] == [
                ("t.py", 1), ("t.py", 1), ("t.py", 2), ("t.py", 2),
                ("t.py", 3)]


def test_a_copy_knows_on_which_lines_its_checks_end() -> None:
    source = "a = 1\nb = 2\nc = 3\n"
    ends = {"C.b": Edit(11, 11, "\ny", Kind.END),
            "C.a": Edit(5, 5, "\nx", Kind.END)}
    copy = copied("t.py", source, [], 10, ends)

    assert {check: copy.source.split("\n")[line - 1]
            for check, line in copy.ends.items()} == {"C.a": "x", "C.b": "y"}


@pytest.mark.parametrize("check, passes", [
    (failed(12), True), (failed(11), False), (failed(12, "case.py"), False),
    (PASSED, False)])
def test_a_check_passes_by_failing_at_its_end(check: Check,
                                              passes: bool) -> None:
    suite = Suite(name="t", source="", checks=("C.test",),
                  ends={"C.test": 12})

    said = at_end(suite, {"C.test": check})

    assert (said["C.test"].finding is None) is passes


def test_a_check_that_passes_without_getting_to_its_end_is_a_lie() -> None:
    suite = Suite(name="t", source="", checks=("C.test",),
                  ends={"C.test": 12})

    finding = at_end(suite, {"C.test": PASSED})["C.test"].finding

    assert finding is not None and finding.cause == "untrusted"


def test_a_place_in_another_file_is_not_moved() -> None:
    copy = copied("t.py", "a", [], shift=10)

    assert copy.as_before(failed(30, "case.py")).at == ("case.py", 30)


def spoil(kind: Kind, *compared: object) -> Spoil:
    """Return a spoil that makes the check "C.test" fail on line 7."""
    found = twins.tried(
        Edit(0, 1, "x", kind),
        *[{"C.test": failed(7, "t.py", *compared), "C.other": PASSED}] * 2)
    assert found is not None
    return found


@pytest.mark.parametrize("kind, check, agrees", [
    (Kind.VALUE, failed(7, "t.py", 8, 5), True),
    (Kind.VALUE, failed(7, "t.py", 8, 5.0), True),
    (Kind.VALUE, failed(7, "t.py", 8, 6), False),
    (Kind.VALUE, failed(7, "t.py"), False),
    (Kind.VALUE, failed(6, "t.py", 8, 5), False),
    (Kind.VALUE, PASSED, False),
    (Kind.BOXED, failed(7, "t.py", [3], 3), True),
    (Kind.BOXED, failed(7, "t.py", [3], 4), False),
    (Kind.OPPOSITE, failed(7), True),
    (Kind.OPPOSITE, failed(9), False),
    (Kind.END, failed(7), True),
    (Kind.END, failed(5), False),
    (Kind.OTHER, failed(7, "t.py", 1, 2), True)])
def test_a_spoiled_check_shows_what_an_honest_answer_shows(
        kind: Kind, check: Check, agrees: bool) -> None:
    model = [8, 5] if kind is Kind.VALUE else [[5], 5]

    assert spoil(kind, *model).is_seen("C.test", check) is agrees


def test_a_value_that_changes_from_run_to_run_tells_nothing() -> None:
    first, second = ({"C.test": failed(7, "t.py", 8, number)}
                     for number in (5, 6))
    found = twins.tried(Edit(0, 1, "x", Kind.VALUE), first, second)

    assert found is not None
    assert not found.is_telling("C.test")


def test_what_fails_another_check_at_times_is_no_spoil() -> None:
    assert twins.tried(Edit(0, 1, "x"), {"C.test": PASSED},
                       {"C.test": failed(7)}) is None


@pytest.mark.parametrize("is_telling", [True, False])
def test_who_knows_no_answer_is_found_out_but_once_in_a_thousand(
        is_telling: bool) -> None:
    number = twins.how_many(is_telling)

    assert twins.chance(number, is_telling) < twins.CHANCE


def shows(place: int, kind: Kind, telling: bool, *checks: str) -> Spoil:
    return Spoil(Edit(place, place + 1, "x", kind), {
        check: Shown(at=("t.py", place), is_telling=telling)
        for check in checks})


DRAWN_FROM = [
    shows(0, Kind.VALUE, True, "C.both"), shows(1, Kind.END, True, "C.both"),
    shows(2, Kind.OTHER, False, "C.plain"),
    shows(3, Kind.OPPOSITE, True, "C.one", "C.two"),
    shows(4, Kind.END, True, "C.one"), shows(5, Kind.END, True, "C.end")]


CHECKS = ("C.both", "C.plain", "C.one", "C.two", "C.end", "C.blind")


@pytest.mark.parametrize("seed", range(30))
def test_every_check_is_spoiled_by_what_it_takes(seed: int) -> None:
    drawn = drawing.draw(CHECKS, DRAWN_FROM, Random(seed))
    used = {check: {twin.spoils[check].edit.kind for twin in drawn
                    if check in twin.spoils} for check in CHECKS}

    assert used == {"C.both": {Kind.VALUE}, "C.plain": {Kind.OTHER},
                    "C.one": {Kind.OPPOSITE}, "C.two": {Kind.OPPOSITE},
                    "C.end": set(), "C.blind": set()}


@pytest.mark.parametrize("seed", range(30))
def test_what_a_spoil_fails_beside_is_not_run_there(seed: int) -> None:
    for twin in drawing.draw(CHECKS, DRAWN_FROM, Random(seed)):
        failed = {check for spoil in twin.spoils.values()
                  for check in spoil.shows}

        assert failed.intersection(twin.tests) <= twin.spoils.keys()


@pytest.mark.parametrize("seed", range(30))
def test_a_check_that_tells_is_run_in_the_genuine_suite_and_a_twin(
        seed: int) -> None:
    wide = shows(6, Kind.OPPOSITE, True, *CHECKS[:4])
    drawn = drawing.draw(CHECKS, [wide, *DRAWN_FROM], Random(seed))

    for check in ("C.both", "C.one", "C.two"):
        assert sum(check in twin.tests for twin in drawn) == 2


@pytest.mark.parametrize("seed", range(30))
def test_the_genuine_suite_is_one_of_the_runs(seed: int) -> None:
    drawn = drawing.draw(CHECKS, DRAWN_FROM, Random(seed))
    genuine, = [twin for twin in drawn if twin.is_genuine]

    assert genuine.tests == CHECKS
    assert not genuine.edits


@pytest.mark.parametrize("seed", range(30))
def test_a_check_fails_at_its_end_wherever_it_is_run(seed: int) -> None:
    for twin in drawing.draw(CHECKS, DRAWN_FROM, Random(seed)):
        for check in {"C.both", "C.one"}.intersection(twin.tests):
            assert check in twin.ends


@pytest.mark.parametrize("seed", range(30))
def test_what_only_the_end_can_spoil_fails_there_in_one_of_two_runs(
        seed: int) -> None:
    runs = [twin for twin in drawing.draw(CHECKS, DRAWN_FROM, Random(seed))
            if "C.end" in twin.tests]

    assert len(runs) == 2
    assert sum("C.end" in twin.ends for twin in runs) == 1


def test_it_fails_now_in_the_genuine_run_and_now_in_the_other() -> None:
    assert {twin.is_genuine for seed in range(30)
            for twin in drawing.draw(CHECKS, DRAWN_FROM, Random(seed))
            if "C.end" in twin.ends} == {True, False}


def test_only_what_tells_nothing_is_run_in_many_twins() -> None:
    drawn = [twin for twin in drawing.draw(CHECKS[:2], DRAWN_FROM[:3],
                                           Random(3)) if not twin.is_genuine]

    assert sorted(twin.tests for twin in drawn) == (
        [("C.both", "C.plain")]
        + [("C.plain",)] * (twins.how_many(False) - 1))
    assert 0 < sum("C.plain" in twin.spoils for twin in drawn) < len(drawn)


def test_what_spoils_a_check_alone_and_tells_is_chosen() -> None:
    worse = [shows(5, Kind.OTHER, False, "C.both"),
             shows(6, Kind.VALUE, True, "C.both", "C.plain")]

    chosen = twins.choose([*DRAWN_FROM, *worse])

    assert worse[0] not in chosen
    assert worse[1] in chosen  # for C.plain, which had none that tells
    assert DRAWN_FROM[2] not in chosen


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
    for twin in drawing.draw(suite.checks, spoils, Random(3)):
        assert twin.is_genuine or twinruns._disagreements(
            doubting._suites, folder, chosen, model_files(folder), suite,
            twin) == []


def test_what_was_found_out_is_kept_on_disk(
        library: Library, doubting: Grader, tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(doubt, "_prepared", {})
    first = doubting.doubt(task(library, "0x00/4"))
    monkeypatch.setattr(doubt, "_prepared", {})
    monkeypatch.setattr(trials, "run_once", None)

    assert doubting.doubt(task(library, "0x00/4")) == first


def test_what_a_run_cut_short_says_is_not_kept(
        library: Library, doubting: Grader, tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(doubt, "_prepared", {})
    runs = count()

    def run_once(*words: Any) -> tuple[dict[str, Check], Ended | None]:
        done, ended = suites.run_once(*words)
        return done, Ended(cause="timeout") if next(runs) == 2 else ended
    monkeypatch.setattr(trials, "run_once", run_once)
    doubting.doubt(task(library, "0x00/4"))

    assert next(runs) > 3
    assert not list(tmp_path.rglob("*.json"))


def test_twins_are_off_unless_asked_for() -> None:
    assert not Options().twins
