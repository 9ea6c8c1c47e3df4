"""One failure that a tool reports, as the plain data of its answer."""

from __future__ import annotations

from typing import Any

Failure = dict[str, Any]


def failure(message: str, line: int | None = None, *, cause: str = "wrong",
            expected: str | None = None, got: str | None = None,
            call: str | None = None) -> Failure:
    """Return one failure as a JSON object, with every key that it can have.

    `cause` is one of grader.kit.failure.CAUSES.
    """
    return {"cause": cause, "message": message, "expected": expected,
            "got": got, "line": line, "call": call}
