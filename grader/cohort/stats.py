"""What a whole cohort has in common, counted in one pass; pure."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from grader.cohort.records import is_settled
from grader.kit.values import clipped
from grader.report.wording import Data, heading

_Key = TypeVar("_Key", str, tuple[str, str])

MOST = 40
# Of a message, so much tells it from others.
MAX_MESSAGE = 300
# Counting goes on with the more frequent half past this many texts.
_MAX_TEXTS = 20_000
_SUSPECT = {"untrusted": "its results cannot be trusted",
            "refused": "a file was refused",
            "network": "it tried to reach the network",
            "crashed": "it crashed the interpreter",
            "memory": "it ran out of memory",
            "output": "it flooded its output"}


class Stats:
    """Counts over the reports that were `add`ed, one at a time."""

    def __init__(self) -> None:
        self.count = 0
        self.tasks: dict[str, Counter[str]] = {}
        self.causes: Counter[str] = Counter()
        self._wrong: Counter[tuple[str, str]] = Counter()
        self._slow: list[tuple[float, str]] = []
        self.points: list[float] = []
        self._cautions: Counter[str] = Counter()

    def add(self, data: Data) -> None:
        """Count one report in."""
        self.count += 1
        if "caution" in data:
            self._cautions[data["caution"]] += 1
        if all(map(is_settled, data["tasks"])):
            self.points.append(data["score"]["points"])
        self._slow = heapq.nsmallest(MOST, [
            *self._slow, (-data["seconds"], data["submission"])])
        for task in data["tasks"]:
            name = heading(task)
            counts = self.tasks.setdefault(name, Counter())
            status = status_of(task)
            counts[status] += 1
            if status != "absent":
                self._count_failures(name, task)
        if len(self._wrong) > _MAX_TEXTS:
            self._wrong = Counter(dict(_commonest(
                self._wrong, _MAX_TEXTS // 2)))

    def _count_failures(self, name: str, task: Data) -> None:
        self.causes.update({each["cause"] for each in task["failures"]})
        self._wrong.update({
            (name, clipped(each["message"], MAX_MESSAGE))
            for each in task["failures"]
            if each["cause"] not in ("missing", "unfinished")})

    def summary(self) -> dict[str, Any]:
        """Return the counts for the page, the most frequent first."""
        return {
            "count": self.count,
            "points": histogram(self.points),
            "tasks": {name: dict(sorted(counts.items()))
                      for name, counts in sorted(self.tasks.items())},
            "causes": _commonest(self.causes, len(self.causes)),
            "wrong": [[name, message, count] for (name, message), count
                      in _commonest(self._wrong, MOST)],
            "slow": [[name, -seconds] for seconds, name in self._slow],
            "cautions": _commonest(self._cautions, len(self._cautions)),
        }


def _commonest(counts: Counter[_Key], most: int) -> list[tuple[_Key, int]]:
    """Return the most frequent first, and ties by name.

    A counter keeps the order in which they came, and that of a set of
    texts is another in every process.
    """
    return heapq.nsmallest(most, counts.items(),
                           key=lambda each: (-each[1], each[0]))


def status_of(task: Data) -> str:
    """Return "absent", or the status, "error" where it was not judged."""
    if is_absent(task):
        return "absent"
    return str(task["status"]) if is_settled(task) else "error"


def is_absent(task: Data) -> bool:
    """Tell whether a task was not handed in, which is no wrong answer."""
    return any(each["cause"] == "missing" and each["check"] == "file"
               for each in task["failures"])


def histogram(values: Iterable[float], bins: int = 20) -> list[int]:
    """Return how many values fall in each part of 0 to the greatest."""
    found = list(values)
    top = max(found, default=0.0) or 1.0
    counts = [0] * bins
    for value in found:
        counts[min(bins - 1, int(value / top * bins))] += 1
    return counts


def to_look_at(data: Data) -> list[str]:
    """Return why a person should look at a submission, if so."""
    return list(dict.fromkeys(_reasons(data)))


def _reasons(data: Data) -> Iterator[str]:
    if not all(map(is_settled, data["tasks"])):
        yield "the grader could not tell"
    if trouble := data.get("trouble"):
        yield f"it could not be judged again, earlier results stay: {trouble}"
    for task in data["tasks"]:
        for failure in task["failures"]:
            if failure["cause"] in _SUSPECT:
                yield _SUSPECT[failure["cause"]]
    if not data["score"]["points"] and any(
            failure["cause"] not in ("missing", "unfinished", "refused")
            for task in data["tasks"] for failure in task["failures"]):
        yield "there are files but no points"
