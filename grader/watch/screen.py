"""Puts the view, the head and the foot of `watch` into one screen."""

from __future__ import annotations

from collections.abc import Sequence

from grader.learner.progress import PASSED
from grader.terminal import (
    BOLD, DIM, GREEN, columns as taken, fit, paint, wrapped)
from grader.watch import views
from grader.watch.desk import LIST, WELCOME, Desk

WIDEST = 100
SLOW = views.SLOW
# With fewer rows than that, the task's title and blank lines give way.
_FEW = 10
_BAR = 20
_USUAL = "hsrmeln"
_AFTER_A_PASS = "aslmn"
_IN_A_LIST = (("Enter", "go there"), ("/", "find"), ("Esc", "back"))


def screen(desk: Desk, columns: int, rows: int,
           colour: bool = True) -> list[str]:
    """Return the lines of a terminal of that size."""
    width = max(min(columns, WIDEST), 1)
    head = _head(desk, width, rows, colour)
    foot = [*([""] if rows >= _FEW else []), _foot(desk, width, colour)]
    room = max(1, rows - len(head) - len(foot))
    body = _page(views.lines(desk, width, colour), desk, room, width, colour)
    filled = [*head, *body]
    filled += [""] * (rows - len(filled) - len(foot))
    return [fit(line, columns) for line in (filled + foot)[:rows]]


def _head(desk: Desk, width: int, rows: int, colour: bool) -> list[str]:
    task = desk.current
    lines = [_first_line(desk, width, colour)]
    news = list(wrapped(desk.news, width))[:max(rows - 3, 1)]
    if rows < _FEW:
        return lines + news
    mates = desk.library.folder(task.folder).tasks
    done = sum(desk.statuses.get(each.id) == PASSED for each in mates)
    title = f"{task.number}. {task.title}"
    count = f"{done} of {len(mates)} in this folder"
    lines += ([title.ljust(width - len(count)) + count]
              if taken(title) + len(count) < width else wrapped(title, width))
    if news:
        lines += ["", *(paint(line, GREEN, colour) for line in news)]
    return [*lines, ""]


def _first_line(desk: Desk, width: int, colour: bool) -> str:
    """Return the file on the left, the course's progress on the right."""
    task, all_tasks = desk.current, desk.library.tasks
    done = sum(desk.statuses.get(each.id) == PASSED for each in all_tasks)
    count = f" {done} of {len(all_tasks)}"
    path = desk.submission.place(task)
    if len(path) + len(count) > width:
        path = task.file
    path = fit(path, max(width - len(count), 0))
    bar = min(width - len(path) - len(count) - 3, _BAR)
    if bar >= _BAR // 4:
        full = bar * done // len(all_tasks)
        count = (" [" + paint(f"{'#' * full:.<{bar}}", GREEN,
                              colour and full > 0)
                 + f"]{paint(count, BOLD, colour)}")
        path = path.ljust(width - bar - 3 - len(f" {done} of "
                                                f"{len(all_tasks)}"))
    else:
        path = path.ljust(width - len(count))
    return f"{paint(path, BOLD, colour)}{count}"


def _foot(desk: Desk, width: int, colour: bool) -> str:
    """Return one line of keys: as many as fit, ? and q among them."""
    if desk.view == LIST and desk.chooser.typing:
        return fit(f"find: {desk.chooser.filter}_", width)
    end = "  ..." if desk.busy or desk.checking else ""
    last = ["? keys", "q quit"]
    shown: list[str] = []
    for key, word in _wanted(desk):
        if len("  ".join([*shown, f"{key} {word}", *last])) + len(
                end) <= width:
            shown.append(f"{key} {word}")
    words = [paint(key, BOLD, colour) + " " + word
             for key, _, word in (each.partition(" ")
                                  for each in [*shown, *last])]
    return "  ".join(words) + end


def _wanted(desk: Desk) -> Sequence[tuple[str, str]]:
    words = {key: word for key, word, _ in views.EVERY_KEY}
    if desk.view == LIST:
        return _IN_A_LIST
    if desk.view == WELCOME:
        return [("Enter", "start")]
    return [(key, words[key]) for key in (
        _AFTER_A_PASS if desk.passes else _USUAL)]


def _page(lines: Sequence[str], desk: Desk, room: int, width: int,
          colour: bool) -> list[str]:
    """Return the lines that fit, with a note if there are more."""
    if len(lines) <= room:
        desk.scroll, desk.room = 0, room
        return list(lines)
    size = room - 1 if room > 2 else room
    desk.room = size
    desk.scroll = min(desk.scroll, len(lines) - size)
    focus = views.focus(desk)
    if focus is not None:
        # The folder's name above the first of its tasks is worth a line.
        desk.scroll = min(max(desk.scroll, focus - size + 1),
                          max(focus - 1, 0))
    shown = list(lines[desk.scroll:desk.scroll + size])
    if size < room:
        shown.append(paint(_more(desk, len(lines), size, width), DIM,
                           colour))
    return shown


def _more(desk: Desk, total: int, size: int, width: int) -> str:
    left = total - desk.scroll - size
    where = f"lines {desk.scroll + 1} to {desk.scroll + size} of {total}"
    how = f"space: {left} more" if left else "up: back"
    long = f"-- {where}; {how} --"
    return long if len(long) <= width else how
