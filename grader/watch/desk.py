"""The state of a `watch` session: the task, its verdict, the shown view.

Keys, saved files and verdicts change it. It uses neither files nor the
terminal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from grader.grading.verdict import PASS, TaskVerdict
from grader.learner.answer import CLOSED
from grader.learner.listing import next_task
from grader.learner.progress import BLANK, MISSING, PASSED, STARTED
from grader.library.library import Library, Task
from grader.submission.submission import Submission
from grader.watch.chooser import BACK, JUMP, Chooser

(TASK, LIST, STATEMENT, IDEA, RULES, HINT, ANSWER, KEYS, REPORT, WELCOME,
 END) = ("task", "list", "statement", "idea", "rules", "hint", "answer",
         "keys", "report", "welcome", "end")
# The key that shows a view also leaves it.
_VIEWS = {"l": LIST, "s": STATEMENT, "i": IDEA, "r": RULES, "?": KEYS}
# What the loop has to do after a key, if a change of the view is not all.
QUIT, GRADE, CHECK, MAIN, EDIT, RESET, UNDO = (
    "quit", "grade", "check", "main", "edit", "reset", "undo")
_ACTIONS = {"q": QUIT, "g": GRADE, "c": CHECK, "m": MAIN, "e": EDIT,
            "u": UNDO}
_STAYS = (STATEMENT, IDEA, RULES)


@dataclass(kw_only=True)
class Desk:
    """The state of `watch`; `tasks` are those that it moves through.

    `verdict` is None while the current task waits for its first one, and
    `waited` says for how many seconds. `fresh` is on until something is
    saved for it. `once` are the tasks whose answers are open. `scroll` is
    the first line that is shown of a view of which `room` lines fit.
    """

    library: Library
    tasks: tuple[Task, ...]
    statuses: dict[str, str]
    hints: dict[str, int]
    submission: Submission
    current: Task
    once: set[str] = field(default_factory=set)
    verdict: TaskVerdict | None = None
    view: str = TASK
    hint: int = 0
    scroll: int = 0
    room: int = 1
    news: str = ""
    report: str = ""
    busy: bool = False
    checking: bool = False
    waited: float = 0.0
    finished: bool = False
    resetting: bool = False
    fresh: bool = True

    @cached_property
    def chooser(self) -> Chooser:
        return Chooser(tasks=self.tasks, statuses=self.statuses)

    @property
    def passes(self) -> bool:
        """Return whether the current task is known to pass as it is."""
        return self.verdict is not None and self.verdict.status == PASS

    @property
    def is_unbegun(self) -> bool:
        """Return whether there is nothing yet of the current task.

        Several tasks may share a file, which is then more than a starter.
        """
        return self.submission.is_blank(self.current) or (
            self.fresh and self.verdict is not None
            and self.submission.file(self.current) is not None
            and bool(self.verdict.failures)
            and self.verdict.failures[0].cause == "missing")

    @property
    def following(self) -> Task | None:
        """Return the task to go on to; None where all of them pass."""
        return next_task(self.tasks, self.statuses, self.current)

    def press(self, key: str) -> str | None:
        """Act on a key; return what the loop has to do, or None."""
        confirmed, self.resetting = self.resetting, False
        if self.view == LIST:
            left = self.chooser.press(key, self.room)
            if left in (None, JUMP, BACK):
                return self._listed(left)
        elif self._scrolled(key):
            return None
        self.news = ""
        if key == "x":
            return self._reset(confirmed)
        if key in _ACTIONS:
            return _ACTIONS[key]
        if key in ("n", "p", "enter"):
            return self._go(key)
        self._look(key)
        return None

    def _listed(self, followed: str | None) -> str | None:
        if followed is None:
            return None
        chosen = self.chooser.chosen
        if followed == JUMP and chosen:
            return self._turn_and_grade(chosen)
        self._show(TASK)
        return None

    def _scrolled(self, key: str) -> bool:
        """Move what is shown; the screen sees to it that it stays there."""
        page = max(self.room - 1, 1)
        by = {"up": -1, "down": 1, "pgup": -page, "pgdn": page, " ": page,
              "home": -self.scroll, "end": 1_000_000}.get(key)
        if by is None:
            return False
        self.scroll = max(0, self.scroll + by)
        return True

    def _reset(self, confirmed: bool) -> str | None:
        self._show(TASK)
        if confirmed:
            return RESET
        self.resetting = True
        mates = [task for task in self.library.folder(
            self.current.folder).tasks if task.file == self.current.file]
        others = (f" (it has {len(mates)} tasks)" if len(mates) > 1 else "")
        self.news = (f"Press x once more to make {self.current.file}{others} "
                     "blank again; u will bring yours back.")
        return None

    def _go(self, key: str) -> str | None:
        """Go on, or back; from a view, Enter only goes back to the task."""
        if key == "enter" and (self.view != TASK or not self.passes):
            self._show(TASK)
            return None
        following = self.following
        if key != "p" and self.passes and following:
            return self._turn_and_grade(following)
        at = self.tasks.index(self.current) + (-1 if key == "p" else 1)
        return self._turn_and_grade(self.tasks[at % len(self.tasks)])

    def _turn_and_grade(self, task: Task) -> str:
        self.turn_to(task)
        return GRADE

    def _look(self, key: str) -> None:
        if key in ("h", "left", "right"):
            self._hint(key)
        elif key == "a":
            self._answer()
        else:
            view = _VIEWS.get(key, TASK)
            self._show(view if view != self.view else TASK)
            if view == LIST:
                self.chooser.open(self.current)

    def _hint(self, key: str) -> None:
        """Show the hint that was seen last, and then one after another."""
        count = len(self.current.hints)
        seen = self.hints.get(self.current.id, 0)
        if self.view != HINT:
            if key != "h":
                return
            self.hint = max(seen - 1, 0)
        else:
            self.hint = (self.hint + (-1 if key == "left" else 1)) % count
        self.hints[self.current.id] = max(seen, self.hint + 1)
        self._show(HINT)

    def _answer(self) -> None:
        if self.current.id not in self.once:
            self._show(TASK)
            self.news = CLOSED
        else:
            self._show(ANSWER if self.view != ANSWER else TASK)

    def _show(self, view: str) -> None:
        self.view, self.scroll = view, 0

    def turn_to(self, task: Task) -> None:
        """Take up another task."""
        self.current, self.verdict, self.fresh = task, None, True
        self._show(TASK)

    def saved(self, submission: Submission) -> bool:
        """Take in what was saved; return whether it is to be graded.

        Saving the file of another task turns to that task.
        """
        changed = _changed(self.submission.folders, submission.folders)
        self.submission = submission
        here, file = self.current.folder, self.current.file
        files = {(task.folder, task.file) for task in self.tasks}
        if (here, file) not in changed:
            others = [task for task in self.tasks
                      if (task.folder, task.file) in changed]
            if others:
                self.turn_to(others[0])
            elif not any(folder == here and (folder, name) not in files
                         for folder, name in changed):
                return False
        self.news = ""
        self.resetting = self.fresh = False
        if self.view not in _STAYS:
            self._show(TASK)
        return True

    def graded(self, verdict: TaskVerdict) -> None:
        """Take in a verdict on the current task."""
        self.verdict, self.busy, self.waited = verdict, False, 0.0
        was_finished = self.finished
        self.note(verdict)
        if self.finished and not was_finished and self.view == TASK:
            self._show(END)

    def reported(self, verdicts: tuple[TaskVerdict, ...], report: str,
                 summary: str) -> None:
        """Take in a report on all tasks, and the one line of it."""
        for verdict in verdicts:
            self.note(verdict)
            if verdict.task == self.current and not self.busy:
                self.verdict = verdict
        self.news = summary
        self.report, self.checking = report, False
        self._show(REPORT)

    def note(self, verdict: TaskVerdict) -> None:
        """Remember how far a task is."""
        task = verdict.task
        if verdict.status == PASS:
            self.statuses[task.id] = PASSED
            self.once.add(task.id)
        else:
            self.statuses[task.id] = self._how_far(task)
        self.finished = all(self.statuses[each.id] == PASSED
                            for each in self.tasks)

    def _how_far(self, task: Task) -> str:
        if self.submission.file(task) is None:
            return MISSING
        return BLANK if self.submission.is_blank(task) else STARTED


def _changed(old: Mapping[str, Mapping[str, object]],
             new: Mapping[str, Mapping[str, object]]) -> set[tuple[str, str]]:
    """Return the folder and name of every file that is not the same."""
    return {(folder, name)
            for folder in {**old, **new}
            for name in {**old.get(folder, {}), **new.get(folder, {})}
            if old.get(folder, {}).get(name) != new.get(folder,
                                                        {}).get(name)}
