"""One good answer to a task, once a learner has one: the model, how the
learner's own differs from it, and notes on why it is written so.
"""

from __future__ import annotations

from collections.abc import Iterator

from grader.errors import UserError
from grader.learner import versus, statement
from grader.learner.progress import Progress
from grader.library.library import ANSWERS, Folder, Task
from grader.terminal import BOLD, DIM, GREEN, RED, paint, printable, wrapped

WIDTH = 80
SPOILS = "It has not passed here yet, and seeing this spoils it."
CLOSED = "The answer opens once the task passes."
_NO_NOTES = "There are no notes on this answer yet."
_SAME = "Yours is the same, but for the way it is formatted."
_COLOURS = {"+": GREEN, "-": RED, "@": DIM}


def refuse_early(known: Progress, task: Task) -> None:
    """Raise UserError where the answer would spoil the task."""
    if task.id not in known.once:
        raise UserError(
            f"{task.short} has not passed in this workspace yet",
            f"grade hint {task.short} helps; --anyway shows the answer, and "
            "spoils the task")


def lines(folder: Folder, task: Task, own: str, is_open: bool,
          colour: bool = False, width: int = WIDTH) -> Iterator[str]:
    """Yield what there is to read; `own` is "" where nothing is written."""
    model = versus.excerpt((folder.path / task.file).read_text("utf-8"),
                           task, folder.tasks)
    yield paint(f"One good answer to {task.short}, {task.title}", BOLD,
                colour)
    if not is_open:
        yield from wrapped(SPOILS, width)
    yield ""
    for line in model.rstrip().splitlines():
        yield from wrapped(f"    {line}".rstrip(), width, 6) if line else [""]
    if own.strip():
        yield ""
        yield from _compared(versus.excerpt(own, task, folder.tasks), model,
                             colour, width)
    yield ""
    yield paint("Why it is written so", BOLD, colour)
    yield ""
    yield from statement.render(_notes(folder, task), colour,
                                width).splitlines()


def _compared(own: str, model: str, colour: bool,
              width: int) -> Iterator[str]:
    changes = versus.difference(own, model)
    if not changes:
        yield _SAME
        return
    yield paint("From yours (-) to this one (+), formatting aside", BOLD,
                colour)
    yield ""
    for line in changes:
        mark = "@" if line.startswith("@@") else line[:1]
        shown = "..." if mark == "@" else printable(line)
        for part in wrapped(f"  {shown}".rstrip(), width, 6):
            yield paint(part, _COLOURS.get(mark, ""), colour
                        and mark in _COLOURS)


def _notes(folder: Folder, task: Task) -> str:
    path = folder.path / ANSWERS
    if not path.is_file():
        return _NO_NOTES
    text = statement.section(path.read_text("utf-8"), task)
    return text.partition("\n")[2] or _NO_NOTES
