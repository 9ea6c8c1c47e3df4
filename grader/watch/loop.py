"""The work of `grade watch`: grades on every save until all tasks pass.

One thread waits for keys, saves and verdicts, and draws. Grading is done in
other threads, so that an endless loop in a submission does not block keys.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path

from grader.errors import UserError
from grader.grading.grading import Grader, Options
from grader.grading.verdict import Report, TaskVerdict
from grader.learner import listing, progress, reset, running
from grader.learner.progress import BLANK
from grader.library.library import Library, Task
from grader.library.locate import folder_of
from grader.report import report
from grader.submission.submission import Submission, collect
from grader.terminal import safe
from grader.tools import typecheck
from grader.watch import programs, screen
from grader.watch.changes import Changes, settled
from grader.watch.desk import (
    CHECK, EDIT, GRADE, MAIN, QUIT, RESET, UNDO, WELCOME, Desk)
from grader.watch.display import Ended

if sys.platform == "win32":
    from grader.watch.console import Terminal
else:
    from grader.watch.keys import Terminal

# A run that hangs has to sit out its limit while the next one goes ahead.
_RUNS = 3
Verdict = tuple[Submission, TaskVerdict]
Checked = tuple[Submission, Report]


def watch(root: Path, library: Library, tasks: Sequence[Task],
          options: Options) -> Desk:
    """Watch a workspace; return the desk as it was left.

    Raises UserError where there is no terminal or no submission, and
    KeyboardInterrupt or SystemExit for the signal that ended it.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()) or (
            os.environ.get("TERM") == "dumb"):
        raise UserError("watch needs a terminal",
                        "grade check grades once, anywhere")
    desk = open_desk(root, library, tasks)
    if progress.is_new(root) and set(desk.statuses.values()) == {BLANK}:
        desk.view = WELCOME
    if typecheck.is_first_time():
        print(typecheck.FIRST_TIME)
        typecheck.warm_cache()
    with ExitStack() as stack:
        # Left before the grader is: that may wait for a run that hangs.
        with suppress(Ended), Terminal() as terminal:
            terminal.draw(["grade watch is getting ready ..."])

            def opened() -> Grader:
                with terminal.heeding():
                    return stack.enter_context(Grader(library, options))

            Watch(root, desk, opened, terminal).loop()
    if terminal.ended == signal.SIGINT:
        raise KeyboardInterrupt
    if terminal.ended:
        raise SystemExit(128 + terminal.ended)
    return desk


def open_desk(root: Path, library: Library, tasks: Sequence[Task]) -> Desk:
    """Return the desk as a learner left it."""
    submission = collect(root, library)
    statuses = progress.statuses(root, library)
    known = progress.load(root)
    first = listing.next_task(tasks, statuses) or tasks[0]
    return Desk(library=library, tasks=tuple(tasks), statuses=statuses,
                hints=known.hints, once=known.once, submission=submission,
                current=first)


