"""The state of the task list in `watch`: its cursor and its filter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grader.library.library import Task

# What a key does to the cursor: by how many rows, or by how many pages.
_ROWS = {"up": -1, "down": 1, "k": -1, "j": 1}
_PAGES = {"pgup": -1, "pgdn": 1, " ": 1}
_ENDS = ("home", "end")
JUMP, BACK = "jump", "back"


@dataclass(kw_only=True)
class Chooser:
    """Which of the tasks that the filter leaves the cursor is at."""

    tasks: Sequence[Task]
    statuses: Mapping[str, str]
    at: int = 0
    filter: str = ""
    typing: bool = False

    @property
    def shown(self) -> list[Task]:
        """Return the tasks that have every word of the filter."""
        words = self.filter.casefold().split()
        return [task for task in self.tasks
                if all(word in self._text(task) for word in words)]

    def _text(self, task: Task) -> str:
        return " ".join((task.short, task.id, task.folder, task.file,
                         task.title, self.statuses.get(task.id, ""))
                        ).casefold()

    @property
    def chosen(self) -> Task | None:
        """Return the task at the cursor; None where nothing is left."""
        shown = self.shown
        self.at = min(self.at, max(len(shown) - 1, 0))
        return shown[self.at] if shown else None

    def open(self, task: Task) -> None:
        """Show all tasks, with the cursor at one."""
        self.filter, self.typing = "", False
        self.at = list(self.tasks).index(task)

    def press(self, key: str, page: int) -> str | None:
        """Act on a key; return JUMP or BACK if that is to follow.

        `page` is how many rows there are. A key that is not the list's
        comes back itself.
        """
        if self.typing:
            return self._type(key)
        if key == "/":
            self.typing = True
        elif key == "enter":
            return JUMP if self.chosen else None
        elif key == "escape":
            if not self.filter:
                return BACK
            self._keep_place("")
        elif not self._move(key, page):
            return key
        return None

    def _type(self, key: str) -> str | None:
        if key == "escape":
            self.typing = False
            self._keep_place("")
        elif key == "enter":
            self.typing = False
            # One match is meant at once.
            return JUMP if len(self.shown) == 1 else None
        elif key == "backspace":
            self._keep_place(self.filter[:-1])
        elif len(key) == 1 and key.isprintable():
            self._keep_place(self.filter + key)
        else:
            self._move(key, 1)
        return None

    def _keep_place(self, words: str) -> None:
        """Take another filter; the cursor stays at its task if it can."""
        chosen = self.chosen
        self.filter = words
        shown = self.shown
        self.at = shown.index(chosen) if chosen in shown else 0

    def _move(self, key: str, page: int) -> bool:
        last = len(self.shown) - 1
        by = _ROWS.get(key, 0) + _PAGES.get(key, 0) * max(page - 1, 1)
        if key in _ENDS:
            self.at = 0 if key == "home" else last
        self.at = min(max(self.at + by, 0), max(last, 0))
        return by != 0 or key in _ENDS
