"""Makes the lines of each view of `watch`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby

from grader.grading.verdict import ERROR, PASS, TaskVerdict
from grader.learner import answer, hints, listing, statement
from grader.learner.progress import PASSED
from grader.library.library import Folder
from grader.report import advice, explain
from grader.terminal import (
    BOLD, DIM, GREEN, RED, REVERSED, YELLOW, paint, wrapped)
from grader.watch.desk import (
    ANSWER, END, HINT, IDEA, KEYS, LIST, REPORT, RULES, STATEMENT, TASK,
    WELCOME, Desk)

# After how many seconds a verdict is said to be on its way, and a loop to
# be looked for.
SLOW, VERY_SLOW = 0.7, 2.0
EVERY_KEY = (
    ("h", "hint", "the next hint: a question first, then pointers"),
    ("s", "statement", "what the task asks for"),
    ("i", "idea", "the idea behind the tasks of this folder"),
    ("r", "rules", "how they are graded"),
    ("a", "answer", "a good answer and why, once the task passes"),
    ("m", "main", "run the task's main"),
    ("e", "edit", "open the file in $VISUAL or $EDITOR"),
    ("g", "grade", "grade the task again, as each save does"),
    ("c", "check all", "grade every task"),
    ("l", "list", "all tasks: Enter goes to one, / finds some"),
    ("n", "next", "the next task; Enter goes on after a pass"),
    ("p", "previous", "the task before this one"),
    ("x", "reset", "make the file blank again (asks first)"),
    ("u", "undo", "bring back what the last reset replaced"),
    ("?", "keys", "all keys"),
    ("q", "quit", "leave; your progress is kept"),
)
_ARROWS = ("Arrows, PgUp, PgDn, Home, End and space move what is longer than "
           "the screen. The key that shows something also leaves it.")
_ENDLESS = "It takes long: is there a loop that never ends?"
_GONE = "Save it under that name; or q, then grade start . writes a blank one."
_WELCOME = (
    "Welcome. This window shows one task at a time, and grades your file each "
    "time you save it.",
    "1. Read what the task asks for. r shows how it is graded, and i the idea "
    "behind the tasks of its folder.",
    "2. Open the file in your editor, beside this window (e opens it here), "
    "write, and save. What is wrong appears by itself, one thing at a time.",
    "3. Stuck? h gives a hint, and a better one when you ask again.",
    "4. Once the task passes, a shows a good answer and why it is written so, "
    "and Enter goes on.",
    "? shows all keys. Leave whenever you like: your progress is kept.",
)
# The course's own words for the end lie in the root of its library.
LAST_WORDS = "end.md"


def lines(desk: Desk, width: int, colour: bool) -> list[str]:
    """Return the lines of what is looked at, however many they are."""
    return list(_VIEWS[desk.view](desk, width, colour))


def focus(desk: Desk) -> int | None:
    """Return the line that has to be on the screen, if one has to be."""
    chosen = desk.chooser.chosen if desk.view == LIST else None
    if chosen is None:
        return None
    shown = desk.chooser.shown
    headings = len({task.folder for task in
                    shown[:shown.index(chosen) + 1]})
    return shown.index(chosen) + headings


def _list(desk: Desk, width: int, colour: bool) -> Iterator[str]:
    """Yield a line a folder and a line a task: focus() counts on it."""
    chosen = desk.chooser.chosen
    for name, tasks in groupby(desk.chooser.shown, lambda task: task.folder):
        yield "  " + listing.folder_line(
            desk.library, desk.library.folder(name), desk.statuses, colour)
        for task in tasks:
            here = "*" if task == desk.current else " "
            line = listing.task_line(task, desk.statuses[task.id],
                                     colour and task != chosen, width - 2)
            yield (paint(f">{here}{line}", REVERSED, colour)
                   if task == chosen else f" {here}{line}")
    if chosen is None:
        yield "No task has all of these words."


def _statement(desk: Desk, width: int, colour: bool) -> Iterator[str]:
    readme = statement.read(_folder(desk))
    text = statement.section(readme, desk.current).partition("\n")[2]
    yield from statement.render(text, colour, width).splitlines()


def _idea(desk: Desk, width: int, colour: bool) -> Iterator[str]:
    text = statement.introduction(statement.read(_folder(desk)))
    yield from statement.render(text, colour, width).splitlines()


def _rules(desk: Desk, width: int, colour: bool) -> Iterator[str]:
    text = statement.rules(statement.read(_folder(desk)))
    if not text:
        yield from _idea(desk, width, colour)
        return
    yield from statement.render(text, colour, width).splitlines()


def _folder(desk: Desk) -> Folder:
    return desk.library.folder(desk.current.folder)


def _hint(desk: Desk, width: int, colour: bool) -> Iterator[str]:
    task = desk.current
    yield from hints.words(task, desk.hint, width)
    if len(task.hints) > 1:
        yield ""
        yield ("h shows the next one." if desk.hint + 1 < len(task.hints)
               else "That was the last one; h goes back to the first.")


def _answer(desk: Desk, width: int, colour: bool) -> Iterator[str]:
    task = desk.current
    blank = desk.submission.is_blank(task)
    yield from answer.lines(
        _folder(desk), task, "" if blank else desk.submission.text(task),
        True, colour, width)


def _keys(desk: Desk, width: int, colour: bool) -> Iterator[str]:
    for key, word, meaning in EVERY_KEY:
        first, *more = wrapped(f"{word:10} {meaning}", max(width - 4, 1), 11)
        yield f"  {paint(key, BOLD, colour)} {first}"
        yield from (f"    {line}" for line in more)
    yield ""
    yield from wrapped(_ARROWS, width)


def _report(desk: Desk, width: int, colour: bool) -> Iterator[str]:
    for line in desk.report.splitlines():
        yield from wrapped(line, width, 8) if line else [""]


def _welcome(desk: Desk, width: int, colour: bool) -> Iterator[str]:
    for at, text in enumerate(_WELCOME):
        yield from wrapped(text, width, 3 if text[1] == "." else 0)
        if at in (0, len(_WELCOME) - 2):
            yield ""
    yield ""
    yield paint("Enter shows the first task.", YELLOW, colour)


def _task(desk: Desk, width: int, colour: bool) -> Iterator[str]:
    """Yield how the current task stands."""
    task = desk.current
    if desk.waited > SLOW:
        yield "Grading ..."
        if desk.waited > VERY_SLOW:
            yield from wrapped(_ENDLESS, width)
    elif desk.is_unbegun:
        yield from (paint(line, YELLOW, colour) for line in wrapped(
            f"Write it in {desk.submission.place(task)} and save.", width))
        yield ""
        yield from _statement(desk, width, colour)
    elif desk.verdict is None:
        yield "Grading ..."
    elif desk.verdict.status == PASS:
        yield from _passed(desk, desk.verdict, width, colour)
    else:
        yield from _failed(desk, desk.verdict, width, colour)


def _passed(desk: Desk, verdict: TaskVerdict, width: int,
            colour: bool) -> Iterator[str]:
    if desk.finished:
        yield paint("All of it passes.", GREEN, colour)
    yield paint(f"{verdict.task.file} passes.", GREEN, colour)
    yield ""
    if verdict.advice:
        yield from _advice(verdict, width, colour)
        yield ""
    yield "a shows a good answer, and why it is written so."
    following = desk.following
    if following and not desk.finished:
        yield from wrapped(f"Enter goes on to {following.file}: "
                           f"{following.number}. {following.title}", width)


def _end(desk: Desk, width: int, colour: bool) -> Iterator[str]:
    """Yield the words for the last pass, then the lines of that task."""
    yield from _last_words(desk, width, colour)
    yield ""
    yield from _task(desk, width, colour)


def _last_words(desk: Desk, width: int, colour: bool) -> Iterator[str]:
    everything = desk.library.tasks
    if len(desk.tasks) < len(everything):
        left = sum(desk.statuses[task.id] != PASSED for task in everything)
        yield from wrapped(
            f"{left} of {len(everything)} tasks of the whole course are "
            "left: q, then grade watch." if left
            else "The whole course passes.", width)
        return
    yield paint(f"All {len(everything)} tasks pass.", GREEN, colour)
    yield ""
    for folder in desk.library.folders:
        yield listing.folder_line(desk.library, folder, desk.statuses,
                                  colour)
    path = desk.library.root / LAST_WORDS
    if path.is_file():
        yield ""
        yield from statement.render(path.read_text("utf-8"), colour,
                                    width).splitlines()


def _failed(desk: Desk, verdict: TaskVerdict, width: int,
            colour: bool) -> Iterator[str]:
    if verdict.status == ERROR:
        yield paint("The grader could not tell:", YELLOW, colour)
    first, *rest = verdict.failures or (None,)
    if first:
        yield from (paint(line, RED, colour and at == 0)
                    for at, line in enumerate(explain.full(
                        first, desk.submission.text(verdict.task), width,
                        colour)))
        yield ""
    if desk.submission.file(verdict.task) is None:
        yield from wrapped(_GONE, width)
    for failure in filter(None, rest):
        is_elsewhere = first is None or failure.line != first.line
        yield from wrapped(
            f"also  {explain.sentence(failure, is_elsewhere)}", width, 6)
    yield from _advice(verdict, width, colour)


def _advice(verdict: TaskVerdict, width: int, colour: bool) -> Iterator[str]:
    for piece in advice.pieces(
            verdict, how=f"grade check {verdict.task.short} "
            f"{advice.OPTION}"):
        for line in wrapped(piece, width, 8):
            yield paint(line, DIM, colour)


_VIEWS: dict[str, Callable[[Desk, int, bool], Iterator[str]]] = {
    TASK: _task, LIST: _list, STATEMENT: _statement, IDEA: _idea,
    RULES: _rules, HINT: _hint, ANSWER: _answer, KEYS: _keys,
    REPORT: _report, WELCOME: _welcome, END: _end}
