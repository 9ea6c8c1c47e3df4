"""Reads the tables of answers to try, of which each task folder has one.

A table is a TOML file named after its folder. Its `[[answer]]` have the
fields of Answer as keys, and at its top it may have those of Table. Where a
key takes a list, a single text may stand alone.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from grader.library.library import Folder, Library, Task
from grader.library.manifest import Unreadable, record, tables

TABLES = Path(__file__).parents[1] / "answers"

# The keys that hold the text of an answer: each answer has one of them.
WAYS = ("source", "starter", "old", "added")
# The comments of a starter, which a learner replaces, but for its shebang.
COMMENTS = re.compile(r"(?:^#(?!!).*\n)+", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Table:
    """What the answers of a table share.

    `parts` are texts by name. `beside` are the files handed in with every
    answer, by name; each is a part, too. `before` is for the answers that
    have a `source` and no `before` of their own.
    """

    parts: Mapping[str, str] = field(default_factory=dict)
    beside: Mapping[str, str] = field(default_factory=dict)
    before: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Answer:
    """One answer to a task, and what it gets.

    The key `task` is the number of the task, `name` is the answer's own.
    The text of its file is `source`, or stands in the place of the comments
    of the task's `starter`, or is `added` to the end of the model, or the
    model has `new` in the place of `old`. The parts named in `before` stand
    in front of it. `beside` are further files handed in, by name; `false`
    is for a file of the table that is not.

    `fails` are the dimensions that fail, `errors` those of which the grader
    could not tell, and all others pass. `says` is in the failure of the
    check `check`, or in the first one; `advises` is in the advice. `alone`
    tells that only one failure is about behaviour. `stated` is in a failure
    where no variants of the statement are accepted.
    """

    folder: Folder
    task: Task
    shared: Table
    way: str
    name: str
    before: tuple[str, ...] = ()
    source: str = ""
    starter: str = ""
    old: str = ""
    new: str = ""
    added: str = ""
    beside: Mapping[str, Any] = field(default_factory=dict)
    fails: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    says: str = ""
    check: str = ""
    advises: str = ""
    alone: bool = False
    stated: str = ""

    @property
    def id(self) -> str:
        """Return the name of the answer, such as "0x00/3: an f-string"."""
        return f"{self.task.id}: {self.name}"

    @property
    def text(self) -> str:
        """Return the file of the task."""
        parts = {**self.shared.parts, **self.shared.beside}
        own = "".join(parts[each] for each in self.before) + str(
            getattr(self, self.way))
        match self.way:
            case "starter":
                return COMMENTS.sub(lambda _: own, self.task.starter)
            case "old":
                return self.model.replace(self.old, self.new)
            case "added":
                return self.model + own
        return own

    @property
    def model(self) -> str:
        """Return the model answer to the task."""
        return (self.folder.path / self.task.file).read_text(encoding="utf-8")

    @property
    def files(self) -> dict[str, str]:
        """Return the files that are handed in, by name."""
        beside = {**self.shared.beside, **self.beside}
        return {name: text for name, text in beside.items()
                if text is not False} | {self.task.file: self.text}


def read_all(library: Library) -> list[Answer]:
    """Return the answers to the tasks of a library, in their order."""
    paths = [(TABLES / f"{folder.name}.toml", folder)
             for folder in library.folders]
    return [answer for path, folder in paths if path.is_file()
            for answer in read(path, folder)]


def read(path: Path, folder: Folder) -> list[Answer]:
    """Read the table of a folder; raises Unreadable for a bad one."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    rows = tables(data, "answer")
    shared = record(Table, _listed(Table, data))
    answers = [_answer(folder, shared, row) for row in rows]
    known: set[str] = set()
    for answer in answers:
        if answer.id in known:
            raise Unreadable(f"there are two of {answer.id!r}")
        known.add(answer.id)
    return answers


def _listed(kind: type[Table] | type[Answer],
            row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row in which a text alone is a list, where one may stand."""
    lists = {each.name for each in fields(kind)
             if each.type == "tuple[str, ...]"}
    return {key: [value] if key in lists and isinstance(value, str) else value
            for key, value in row.items()}


def _answer(folder: Folder, shared: Table, row: Mapping[str, Any]) -> Answer:
    ways = [each for each in WAYS if each in row]
    if len(ways) != 1:
        raise Unreadable(f"{row.get('name')!r} should have one of "
                         f"{', '.join(WAYS)}, not {ways or 'none'}")
    before = {"before": [*shared.before]} if ways == ["source"] else {}
    keys = {**before, **_listed(Answer, row)}
    number = keys.pop("task", None)
    task = next((each for each in folder.tasks if each.number == number),
                None)
    if task is None:
        raise Unreadable(f"there is no task {number}")
    answer = record(Answer, keys, folder=folder, task=task, shared=shared,
                    way=ways[0])
    for problem in _problems(answer):
        raise Unreadable(f"{answer.name!r}: {problem}")
    return answer


def _problems(answer: Answer) -> Iterable[str]:
    """Yield what is wrong with an answer whose keys are right."""
    folder, shared = answer.folder, answer.shared
    for part in {*answer.before} - {*shared.parts, *shared.beside}:
        yield f"there is no part {part!r}"
    for name in {*answer.fails, *answer.errors} - {*folder.dimensions}:
        yield f"there is no dimension {name!r}"
    for name, text in answer.beside.items():
        if not isinstance(text, str) and text is not False:
            yield f"{name!r} should be a text or false"
    if answer.way == "old" and answer.before or (
            answer.new and answer.way != "old"):
        yield "`new` goes with `old`, and `before` with all but `old`"
    if answer.old and answer.model.count(answer.old) != 1:
        yield f"{answer.old!r} should stand in the model exactly once"
    if answer.starter and len(COMMENTS.findall(answer.task.starter)) != 1:
        yield "there should be one block of comments in the starter"
