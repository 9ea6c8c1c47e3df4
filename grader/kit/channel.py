"""What a check tells the grader besides pass or fail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

# Filled while a check runs, taken by whoever runs it; on its own a suite
# just fills them.
_observed: list[tuple[str, Any]] = []
_advice: list[str] = []
_doing: list[Callable[[], str]] = []


def observe(call: str, value: Any) -> None:
    """Report one result (packed) that the grader compares with the model's."""
    _observed.append((call, value))


def advise(remark: str) -> None:
    """Report a remark that never costs points."""
    _advice.append(remark)


def do(call: Callable[[], str]) -> None:
    """Note which call of the submission is under way, by its text."""
    _doing[:] = [call]


def doing() -> str | None:
    """Return the text of the call under way, if one is known."""
    return _doing[0]() if _doing else None


def take() -> tuple[list[tuple[str, Any]], list[str]]:
    """Return what was reported since the last call, and forget it."""
    taken = list(_observed), list(_advice)
    _observed.clear()
    _advice.clear()
    _doing.clear()
    return taken
