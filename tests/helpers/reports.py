"""Made-up JSON data of reports, for tests of what is made from them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.library.library import Library

FOLDERS = ("0x00-python_variable_annotations", "python-decorators-0x01")
HOSTILE = "</script><img src=x onerror=boom()>&\"'\ufffe\u202e=1+1]]>"
EVIL = f"{HOSTILE} <!-- <script> {{{{script}}}} {{{{data}}}}"


def failure(message: str = "f(1) should give 2, not 3", *,
            cause: str = "wrong", dimension: str = "behaviour",
            line: int | None = 8) -> dict[str, Any]:
    return {"dimension": dimension, "check": "test_f", "cause": cause,
            "message": message, "call": "f(1)", "expected": "2", "got": "3",
            "line": line, "hint": "What is 1 + 1?"}


def task(number: int, status: str = "pass", points: float = 10.0,
         folder: str = FOLDERS[0], **changes: Any) -> dict[str, Any]:
    failures = [] if status == "pass" else [failure(
        cause="wrong" if status == "fail" else "unfinished")]
    return {"folder": folder, "number": number, "file": f"{number}-f.py",
            "title": f"Title {number}", "status": status, "points": points,
            "max_points": 10.0, "seconds": 0.5,
            "dimensions": {"behaviour": status}, "failures": failures,
            "advice": []} | changes


def report(*tasks: dict[str, Any], name: str = "ada") -> dict[str, Any]:
    return {"version": 1, "submission": name, "library": "0.1.0",
            "python": "3.11.7", "isolation": "full", "seconds": 1.25,
            "score": {"points": round(sum(t["points"] for t in tasks), 6),
                      "max": round(sum(t["max_points"] for t in tasks), 6)},
            "tasks": list(tasks)}


def mixed() -> dict[str, Any]:
    """Return a pass, a part of a pass, a fail, and one nobody can tell."""
    return report(
        task(0), task(1, "fail", 0.1, advice=["shorter names"]),
        task(2, "fail", 0.2, failures=[failure(HOSTILE)]),
        task(0, "error", 0.0, FOLDERS[1]))


def learners(count: int) -> Iterator[dict[str, Any]]:
    """Yield reports of learners who fail different tasks."""
    for number in range(count):
        tasks = [task(each) for each in range(10)]
        if number % 2:
            tasks[2] = task(2, "fail", 4.0)
        if number % 5 == 0:
            tasks[3] = task(3, "fail", 0.0, failures=[
                failure("3-f.py is not there", cause="missing")
                | {"check": "file"}])
        if number == 7:
            tasks[4] = task(4, "error", 0.0)
        yield report(*tasks, name=f"learner{number}")


def evil() -> dict[str, Any]:
    return report(task(2, "fail", 0.0, failures=[
        failure(EVIL, cause="crashed")]), name=EVIL)


def written(path: Path, library: Library,
            records: list[dict[str, Any]]) -> Path:
    # Not for the processes that only say that all passes.
    from grader.cohort import html

    tasks = library.select(["0x00"])[:10]
    path.write_text("".join(html.page(tasks, lambda: records)))
    return path
