"""Collects which answers of a class are alike.

There are clusters of answers with one form, pairs of files that share much
of their code, and files that are worded alike. All data are in a temporary
database, so that memory stays bounded for any number of submissions.
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Callable, Collection, Sequence
from functools import cache
from typing import Any, Self

from grader.cohort import copies, pairs
from grader.cohort.copies import Copy
from grader.cohort.gradestable import Column
from grader.cohort.stats import MAX_MESSAGE
from grader.grading import verdict
from grader.kit.values import clipped
from grader.report import records
from grader.report.wording import Data, heading

MOST_CLUSTERS, MOST_MEMBERS, MOST_PAIRS = 300, 500, 200
_SCHEMA = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE answers (task, form, verdict, message, learner);
CREATE TABLE marks (file, learner, marks);
CREATE TABLE wordings (file, learner, marks);
CREATE TABLE pairs (one, two, file, share, PRIMARY KEY (one, two, file))
WITHOUT ROWID;
"""
# Those that fail come first: there a remark helps.
_CLUSTERS = """
SELECT task, form, verdict, count(*) AS size FROM answers
GROUP BY task, form, verdict HAVING size > 1
ORDER BY verdict = 'pass', size DESC, task, form LIMIT ?
"""
_OF_CLUSTER = "FROM answers WHERE task = ? AND form = ? AND verdict = ? "
_PAIRS = """
SELECT one, two FROM pairs GROUP BY one, two
ORDER BY count(*) DESC, sum(share) DESC, one, two LIMIT ?
"""


class Alike:
    """All answers that were `add`ed; learners, tasks, files are numbers.

    A file has the number of its first task. Passages that are `given` to
    all do not count where files are worded alike.
    """

    def __init__(self, tasks: Sequence[Column],
                 given: Callable[[], Collection[int]] = frozenset) -> None:
        # Asked for once two files are to be compared: it takes long.
        self._given = cache(given)
        # A database without a name is a temporary file, which SQLite deletes.
        self._base = sqlite3.connect("")
        self._base.executescript(_SCHEMA)
        self._tasks = {task.id: number for number, task in enumerate(tasks)}
        files = [(task.folder, task.file) for task in tasks]
        self._files = [files.index(each) for each in files]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *details: object) -> None:
        self._base.close()

    def add_earlier(self, learner: int, record: Data) -> None:
        """Add the wording of files of another class, and nothing else."""
        for entry in record["tasks"]:
            if (task := self._tasks.get(heading(entry))) is not None:
                self._add_wording(learner, task, entry.get("likeness", {}))

    def _add_wording(self, learner: int, task: int, likeness: Data) -> None:
        if marks := records.marks(likeness.get("wording", "")):
            self._base.execute("INSERT INTO wordings VALUES (?, ?, ?)",
                               (self._files[task], learner, marks))

    def copies(self, class_size: int) -> list[Copy]:
        """Return whose files are worded alike, of this class at least one.

        Two learners of other classes are not compared.
        """
        found: list[Copy] = []
        files = self._base.execute("SELECT file FROM wordings GROUP BY file"
                                   " HAVING count(*) > 1 ORDER BY file")
        for file, in files.fetchall():
            marks: dict[int, bytes] = dict(self._base.execute(
                "SELECT learner, marks FROM wordings WHERE file = ?"
                " ORDER BY learner", [file]))
            found += copies.candidates(file, marks, self._given())
        return [each for each in copies.sure(found)
                if each.one < class_size]

    def add(self, learner: int, record: Data) -> None:
        """Add one report."""
        for entry in record["tasks"]:
            if (task := self._tasks.get(heading(entry))) is not None:
                self._add(learner, task, entry)

    def _add(self, learner: int, task: int, entry: Data) -> None:
        likeness = entry.get("likeness", {})
        if "form" in likeness:
            self._base.execute(
                "INSERT INTO answers VALUES (?, ?, ?, ?, ?)",
                (task, likeness["form"], *_verdict(entry), learner))
        if marks := records.marks(likeness.get("marks", "")):
            self._base.execute(
                "INSERT INTO marks VALUES (?, ?, ?)",
                (self._files[task], learner, marks))
        self._add_wording(learner, task, likeness)

    def clusters(self) -> list[list[Any]]:
        """Return [task, verdict, size, message, its count, learners] each.

        The verdict is that on behaviour and types, and so the message.
        """
        self._base.execute(
            "CREATE INDEX by_form ON answers (task, form, verdict)")
        found = self._base.execute(_CLUSTERS, [MOST_CLUSTERS]).fetchall()
        return [[task, status, size, *self._commonest(task, form, status),
                 self._members(task, form, status)]
                for task, form, status, size in found]

    def _commonest(self, *cluster: object) -> tuple[str, int]:
        found: tuple[str, int] = self._base.execute(
            f"SELECT message, count(*) AS number {_OF_CLUSTER}"
            "GROUP BY message ORDER BY number DESC, message LIMIT 1",
            cluster).fetchone()
        return found

    def _members(self, *cluster: object) -> list[int]:
        return [learner for learner, in self._base.execute(
            f"SELECT learner {_OF_CLUSTER} ORDER BY learner LIMIT ?",
            (*cluster, MOST_MEMBERS))]

    def pairs(self) -> list[list[Any]]:
        """Return [learner, learner, [[file, share], ...]] of each pair."""
        files = self._base.execute("SELECT DISTINCT file FROM marks")
        for file, in files.fetchall():
            self._base.executemany(
                "INSERT INTO pairs VALUES (?, ?, ?, ?)",
                ((one, two, file, share) for one, two, share
                 in pairs.pairs(self._marks(file))))
        found = self._base.execute(_PAIRS, [MOST_PAIRS]).fetchall()
        return [[one, two, self._shares(one, two)] for one, two in found]

    def _marks(self, file: int) -> dict[int, tuple[int, ...]]:
        return {learner: struct.unpack(f">{len(marks) // 4}I", marks)
                for learner, marks in self._base.execute(
                    "SELECT learner, marks FROM marks WHERE file = ?"
                    " ORDER BY learner", [file])}

    def _shares(self, *pair: int) -> list[tuple[int, float]]:
        return self._base.execute(
            "SELECT file, round(share, 2) FROM pairs"
            " WHERE one = ? AND two = ? ORDER BY file", pair).fetchall()


def _verdict(entry: Data) -> tuple[str, str]:
    """Return the verdict and the first failure, but for those on style.

    Answers of one form may well differ in style.
    """
    statuses = [status for dimension, status in entry["dimensions"].items()
                if dimension != "style"]
    messages = [clipped(each["message"], MAX_MESSAGE)
                for each in entry["failures"]
                if each["dimension"] != "style"]
    return verdict.overall(statuses), messages[0] if messages else ""
