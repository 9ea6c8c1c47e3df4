"""Outside the wall no text of a learner's takes more than a linear time.

Each scan of ours that reads a file, or what a run has said, reads texts that
are half as long as a file may be and made of what the scan itself looks for.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, permutations, product
from typing import Any

import pytest

from alx.github import organizations
from grader.cohort import html, one
from grader.cohort.one import LikenedFile
from grader.findings.finding import Finding, line_of, located
from grader.findings.untrusted import printed, text
from grader.grading.grading import Grader
from grader.grading.verdict import FAIL, Report, TaskVerdict
from grader.inside.limits import Limits
from grader.learnertests import messages
from grader.learnertests.testrun import Why
from grader.library.library import Library, load_library
from grader.report.formats import EXPORTS
from grader.report.report import as_data, as_json, as_text
from grader.submission.file import SubmittedFile
from grader.submission.submission import MAX_BYTES, Submission
from grader.suites.checks import Observed
from grader.suites.judge import judge
from grader.suites.suite import suite_of
from grader.terminal import safe
from grader.wall.outcome import decode

LENGTH = MAX_BYTES // 2
# A quadratic scan takes a minute for such texts, a linear one milliseconds.
SECONDS = 0.5
SCANS: dict[str, tuple[Callable[[str], object], list[str]]] = {
    "the line that a call is about": (
        lambda text: [line_of("TestX.test_x", text), line_of("x(1)", text),
                      line_of(", ".join("xy" * 50), text)],
        ["def ", "class x", "async ", "async def x", " ", "\n", "x", "x:",
         '"""', "'''", "\\", '"']),
    "a call": (
        lambda text: [line_of(text, "x = 1\n"), line_of("x", text)],
        ["'", '"', "\\'", "x", ".", "x.", " "]),
    "organizations": (
        lambda text: organizations(text.encode()),
        ["org", "orgs/", "org'", " ", "(", "=", "'", "x", "\n", "org = "]),
    "what an exception says": (
        lambda said: messages.explain(Why(kind="x", text=text(said))),
        ["<module 'x", "<class 'x", "x.", "' from ", "module 'x' has ", ">",
         "cannot import name 'x", "' does not have the attribute 'x"]),
    "what is printed": (
        lambda said: safe(printed(said)),
        ["/home/x/", "/root", "C:\\Users\\x", "\\", "/", "x", " ", "\n",
         "\x1b[1m", "\u0301"]),
    "results": (
        lambda said: decode(said.encode() + b"\n", {
            "status": 0, "stopped": None, "cpu": 0.0}, 1.0, Limits()),
        ["{", "[", '"', "9", "-", "{}", "\\", "\n", "\\u", "\\ud800"]),
}


def texts(pieces: list[str]) -> Iterator[str]:
    """Yield texts of pieces, alone and in pairs."""
    for one in pieces:
        yield one * (LENGTH // len(one))
    for one, two in permutations(pieces, 2):
        half = LENGTH // 2
        yield one * (half // len(one)) + two * (half // len(two))
    # In the other order they are the same but for the ends.
    for one, two in combinations(pieces, 2):
        yield (one + two) * (LENGTH // len(one + two))


@pytest.mark.parametrize("scan, pieces", SCANS.values(), ids=SCANS)
def test_a_scan_is_linear(scan: Callable[[str], object],
                          pieces: list[str]) -> None:
    for each in texts(pieces):
        started = time.process_time()
        scan(each)
        assert time.process_time() - started < SECONDS, each[:40]


@pytest.mark.parametrize("piece", [
    "x", " ", "\n", "\t", "/home/x/", "\x1b[1m", "\u0301", "\u4e00", "line 1 ",
    "line 1, column 9", '"""', "def x(", "<&>", "\ud800", "it printed\r"])
def test_a_report_is_linear(library: Library, piece: str) -> None:
    task, = library.select(["0x00/2"])
    source = piece * (LENGTH // len(piece))
    said = text(source)
    failures = tuple(located(Finding(
        dimension="behaviour", check="test_x", cause="wrong", message=said,
        call=said, expected=said, got=said, line=line,
        output=printed(source)), source) for line in (None, 1))
    report = Report(
        submission=source, library="1", isolation="full", seconds=1.0,
        tasks=(TaskVerdict(task=task, status=FAIL, points=0.0,
                           dimensions={"behaviour": FAIL},
                           failures=failures, advice=(said,)),))
    submission = Submission(name="x", folders={task.folder: {
        task.file: SubmittedFile(content=source.encode("utf-8", "replace"))}})
    started = time.process_time()

    as_text(report, True, submission)
    as_json(report)
    data = as_data(report)
    for export in EXPORTS.values():
        export(data)
    html.embed(html.row(data, [task.id], html.Texts()))
    one.read(
        {"files": {"x": {"forms": {"y": source}, "marks": source}}},
        LikenedFile(id="x", source=b"", is_typed=True, tasks={"y": []}))

    assert time.process_time() - started < SECONDS


def test_names_beside_the_folders_take_no_time(library: Library) -> None:
    others = tuple(f"{number}-python_variable_annotations"
                   for number in range(100_000))
    submission = Submission(name="x", folders={}, others=others)
    started = time.process_time()

    for task in library.tasks:
        assert "is not there" in submission.missing(task)

    assert time.process_time() - started < 4.0


# In the place of whatever a check has looked at.
MADE_UP: dict[str, Any] = {
    "a text": "sum user1@example.com (Ann Lee1 " * 1000,
    "blanks": "sum" + " " * 30_000,
    "rows": {"list": [{"tuple": ["a", {"int": str(number)}]}
                      for number in range(3_000)]},
    "a table": {"dict": [[{"int": str(number)}, "a"]
                         for number in range(3_000)]},
    "a number": {"int": "9" * 4300},
    "a count": {"int": "1000000000"},
}
LOOKS = 2


def tried(looks: Sequence[Any]) -> list[int]:
    """Return the places of the first results of two kinds, if any.

    What comes of loading the file or of reading a name is not compared.
    """
    kinds: dict[str, int] = {}
    for place, look in enumerate(looks):
        if "value" in look and not look["look"].startswith(("load", "task.")):
            kinds.setdefault(look["look"], place)
    return [*kinds.values()][:LOOKS]


@pytest.mark.parametrize("selector", [
    task.id for task in load_library().tasks if not task.methods])
def test_a_check_is_linear_in_what_a_run_made_up(
        grader: Grader, library: Library, selector: str) -> None:
    task, = library.select([selector])
    suite = suite_of(library.folder(task.folder), task)
    for check, seen in grader.seen_of_model(
            task, "1", suite.checks).items():
        for place, value in product(tried(seen.entries), MADE_UP.values()):
            entries = list(seen.entries)
            entries[place] = entries[place] | {"value": value}
            made_up = Observed(entries=tuple(entries))
            started = time.process_time()
            judge(suite, check, "1", made_up, seen.entries)
            assert time.process_time() - started < SECONDS, check
