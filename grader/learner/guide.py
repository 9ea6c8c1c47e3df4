"""Writes the README of a workspace, from the data of the library."""

from __future__ import annotations

from collections.abc import Iterator

from grader.library.library import Folder, Library, Task

_HEAD = """\
# {title}

This is your workspace, with one folder for each subject. Work through them in
the order below; in each, read its `README.md` first: it explains the idea,
then states the tasks. Write your answers into the files that are there. Your
progress is kept in `.grade.json`.

    grade watch           what is right and what is not, on every save
    grade show            what the next task asks for
    grade hint            a question that helps; again, a pointer
    grade run {example:11} run a task's main, with the packages that it needs
    grade check           grade everything once
    grade answer {example:8} once it passes: one good answer, and why
    grade list            how far you are

A task has three names that mean the same: `{example}`, its file as in
`{folder}/{file}`, and, where no other task has such
a file, `{file}` alone. In a task's folder its number is enough.

Each task has a main, a small program that uses your file: `./{main}`
in its folder. If that says that a package is not installed, `grade run
{example}` runs the same with the packages that the course needs.

Is `grade` not found? Call it with its path, as you did the first time, such as
`~/grader/bin/grade start .`: among the lines to type next is one with which
your shell knows `grade`. To have a file blank again, remove it and do the
same.
"""
_ELSEWHERE = """\
These tasks are not those that `grade` has by itself: say `--library {spoken}`
after every command.
"""
_NUMBERS = """\
The first number is the task's. It is the one that `grade` asks for, and the
main is named after it.
"""


def text(library: Library, course: str, spoken: str = "") -> str:
    """Return the README; `course` is what the course has to say itself.

    `spoken` is what --library takes, "" for the built-in library.
    """
    first = library.tasks[0]
    parts = [_HEAD.format(title=library.title or "Python exercises",
                          example=first.short, folder=first.folder,
                          file=first.file, main=first.main),
             _ELSEWHERE.format(spoken=spoken) if spoken else "",
             course.strip("\n") + "\n" if course.strip() else "",
             "## The tasks\n", _NUMBERS,
             *(_folder(at, folder)
               for at, folder in enumerate(library.folders, 1))]
    return "\n".join(filter(None, parts))


def _folder(at: int, folder: Folder) -> str:
    name = f"`{folder.name}`" + (
        f", in short `{folder.short}`" if folder.short != folder.name else "")
    return "\n".join([f"### {at}. {folder.title}", "", name, "",
                      *_table(folder), *_missing(folder), ""])


def _table(folder: Folder) -> Iterator[str]:
    yield "| Task | Main | Your file | Title |"
    yield "| ---: | --- | --- | --- |"
    for task in folder.tasks:
        yield (f"| {task.number} | `{task.main}` | `{task.file}` | "
               f"{task.title} |")


def _missing(folder: Folder) -> Iterator[str]:
    """Yield which small numbers the course passes over, if any."""
    numbers = [task.number for task in folder.tasks]
    small = [number for number in numbers if number < 10]
    between = range(min(small, default=0), max(small, default=0))
    gaps = [str(number) for number in between if number not in small]
    if gaps:
        yield ""
        yield (f"There is no task {' and no task '.join(gaps)} in this "
               "course.")
    if any(_own_number(task) not in (None, task.number)
           for task in folder.tasks):
        yield ""
        yield ("The numbers in the names of the files are not those of "
               "the tasks\nhere: the table says which is which.")


def _own_number(task: Task) -> int | None:
    digits = task.file.partition("-")[0]
    return int(digits) if digits.isdecimal() else None
