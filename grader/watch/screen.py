"""What `watch` shows, as the lines of one screen; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from grader.grading.verdict import ERROR, PASS, TaskVerdict
from grader.learner import hints, listing, statement
from grader.learner.progress import PASSED
from grader.report import advising, explain
from grader.terminal import (
    BOLD, DIM, GREEN, RED, YELLOW, cut, fit, paint, safe, wrapped)
from grader.watch.desk import HINT, LIST, STATEMENT, Desk

KEYS = (("h", "hint"), ("s", "statement"), ("l", "list"), ("n", "next"),
        ("p", "previous"), ("r", "run again"), ("q", "quit"))
WIDEST = 100
# After how many seconds a verdict is said to be on its way, and a loop to
# be looked for.
SLOW, VERY_SLOW = 0.7, 2.0
_DONE = "q ends watch; grade list shows what else there is."
_ENDLESS = "It takes long: is there a loop that never ends?"
_GONE = ("Save it under that name; or q, then grade start . writes a blank "
         "one.")
# Stands for a space that a line may not be broken at.
_TIE = "\0"


def screen(desk: Desk, columns: int, rows: int,
           colour: bool = True) -> list[str]:
    """Return the lines of a terminal of that size."""
    width = min(columns, WIDEST)
    head = _head(desk, width, colour)
    foot = ["", *_foot(desk, width, colour)]
    body = _page(list(_body(desk, width, colour)), desk,
                 max(1, rows - len(head) - len(foot)))
    filled = [*head, *body]
    filled += [""] * (rows - len(filled) - len(foot))
    return [fit(line, columns) for line in (filled + foot)[:rows]]


def _head(desk: Desk, width: int, colour: bool) -> list[str]:
    task = desk.current
    mates = desk.library.folder(task.folder).tasks
    done = sum(desk.statuses.get(each.id) == PASSED for each in mates)
    count = f" {done} of {len(mates)}"
    path = f"{task.folder}/{task.file}"
    if len(path) + len(count) > width:
        path = task.file
    lines = [paint(path.ljust(width - len(count)) + count, BOLD, colour),
             *wrapped(f"{task.number}. {task.title}", width)]
    if desk.news:
        lines += ["", *(paint(line, GREEN, colour)
                        for line in wrapped(desk.news, width))]
    return [*lines, ""]


def _foot(desk: Desk, width: int, colour: bool) -> list[str]:
    words = "  ".join(f"{key}{_TIE}{word}" for key, word in KEYS)
    lines = list(wrapped(
        f"{words}{'  ...' if desk.busy else ''}", width))
    return [re.sub(rf"(\w){_TIE}",
                   lambda found: f"{paint(found[1], BOLD, colour)} ", line)
            for line in lines]


def _body(desk: Desk, width: int, colour: bool) -> Iterator[str]:
    task = desk.current
    if desk.view == LIST:
        yield from listing.lines(desk.library, desk.statuses, {task.folder},
                                 colour)
    elif desk.view == HINT:
        at = desk.hints.get(task.id, 1) - 1
        yield from hints.words(task, at, width)
        if at + 1 < len(task.hints):
            yield ""
            yield "h again shows the next one."
    elif desk.view == STATEMENT:
        yield from _statement(desk, width, colour)
    else:
        yield from _task(desk, width, colour)


def _task(desk: Desk, width: int, colour: bool) -> Iterator[str]:
    """Yield how the current task stands."""
    task = desk.current
    if desk.waited > SLOW:
        yield "Grading ..."
        if desk.waited > VERY_SLOW:
            yield from wrapped(_ENDLESS, width)
    elif desk.finished and not desk.busy:
        yield paint("All of it passes.", GREEN, colour)
        yield from wrapped(_DONE, width)
        yield ""
        yield from _advice(desk.verdict, width, colour)
    elif desk.submission.is_blank(task):
        yield from _statement(desk, width, colour)
        yield ""
        yield paint(f"Write it in {task.folder}/{task.file} and save.",
                    YELLOW, colour)
    elif desk.verdict is None:
        yield "Grading ..."
    else:
        yield from _verdict(desk, desk.verdict, width, colour)


def _statement(desk: Desk, width: int, colour: bool) -> Iterator[str]:
    readme = statement.read(desk.library.folder(desk.current.folder))
    text = statement.section(readme, desk.current).partition("\n")[2]
    yield from statement.render(text, colour, width).splitlines()


def _verdict(desk: Desk, verdict: TaskVerdict, width: int,
             colour: bool) -> Iterator[str]:
    if verdict.status == PASS:
        yield paint("This one passes.", GREEN, colour)
        yield ""
    elif verdict.status == ERROR:
        yield paint("The grader could not tell:", YELLOW, colour)
    first, *rest = verdict.failures or (None,)
    if first:
        yield from (_red(line, at, colour) for at, line in enumerate(
            explain.full(first, desk.submission.text(verdict.task), width,
                         colour)))
        yield ""
    if desk.submission.file(verdict.task) is None:
        yield from wrapped(_GONE, width)
    for failure in filter(None, rest):
        is_elsewhere = first is None or failure.line != first.line
        said = explain.sentence(failure, is_elsewhere)
        yield cut(f"also  {said}", width)
    yield from _advice(verdict, width, colour)


def _red(line: str, at: int, colour: bool) -> str:
    return paint(line, RED, colour and at == 0)


def _advice(verdict: TaskVerdict | None, width: int,
            colour: bool) -> Iterator[str]:
    if verdict:
        yield from (paint(cut(text, width), DIM, colour)
                    for text in advising.pieces(
                        verdict, how=f"grade check {verdict.task.id} "
                        f"{advising.OPTION}"))


def _page(lines: Sequence[str], desk: Desk, room: int) -> list[str]:
    """Cut out the page that is looked at, and say that there is more."""
    if len(lines) <= room:
        desk.page = 0
        return list(lines)
    size = max(room - 1, 1)
    desk.page %= -(-len(lines) // size)
    start = desk.page * size
    shown = list(lines[start:start + size])
    left = len(lines) - start - len(shown)
    more = f"space: {left} more lines" if left else "space: back to the top"
    return [*shown, *[""] * (size - len(shown)), more]
