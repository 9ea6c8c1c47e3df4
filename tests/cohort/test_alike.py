"""Clusters and pairs: what a whole cohort has in common in its answers."""

from __future__ import annotations

import base64
import random
from typing import Any

import pytest

from grader.cohort import alike as module, one, pairs
from grader.cohort.alike import Alike
from grader.grading.grading import Grader
from grader.inside.likeness import forms
from grader.inside.likeness.forms import MOST_MARKS
from grader.library.library import Library
from grader.submission.file import SubmittedFile
from grader.submission.submission import Submission
from grader.tools.tools import Lost
from tests.conftest import RIGHT_FLOOR
from tests.helpers import reports
from tests.helpers.reports import failure, report, task
from tests.helpers.toolbox import Here

FOLDER = reports.FOLDERS[0]
TESTS = "0x03-Unittests_and_integration_tests"


def answered(number: int, form: str, status: str = "pass",
             **changes: Any) -> dict[str, Any]:
    return task(number, status, likeness={"form": form}, **changes)


def alike(library: Library, *records: dict[str, Any]) -> Alike:
    found = Alike(library.select(["0x00"]))
    for number, record in enumerate(records):
        found.add(number, record)
    return found


def test_a_cluster_has_its_size_verdict_message_and_members(
        library: Library) -> None:
    records = [report(answered(0, "a"), answered(1, "b", "fail"))
               for _ in range(3)]
    records.append(report(answered(0, "a"), answered(1, "c", "fail")))

    with alike(library, *records) as found:
        assert found.clusters() == [
            [1, "fail", 3, "f(1) should give 2, not 3", 3, [0, 1, 2]],
            [0, "pass", 4, "", 4, [0, 1, 2, 3]]]


def test_one_form_of_two_verdicts_is_two_clusters(library: Library) -> None:
    records = [report(answered(0, "a", status))
               for status in ("fail", "pass", "fail", "pass")]

    with alike(library, *records) as found:
        assert [each[1:3] + each[5:] for each in found.clusters()] == [
            ["fail", 2, [0, 2]], ["pass", 2, [1, 3]]]


def test_style_is_no_matter_of_the_form(library: Library) -> None:
    slip = failure("the line is too long", dimension="style")
    records = [report(answered(
        0, "a", status, failures=[slip] if status == "fail" else [],
        dimensions={"behaviour": "pass", "style": status}))
        for status in ("fail", "pass")]

    with alike(library, *records) as found:
        assert found.clusters() == [[0, "pass", 2, "", 2, [0, 1]]]


def test_the_commonest_message_says_for_how_many(library: Library) -> None:
    records = [report(answered(0, "a", "fail", failures=[failure(said)]))
               for said in ("that", "this", "this")]

    with alike(library, *records) as found:
        assert found.clusters()[0][3:5] == ["this", 2]