class Watch:
    """The loop of one session."""

    def __init__(self, root: Path, desk: Desk, opened: Callable[[], Grader],
                 terminal: Terminal) -> None:
        self._root = root
        self._desk = desk
        self._opened = opened
        self._grader = opened()
        self._failed = False
        self._terminal = terminal
        self._pool = ThreadPoolExecutor(_RUNS)
        self._asked: Future[Verdict] | None = None
        self._checked: Future[Checked] | None = None
        self._actions: dict[str, Callable[[], None]] = {
            GRADE: self._grade, CHECK: self._check, MAIN: self._run_main,
            EDIT: self._edit, RESET: self._reset, UNDO: self._undo}
        self._since = 0.0
        self._shown: list[str] = []
        self._colour = not os.environ.get("NO_COLOR")

    def loop(self) -> None:
        """Go on until a key or a signal ends it."""
        try:
            with Changes(self._root, self._desk.library,
                         self._terminal.wake) as changes:
                self._grade()
                while self._terminal.ended is None:
                    self._draw()
                    if not self._turn(changes):
                        break
        finally:
            self._pool.shutdown(wait=False, cancel_futures=True)

    def _turn(self, changes: Changes) -> bool:
        """Wait for something and act on it; False ends the session."""
        typed = self._terminal.wait(min(changes.seconds, screen.SLOW))
        if changes.noticed():
            self._look()
        if self._asked and self._asked.done():
            self._take_in(self._asked)
        if self._checked and self._checked.done():
            self._take_in_all(self._checked)
        return not typed or all(map(self._press, self._terminal.read()))

    def _press(self, key: str) -> bool:
        before = dict(self._desk.hints)
        follows = self._desk.press(key)
        if before != self._desk.hints:
            self._remember_hints()
        if follows == QUIT:
            return False
        if follows:
            try:
                self._actions[follows]()
            except UserError as error:
                self._desk.news = safe(f"{error.what}: {error.todo}", 300)
        return True

    def _run_main(self) -> None:
        words, folder = running.command(
            self._root, [self._desk.current], self._desk.library.names)
        with self._terminal.handed_over():
            print(f"$ ./{self._desk.current.main}", flush=True)
            programs.wait_for_enter(programs.call(words, folder))

    def _edit(self) -> None:
        desk, task = self._desk, self._desk.current
        line = next((each.line for each in desk.verdict.failures
                     if each.line), None) if desk.verdict else None
        # Wherever a learner has the workspace, the editor shows a whole path.
        folder = folder_of(self._root.absolute(), task.folder,
                           desk.library.names)
        words = programs.editor(folder / task.file, line)
        with self._terminal.handed_over():
            status = programs.call(words, folder)
        if status:
            desk.news = f"{words[0]} ended with exit status {status}."

    def _reset(self) -> None:
        reset.reset(self._root, self._desk.library, self._desk.current)
        self._look()
        self._desk.news = (f"{self._desk.current.file} is blank again; u "
                           "brings yours back.")

    def _undo(self) -> None:
        task = reset.undo(self._root, self._desk.library)
        self._look()
        self._desk.news = f"{task.file} is what it was; u changes it back."

    def _remember_hints(self) -> None:
        known = progress.load(self._root)
        known.hints.update(self._desk.hints)
        progress.keep(self._root, known)

    def _look(self) -> None:
        found = settled(self._root, self._desk.library,
                        self._desk.submission)
        if found is None:
            self._desk.news = "The task folders are gone."
        elif self._desk.saved(found):
            self._grade()

    def _grade(self) -> None:
        desk = self._desk
        desk.busy = True
        self._since = time.monotonic()
        if self._asked:
            self._asked.cancel()
        self._asked = self._pool.submit(
            self._verdict, desk.submission, desk.current)
        self._asked.add_done_callback(lambda _: self._terminal.wake())

    def _verdict(self, submission: Submission, task: Task) -> Verdict:
        verdict, = self._grader.grade(submission, [task]).tasks
        return submission, verdict

    def _take_in(self, grading: Future[Verdict]) -> None:
        self._asked = None
        try:
            submission, verdict = grading.result()
        except Exception as error:
            self._recover(error)
            return
        self._failed = False
        progress.note(self._root, submission, [verdict])
        self._desk.graded(verdict)

    def _check(self) -> None:
        """Grade all tasks, while other gradings may go on."""
        desk = self._desk
        if not desk.checking:
            desk.checking = True
            desk.news = f"Grading all {len(desk.tasks)} tasks ..."
            self._checked = self._pool.submit(self._report, desk.submission)
            self._checked.add_done_callback(
                lambda _: self._terminal.wake())

    def _report(self, submission: Submission) -> Checked:
        return submission, self._grader.grade(submission, self._desk.tasks)

    def _take_in_all(self, checked: Future[Checked]) -> None:
        self._checked = None
        desk = self._desk
        try:
            submission, found = checked.result()
        except Exception as error:
            desk.checking = False
            desk.news = safe(f"The grader failed: {error}", 200)
            return
        progress.note(self._root, submission, found.tasks)
        desk.reported(
            found.tasks, report.as_text(found, self._colour, submission),
            report.summary(found))

    def _recover(self, error: Exception) -> None:
        """Grade once more, by a new grader: its processes may be gone."""
        self._failed = again = not self._failed
        try:
            if again:
                self._grader = self._opened()
                self._grade()
                return
        except Exception as other:
            error = other
        self._desk.busy = False
        self._desk.news = safe(
            f"The grader failed: {error} (g tries again)", 200)

    def _draw(self) -> None:
        self._desk.waited = (time.monotonic() - self._since
                             if self._desk.busy else 0.0)
        lines = screen.screen(self._desk, *self._terminal.size, self._colour)
        if lines != self._shown or self._terminal.resized:
            self._terminal.resized = False
            self._terminal.draw(lines)
            self._shown = lines
