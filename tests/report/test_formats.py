"""Each export against the rules of whoever reads it."""

from __future__ import annotations

import base64
import csv
import io
import json
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from grader.cli import main
from grader.cohort.gradestable import Grades
from grader.commands.check import FORMATS
from grader.grading.verdict import Report
from grader.library.library import Library
from grader.report import spreadsheet
from grader.report.formats import EXPORTS
from grader.report.report import as_data, as_text
from tests.helpers import reports
from tests.helpers.reports import HOSTILE, failure, mixed, report, task

Data = dict[str, Any]


def exported(form: str, data: Data) -> Data:
    loaded: Data = json.loads(EXPORTS[form](data))
    return loaded


def payload(data: Data) -> Data:
    line = EXPORTS["classroom"](data)
    assert line.count("\n") == 1
    loaded: Data = json.loads(base64.b64decode(line).decode("ascii"))
    return loaded


def test_the_command_line_offers_every_export() -> None:
    assert set(EXPORTS) < set(FORMATS)


class TestJUnit:
    def root(self, data: Data) -> ElementTree.Element:
        return ElementTree.fromstring(EXPORTS["junit"](data))

    def test_counts_are_those_of_the_cases(self) -> None:
        root = self.root(mixed())

        assert len(root) == 2
        assert root.get("tests") == "4"
        for suite in [root, *root]:
            cases = list(suite.iter("testcase"))
            assert suite.get("tests") == str(len(cases))
            for attribute, tag in (("failures", "failure"),
                                   ("errors", "error")):
                assert suite.get(attribute) == str(
                    len(list(suite.iter(tag))))

    def test_every_suite_says_what_judged(self) -> None:
        for suite in self.root(mixed()):
            properties = suite.find("properties")
            assert properties is not None
            assert {each.get("name"): each.get("value")
                    for each in properties}.items() >= {
                "isolation": "full", "python": "3.11.7"}.items()

    def test_the_points_stand_with_the_suite(self) -> None:
        first = next(iter(self.root(mixed())))
        found = {each.get("name"): each.get("value")
                 for each in first.iter("property")}

        assert found["0x00/1 points"] == "0.1"
        assert found["0x00/1 max_points"] == "10.0"

    def test_nothing_is_there_that_the_schema_of_jenkins_has_not(
            self) -> None:
        known = {
            "testsuites": {"name", "time", "tests", "failures", "errors"},
            "testsuite": {"name", "tests", "failures", "errors", "time",
                          "skipped"},
            "testcase": {"name", "time", "classname"},
            "failure": {"type", "message"}, "error": {"type", "message"},
            "properties": set(), "property": {"name", "value"},
            "system-out": set()}
        inside = {"testsuites": {"testsuite"},
                  "testsuite": {"properties", "testcase"},
                  "testcase": {"failure", "error", "system-out"},
                  "properties": {"property"}}
        for element in self.root(mixed()).iter():
            assert set(element.attrib) <= known[element.tag]
            assert {each.tag for each in element} <= inside.get(
                element.tag, set())

    def test_cases_of_one_suite_have_names_of_their_own(self) -> None:
        names = [(case.get("classname"), case.get("name"))
                 for case in self.root(mixed()).iter("testcase")]

        assert len(set(names)) == 4

    def test_text_that_xml_cannot_hold_is_replaced(self) -> None:
        hostile = report(task(2, "fail", failures=[failure(HOSTILE)]),
                         name=HOSTILE)
        element = next(self.root(hostile).iter("failure"))

        assert element.get("message") == HOSTILE.replace("\ufffe", "\ufffd")

    def test_a_failure_names_its_cause_and_line(self) -> None:
        case = next(self.root(report(task(1, "fail"))).iter("testcase"))

        assert case[0].get("type") == "wrong"
        assert case[0].text and case[0].text.startswith(
            "0x00-python_variable_annotations/1-f.py:8\n")


class TestExercism:
    def test_every_test_has_what_version_3_requires(self) -> None:
        results = exported("exercism", mixed())

        assert results["version"] == 3
        assert [each["status"] for each in results["tests"]] == [
            "pass", "fail", "fail", "error"]
        for each in results["tests"]:
            assert set(each) <= {"name", "status", "message", "output",
                                 "test_code", "task_id"}
            assert bool(each.get("message")) == (each["status"] != "pass")
            assert len(each.get("message", "")) <= 65535
            assert each["test_code"]
        assert results["tests"][1]["test_code"] == "f(1)  # should be 2"

    @pytest.mark.parametrize("statuses, status", [
        (["pass", "pass"], "pass"), (["pass", "fail"], "fail"),
        (["error", "error"], "error"), (["pass", "error"], "fail")])
    def test_error_means_that_no_test_could_run(
            self, statuses: list[str], status: str) -> None:
        results = exported("exercism", report(
            *(task(i, each) for i, each in enumerate(statuses))))

        assert results["status"] == status
        assert bool(results.get("message")) == (status == "error")

    def test_a_failure_without_words_still_has_a_message(self) -> None:
        results = exported("exercism", report(task(0, "fail", failures=[])))

        assert results["tests"][0]["message"]


