"""What a check tells the grader besides pass or fail."""

from __future__ import annotations

from typing import Any

# Filled while a check runs, taken by whoever runs it; on its own a suite
# just fills them.
_observed: list[tuple[str, Any]] = []
_advice: list[str] = []


def observe(call: str, value: Any) -> None:
    """Report one result (packed) that the grader compares with the model's."""
    _observed.append((call, value))


def advise(remark: str) -> None:
    """Report a remark that never costs points."""
    _advice.append(remark)


def take() -> tuple[list[tuple[str, Any]], list[str]]:
    """Return what was reported since the last call, and forget it."""
    taken = list(_observed), list(_advice)
    _observed.clear()
    _advice.clear()
    return taken
