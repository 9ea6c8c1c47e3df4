"""Answers to the tasks around users.db, right and wrong, are judged so.

They lie in answers/FOLDER/FILE.toml: "whole" is a whole file, "code" takes
the place of the comments in the starter, "sibling" is the file of task 1
or 0 beside it. "says" stands in the first failure, or in the advice on an
answer that passes.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

from grader.grading.grading import Grader
from grader.grading.verdict import ERROR, FAIL, PASS, TaskVerdict
from grader.library.library import Task, load_library
from grader.submission.file import SubmittedFile
from grader.submission.submission import Submission

ANSWERS = Path(__file__).parents[1] / "answers"
SIBLINGS = {"python-decorators-0x01": "1-with_db_connection.py",
            "python-context-async-perations-0x02": "0-databaseconnection.py"}
LEAST = 100

# The comments in a starter that a learner replaces.
PLACE = re.compile(r"^# Your decorator(?:.*\n#)*.*\n", re.MULTILINE)
CONNECTED = '''
def with_db_connection(func):
    @functools.wraps(func)
    def wrapper(*args, **kwargs):
        conn = sqlite3.connect("users.db")
        try:
            return func(conn, *args, **kwargs)
        finally:
            conn.close()
    return wrapper
'''


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answer, and what is to be said about it."""

    task: Task
    what: str
    fails: bool = False
    says: str = ""
    code: str = ""
    whole: str = ""
    sibling: str = ""

    @property
    def source(self) -> str:
        """Return the file as a learner hands it in."""
        if self.whole:
            return self.whole.lstrip()
        known = "" if self.task.number < 2 or (
            "with_db_connection" in self.code) else CONNECTED
        return PLACE.sub(lambda _: known + self.code, self.task.starter)


def read_answers() -> list[Answer]:
    """Read the answers to every task that has some."""
    return [Answer(task=task, **each) for task in load_library().tasks
            if (path := (ANSWERS / task.folder / task.file).with_suffix(
                ".toml")).is_file()
            for each in tomllib.loads(path.read_text())["answer"]]


EVERY = read_answers()


def grade(grader: Grader, answer: Answer) -> TaskVerdict:
    """Grade one answer with its sibling."""
    sources = {SIBLINGS[answer.task.folder]: answer.sibling.lstrip(),
               answer.task.file: answer.source}
    files = {name: SubmittedFile(content=source.encode(), executable=True)
             for name, source in sources.items() if source}
    submission = Submission(name="test", folders={answer.task.folder: files})
    return grader.grade(submission, [answer.task]).tasks[0]


def test_there_are_answers_to_each_task() -> None:
    assert len(EVERY) >= LEAST
    tasks = [task for task in load_library().tasks
             if task.folder in SIBLINGS]
    for verdict in (False, True):
        assert {each.task.id for each in EVERY if each.fails == verdict} == {
            task.id for task in tasks}


@pytest.mark.parametrize("answer", EVERY, ids=[
    f"{each.task.id}: {each.what}" for each in EVERY])
def test_an_answer_is_judged_as_it_deserves(grader: Grader,
                                            answer: Answer) -> None:
    verdict = grade(grader, answer)

    said = [each.message for each in verdict.failures]
    assert verdict.status == (FAIL if answer.fails else PASS), said
    heard = said[:1] if answer.fails else list(verdict.advice)
    assert answer.says in "\n".join(heard)


UNUSUAL = """
import sqlite3
class DatabaseConnection:
    def __init__(self, first, second):
        self.path = first["path"]
    def __enter__(self):
        self.connection = sqlite3.connect(self.path)
        return self.connection
    def __exit__(self, *details):
        self.connection.close()
"""


@pytest.mark.parametrize("changed, status, says", [
    ("", ERROR, "could not tell: how DatabaseConnection(first, second) is to "
                "be called"),
    ("with DatabaseConnection({'path': 'users.db'}, 1) as connection:\n"
     "    print(connection.execute('SELECT * FROM users').fetchall())\n",
     PASS, ""),
    ("with DatabaseConnection({'path': 'users.db'}) as connection:\n"
     "    print(connection)\n", FAIL, "missing 1 required positional")])
def test_a_guess_that_does_not_fit_blames_nobody(
        grader: Grader, changed: str, status: str, says: str) -> None:
    task = next(each.task for each in EVERY
                if each.task.file == "0-databaseconnection.py")
    verdict = grade(grader, Answer(task=task, what="", fails=False,
                                   whole=UNUSUAL + changed))
    said = "".join(each.message for each in verdict.failures)
    assert verdict.status == status, said
    assert says in said