class TestClassroom:
    def test_the_scores_of_the_tests_add_up_to_the_points(self) -> None:
        data = mixed()
        results = payload(data)

        assert sum(each["score"] for each in results["tests"]
                   ) == pytest.approx(data["score"]["points"])
        assert results["max_score"] == data["score"]["max"]

    def test_tests_are_never_absent_nor_empty(self) -> None:
        results = payload(report(task(0, "error"), task(1, "error")))

        assert results["status"] == "error"
        assert len(results["tests"]) == 2

    def test_each_test_has_what_the_reporter_reads(self) -> None:
        for each in payload(mixed())["tests"]:
            assert {"name", "status", "filename", "line_no", "duration",
                    "score"} <= set(each)
            assert isinstance(each["score"], float)

    @pytest.mark.parametrize("message", ["x" * 60_000, "\u202e" * 60_000])
    def test_however_much_was_said_it_fits_into_a_variable(
            self, message: str) -> None:
        data = report(*(task(number, "fail", failures=[failure(message)])
                        for number in range(44)))
        line = EXPORTS["classroom"](data)

        assert len("GRADE_RESULTS=" + line) < 128 << 10
        assert all(each["message"] for each in payload(data)["tests"])
        assert len(payload(data)["tests"]) == 44


class TestGradescope:
    def test_the_score_on_top_is_the_sum_it_overrides(self) -> None:
        results = exported("gradescope", mixed())

        assert math.isclose(results["score"], sum(
            each["score"] for each in results["tests"]))
        assert results["score"] == 10.3

    def test_each_test_has_the_names_and_values_gradescope_knows(
            self) -> None:
        results = exported("gradescope", mixed())

        assert isinstance(results["execution_time"], float)
        assert results["visibility"] == "visible"
        assert len(results["tests"]) == 4
        for each in results["tests"]:
            assert set(each) <= {
                "score", "max_score", "status", "name", "name_format",
                "number", "output", "output_format", "tags", "visibility",
                "extra_data"}
            assert each["status"] in ("passed", "failed")
            assert each["max_score"] == 10
            assert each["output_format"] == each["name_format"] == "text"

    def test_a_part_of_the_points_is_not_a_pass(self) -> None:
        results = exported("gradescope", mixed())

        assert [each["status"] for each in results["tests"]] == [
            "passed", "failed", "failed", "failed"]


def table(library: Library, *records: dict[str, Any],
          asked: Sequence[str] = ("0x00/0",)) -> list[list[str]]:
    grades = Grades(library.tasks, library.select(asked))
    for each in records:
        grades.add(each)
    return list(csv.reader(io.StringIO("".join(grades.lines()))))


class TestGrades:
    def test_there_is_a_column_for_each_task_that_anybody_has(
            self, library: Library) -> None:
        rows = table(library, report(task(1), name="bob"), mixed(),
                     report(task(999, "fail", 4.5), name="cyd"))

        assert rows == [
            ["submission", "score", "max", "0x00/0", "0x00/1", "0x00/2",
             "python-decorators-0x01/0", "0x00/999"],
            ["points possible", "50", "50", *["10"] * 5],
            ["ada", "", "40", "10", "0.1", "0.2", "", ""],
            ["bob", "10", "10", "", "10", "", "", ""],
            ["cyd", "4.5", "10", "", "", "", "", "4.5"]]

    @pytest.mark.parametrize("status, dimensions", [
        ("error", {"behaviour": "error"}),
        ("fail", {"behaviour": "fail", "types": "error"})])
    def test_what_could_not_be_told_is_no_zero(
            self, library: Library, status: str,
            dimensions: dict[str, str]) -> None:
        untold = task(0, status, 0.0, dimensions=dimensions)

        assert table(library, report(untold, task(1)))[2] == [
            "ada", "", "20", "", "10"]

    def test_a_later_record_takes_the_place_of_an_earlier_one(
            self, library: Library) -> None:
        rows = table(library, report(task(0)), report(task(0, "fail", 4.0)))

        assert rows[2:] == [["ada", "4", "10", "4"]]

    @pytest.mark.parametrize("name", [
        "=1+1", "+1", "-1", "@SUM(A1)", "  =1", "＝1", "\t=1", "\n=1"])
    def test_no_cell_is_a_formula(self, name: str) -> None:
        assert spreadsheet.cell(name).startswith("'")

    def test_no_two_names_become_one(self) -> None:
        assert len({spreadsheet.cell(name) for name in (
            "=1", "'=1", "''=1", "1")}) == 4

    def test_a_line_survives_quotes_and_commas(
            self, library: Library) -> None:
        rows = table(library, report(task(0), name='a"b,c\nd'))

        assert rows[2][0] == 'a"b,c d'


@pytest.mark.parametrize("form", EXPORTS)
def test_hostile_text_leaves_every_export_readable(form: str) -> None:
    text = EXPORTS[form](report(task(0, "fail", failures=[
        failure(reports.HOSTILE)]), name=reports.HOSTILE))

    text.encode()
    assert "<img" not in text or form in ("exercism", "gradescope")


@pytest.mark.parametrize("form", EXPORTS)
def test_every_export_carries_a_caution(form: str) -> None:
    assert "caution" not in EXPORTS[form](mixed())
    said = EXPORTS[form](mixed() | {"caution": "take care"})
    if form == "classroom":
        said = base64.b64decode(said).decode()
    assert "take care" in said


def test_a_report_ends_with_its_caution() -> None:
    made = Report(submission="x", library="1", isolation="none", seconds=1.0,
                  tasks=(), caution="take care")
    assert as_text(made).splitlines()[-1] == "take care"
    assert as_data(made)["caution"] == "take care"
    assert "caution" not in as_data(replace(made, caution=""))


def test_check_writes_the_format_asked_for(submission: Path,
                                           tmp_path: Path) -> None:
    target = tmp_path / "results.json"
    main(["check", str(submission), "0x00/2", "--format", "gradescope",
          "--output", str(target)])

    assert json.loads(target.read_text())["score"] == 10
