"""Tools that answer at once, or as a test wants them to be lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Run = Callable[[dict[str, Any]], object]


class Here:
    """A tool that answers in this process, however long that takes."""

    def __init__(self, run: Run) -> None:
        self.left = 30.0
        self._run = run

    def answer(self, request: dict[str, Any], seconds: int) -> object:
        return self._run(request)