def test_of_a_huge_cluster_some_members_are_named(
        library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_MEMBERS", 2)

    with alike(library, *[report(answered(0, "a"))] * 9) as found:
        assert found.clusters() == [[0, "pass", 9, "", 9, [0, 1]]]


def sketch(source: random.Random, count: int = MOST_MARKS) -> list[int]:
    return sorted(source.sample(range(1 << 32), count))


def mixed(source: random.Random, other: list[int], part: float) -> list[int]:
    """Return marks of which a part are those of another file."""
    kept = source.sample(other, int(part * len(other)))
    return sorted(kept + source.sample(
        range(1 << 32), len(other) - len(kept)))


def test_files_with_rare_passages_in_common_are_a_pair() -> None:
    source = random.Random(1)
    files = {who: sketch(source, 60) for who in range(40)}
    files[40] = files[7]
    files[41] = mixed(source, files[9], 0.9)
    files[42] = mixed(source, files[11], 0.4)

    found = {(one, two): share for one, two, share
             in pairs.pairs(files)}
    assert set(found) == {(7, 40), (9, 41)}
    assert found[7, 40] == 1
    assert 0.75 < found[9, 41] < 0.9


def test_what_many_have_in_common_is_no_sign() -> None:
    source = random.Random(2)
    given = sketch(source, 50)
    files = {who: sorted(given + sketch(source, 12)) for who in range(40)}

    assert list(pairs.pairs(files)) == []


def test_among_a_few_files_nothing_is_called_rare() -> None:
    same = sketch(random.Random(5))

    assert list(pairs.pairs({who: same for who in range(3)})) == []


def test_of_a_long_file_only_the_marks_that_reach_as_far_count() -> None:
    source = random.Random(3)
    whole = sketch(source, 200)
    longer = sorted(whole + sketch(source, 20))
    files = {who: sketch(source) for who in range(30)}
    files[30], files[31] = whole[:MOST_MARKS], longer[:MOST_MARKS]

    (one, two, share), = pairs.pairs(files)
    assert (one, two) == (30, 31)
    assert share == pytest.approx(200 / 220, abs=0.06)


def test_pairs_of_several_files_come_first(library: Library) -> None:
    source = random.Random(4)
    marks = [sketch(source) for _ in range(16)]

    def learner(*own: int) -> dict[str, Any]:
        return report(*(task(number, likeness={
            "form": f"{number}{own}", "marks": packed(marks[each])})
            for number, each in enumerate(own)))

    with alike(library, learner(0, 1), learner(2, 1), learner(2, 1),
               *(learner(each, each) for each in range(3, 16))) as found:
        assert found.pairs() == [
            [1, 2, [(0, 1.0), (1, 1.0)]], [0, 1, [(1, 1.0)]],
            [0, 2, [(1, 1.0)]]]


def packed(marks: list[int]) -> str:
    return base64.b64encode(
        b"".join(mark.to_bytes(4, "big") for mark in marks)).decode()


def submission(**files: str) -> Submission:
    return Submission(name="ada", folders={
        FOLDER: {"2-floor.py": SubmittedFile(content=files["floor"].encode())},
        TESTS: {"test_utils.py": SubmittedFile(
            content=files["tests"].encode())}})


CASE = '''\
class TestMemoize(unittest.TestCase):
    def test_memoize(self):
        self.fail()
'''


def liken(grader: Grader, **files: str) -> dict[str, Any]:
    tasks = grader.library.select(["0x00/2", "0x00/3", "0x03"])
    data = one.grade(grader, submission(**files), tasks)
    return {f"{each['folder'][:4]}/{each['number']}": each["likeness"]
            for each in data["tasks"] if "likeness" in each}


def test_the_wall_finds_the_form_of_each_task(grader: Grader) -> None:
    found = liken(grader, floor=RIGHT_FLOOR, tests=CASE)
    other = liken(grader, floor=RIGHT_FLOOR.replace("(n", "(m"), tests="")

    assert set(found) == {"0x00/2", "0x03/3"}
    assert set(other) == {"0x00/2"}
    assert other["0x00/2"]["form"] == found["0x00/2"]["form"]
    assert all(len(each["form"]) == 16 for each in found.values())


def test_a_file_that_python_cannot_read_costs_only_itself(
        grader: Grader) -> None:
    assert set(liken(grader, floor="def (", tests=CASE)) == {"0x03/3"}


@pytest.mark.parametrize("answer", [
    None, [], {"files": 1}, {"files": {FOLDER + "/2-floor.py": {"forms": 1}}},
    {"files": {FOLDER + "/2-floor.py": {"forms": {"0x00/2": "</script>"}}}},
    {"files": {FOLDER + "/2-floor.py": {"forms": {"0x00/3": "0" * 16}}}}])
def test_an_answer_that_makes_no_sense_is_left_out(
        answer: object, library: Library) -> None:
    asked, = one.files(library, submission(floor="", tests=""),
                       library.select(["0x00/2"]))

    assert one.read(answer, asked) == {}


@pytest.mark.parametrize("marks", ["<b>", "AAA", "AAAA", "AAAAAAA=", 7])
def test_marks_that_are_none_are_left_out(library: Library,
                                          marks: object) -> None:
    asked, = one.files(library, submission(floor="", tests=""),
                       library.select(["0x00/2"]))
    said = {"forms": {"0x00/2": "0" * 16}, "marks": marks}

    assert one.read({"files": {f"{FOLDER}/2-floor.py": said}}, asked
                    ) == {"0x00/2": {"form": "0" * 16}}


def test_what_one_file_takes_costs_no_other_its_likeness(
        library: Library) -> None:
    asked = one.files(library, submission(floor="slow", tests=CASE),
                      library.select(["0x00/2", "0x03/3"]))

    def answer(request: dict[str, Any]) -> object:
        if any("0x00" in file["id"] for file in request["files"]):
            raise Lost("timeout")
        return forms.run(request)

    assert set(one.liken(asked, Here(answer))) == {"0x03/3"}
