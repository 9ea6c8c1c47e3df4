"""Programs that report success without being right are found out.

Whatever they make of the process that they share with a suite, the verdict
is made elsewhere, from what was seen on inputs that they cannot foresee.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grader.grading.grading import Grader
from grader.grading.verdict import TaskVerdict
from grader.library.library import Library
from grader.submission.file import SubmittedFile
from grader.submission.submission import Submission

DATA = tomllib.loads(
    Path(__file__).with_name("forging.toml").read_text(encoding="utf-8"))
TRICKS: dict[str, dict[str, Any]] = {
    each["id"]: each for each in DATA["trick"]}
TARGETS = {
    "0x00": ("0x00/2", '''
if "answer" in globals():
    floor = answer
else:
    def floor(n):
        return 0
'''),
    "decorators": ("python-decorators-0x01/0", '''
def log_queries(func):
    return globals().get("answer", func)
'''),
    "0x03": ("0x03/0", ""),
    # Right but for one check.
    "lonely": ("python-decorators-0x01/1", '''
import functools, sqlite3
def with_db_connection(func):
    @functools.wraps(func)
    def wrapper(*args, **kwargs):
        conn = sqlite3.connect("users.db")
        result = func(conn, *args, **kwargs)
        conn.close()
        return result
    return wrapper
'''),
}
# How often a coin is tossed that comes up right now and then.
TOSSES = 25
# A busy machine must not decide what a trick comes to.
SECONDS = 15.0


@pytest.fixture(scope="module")
def verdicts(library: Library, grader: Grader
             ) -> dict[tuple[str, str], TaskVerdict]:
    """Judge all tricks on all their targets, several at a time."""
    jobs = list(_jobs())
    with ThreadPoolExecutor(4) as pool:
        done = pool.map(lambda job: _judge(library, grader, *job), jobs)
        return dict(zip(jobs, done))


def _jobs() -> Iterator[tuple[str, str]]:
    for name, trick in TRICKS.items():
        yield from ((name, target)
                    for target in trick.get("tasks", ["decorators"]))


def _judge(library: Library, grader: Grader, name: str,
           target: str) -> TaskVerdict:
    selector, wrong = TARGETS[target]
    task, = library.select([selector])
    task = replace(task, seconds=SECONDS)
    source = DATA["prelude"] + TRICKS[name]["code"] + wrong
    submission = Submission(name=name, folders={task.folder: {
        task.file: SubmittedFile(content=source.encode())}})
    verdict, = grader.grade(submission, [task]).tasks
    return verdict


@pytest.mark.parametrize("name, target", list(_jobs()))
def test_no_trick_is_believed(
        verdicts: dict[tuple[str, str], TaskVerdict], name: str,
        target: str) -> None:
    verdict = verdicts[name, target]

    assert verdict.dimensions["behaviour"] == "fail", verdict
    assert verdict.failures


@pytest.mark.parametrize("name", ["F26", "F26d"])
def test_no_toss_of_a_coin_is_believed(library: Library, grader: Grader,
                                       name: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        tossed = list(pool.map(lambda _: _judge(
            library, grader, name, "lonely"), range(TOSSES)))

    assert {each.dimensions["behaviour"] for each in tossed} == {"fail"}


@pytest.mark.parametrize("selector", [
    "0x00", "0x01", "0x02", "python-decorators-0x01",
    "python-context-async-perations-0x02"])
def test_right_answers_raise_no_alarm(library: Library, grader: Grader,
                                      selector: str) -> None:
    tasks = library.select([selector])
    folder = library.folder(tasks[0].folder)
    submission = Submission(name="models", folders={folder.name: {
        path.name: SubmittedFile(content=path.read_bytes(), executable=True)
        for path in folder.path.glob("*.py")}})

    graded = grader.grade(submission, tasks)

    assert [each.failures for each in graded.tasks if each.failures] == []
