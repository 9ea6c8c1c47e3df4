"""Makes the list of folders and tasks, with a learner's progress."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from grader.learner.progress import BLANK, CHANGED, MISSING, PASSED, STARTED
from grader.library.library import Folder, Library, Task
from grader.terminal import BOLD, DIM, GREEN, RED, YELLOW, cut, paint

WIDTH = 80
_BAR = 12
_UNKNOWN = (
    "Nothing is known of what passes here: grade check tells. To keep track "
    "of it,", "grade start . adds what a workspace has and this folder lacks.")
_COLOURS = {PASSED: GREEN, CHANGED: YELLOW, STARTED: YELLOW, BLANK: DIM,
            MISSING: RED}


def lines(library: Library, statuses: dict[str, str],
          opened: Collection[str], colour: bool = False,
          is_kept: bool = True) -> Iterator[str]:
    """Yield a line a folder and, for the opened ones, a line a task.

    `is_kept` says whether it is known what passes.
    """
    for folder in library.folders:
        yield folder_line(library, folder, statuses, colour)
        if folder.name in opened:
            for task in folder.tasks:
                yield task_line(task, statuses[task.id], colour)
    yield ""
    yield from summary(library, statuses, is_kept)


def summary(library: Library, statuses: dict[str, str],
            is_kept: bool = True, after: Task | None = None) -> Iterator[str]:
    """Yield how many tasks pass, and which is next, looking round from one.
    """
    if not is_kept:
        yield from _UNKNOWN
        return
    following = next_task(library.tasks, statuses, after)
    done = sum(each == PASSED for each in statuses.values())
    yield f"{done} of {len(statuses)} tasks pass."
    if following:
        yield (f"Next: {following.folder}/{following.file} "
               f"(grade show {following.short})")


def next_task(tasks: Sequence[Task], statuses: dict[str, str],
              after: Task | None = None) -> Task | None:
    """Return the first task that does not pass, looking round from one."""
    ordered = list(tasks)
    if after in ordered:
        at = ordered.index(after) + 1
        ordered = ordered[at:] + ordered[:at]
    return next((task for task in ordered
                 if statuses.get(task.id) != PASSED), None)


def folder_line(library: Library, folder: Folder, statuses: dict[str, str],
                colour: bool) -> str:
    """Return one folder's line: a bar, how many pass, its names."""
    wide = max(len(each.short) for each in library.folders)
    total = len(folder.tasks)
    done = sum(statuses[task.id] == PASSED for task in folder.tasks)
    bar = "#" * (_BAR * done // total)
    return (f"[{paint(f'{bar:.<{_BAR}}', GREEN, colour and done > 0)}] "
            f"{done:2} of {total:2}  {folder.short:{wide}} "
            f"{paint(folder.name, BOLD, colour)}")


def task_line(task: Task, status: str, colour: bool,
              width: int = WIDTH) -> str:
    """Return one task's line: a mark, its number, file and status."""
    mark = {PASSED: "x", CHANGED: "~", STARTED: "~"}.get(status, " ")
    text = f"  [{mark}] {task.number:3}  {task.file:27} "
    room = max(width - len(text), 3)
    # The mark says enough of what passes and of what is not begun.
    title = cut(task.title if status in (PASSED, BLANK)
                else f"{status}: {task.title}", room)
    return text + paint(title, _COLOURS[status], colour)
