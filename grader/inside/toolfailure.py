"""What is wrong with a file, in the form that the answers of tools have."""

from __future__ import annotations

from typing import Any

Failure = dict[str, Any]


def failure(message: str, line: int | None = None, *, cause: str = "wrong",
            expected: str | None = None, got: str | None = None,
            call: str | None = None) -> Failure:
    """Return one failure in the form that the answer has it."""
    return {"cause": cause, "message": message, "expected": expected,
            "got": got, "line": line, "call": call}
