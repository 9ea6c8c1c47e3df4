"""What lies before a learner in `watch`: the task, its verdict, the view.

Keys, saves and verdicts change it; it touches neither files nor terminal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from grader.grading.verdict import PASS, TaskVerdict
from grader.learner.listing import next_task
from grader.learner.progress import BLANK, MISSING, PASSED, STARTED
from grader.library.library import Library, Task
from grader.submission.submission import Submission

TASK, LIST, STATEMENT, HINT = "task", "list", "statement", "hint"
_VIEWS = {"l": LIST, "s": STATEMENT}


@dataclass(kw_only=True)
class Desk:
    """The state of `watch`; `tasks` are those that it moves through.

    `verdict` is None while the current task waits for its first one, and
    `waited` says for how many seconds. `stays` is on after a key has chosen
    the task: it is there to be looked at, even if it passes.
    """

    library: Library
    tasks: tuple[Task, ...]
    statuses: dict[str, str]
    hints: dict[str, int]
    submission: Submission
    current: Task
    verdict: TaskVerdict | None = None
    view: str = TASK
    page: int = 0
    news: str = ""
    busy: bool = False
    waited: float = 0.0
    stays: bool = False
    finished: bool = False

    def press(self, key: str) -> str | None:
        """Act on a key; return "quit" or "grade" if that is to follow."""
        if key == "q":
            return "quit"
        if key in (" ", "down", "up"):
            self.page = max(0, self.page + (-1 if key == "up" else 1))
            return None
        self.page = 0
        self.news = ""
        if key in ("n", "p"):
            return self._step(1 if key == "n" else -1)
        if key == "r":
            self.view = TASK
            return "grade"
        if key == "h":
            self._hint()
            return None
        view = _VIEWS.get(key, TASK)
        self.view = view if view != self.view else TASK
        return None

    def _step(self, by: int) -> str:
        at = self.tasks.index(self.current)
        self.turn_to(self.tasks[(at + by) % len(self.tasks)])
        self.stays = True
        return "grade"

    def _hint(self) -> None:
        shown = self.hints.get(self.current.id, 0)
        if self.view == HINT or not shown:
            shown = min(shown + 1, len(self.current.hints))
        self.hints[self.current.id] = shown
        self.view = HINT

    def turn_to(self, task: Task) -> None:
        """Take up another task."""
        self.current, self.verdict = task, None
        self.view, self.page = TASK, 0

    def saved(self, submission: Submission) -> bool:
        """Take in what was saved; tell whether it is to be graded.

        Saving the file of another task turns to that task.
        """
        changed = _changed(self.submission.folders, submission.folders)
        self.submission = submission
        self.stays = False
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
        if self.view in (LIST, HINT):
            self.view = TASK
        return True

    def graded(self, verdict: TaskVerdict) -> bool:
        """Take in a verdict; tell whether a next task is to be graded."""
        self.verdict, self.busy, self.waited = verdict, False, 0.0
        if verdict.status != PASS:
            self.statuses[verdict.task.id] = self._how_far(verdict.task)
            self.finished = False
            return False
        self.statuses[verdict.task.id] = PASSED
        following = next_task(self.tasks, self.statuses, verdict.task)
        self.finished = following is None
        if following is None or self.stays:
            return False
        self.turn_to(following)
        self.news = _passed(verdict)
        return True

    def _how_far(self, task: Task) -> str:
        if self.submission.file(task) is None:
            return MISSING
        return BLANK if self.submission.is_blank(task) else STARTED


def _passed(verdict: TaskVerdict) -> str:
    advice = len(verdict.advice)
    more = ("" if not advice else " p goes back to a piece of advice."
            if advice == 1 else f" p goes back to {advice} pieces of advice.")
    return f"{verdict.task.file} passes: on to the next.{more}"


def _changed(old: Mapping[str, Mapping[str, object]],
             new: Mapping[str, Mapping[str, object]]) -> set[tuple[str, str]]:
    """Return the folder and name of every file that is not the same."""
    return {(folder, name)
            for folder in {**old, **new}
            for name in {**old.get(folder, {}), **new.get(folder, {})}
            if old.get(folder, {}).get(name) != new.get(folder,
                                                        {}).get(name)}
