"""Counts over a whole cohort, in one pass and bounded memory.

The page of a cohort shows them.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator
from statistics import fmean, median
from typing import Any, TypeVar

from grader.kit.values import clipped
from grader.report.records import is_settled
from grader.report.wording import Data, heading

_Key = TypeVar("_Key", str, tuple[str, str])

# The most rows of a list on the page.
MOST = 40
# Messages that are alike in this many characters count as the same.
MAX_MESSAGE = 300
# Where there are more messages, the rarer half is dropped and its counts lost.
_MAX_TEXTS = 20_000
# Causes for which a person should look at a submission.
_SUSPECT = {"untrusted": "its results cannot be trusted",
            "refused": "a file was refused",
            "network": "it tried to reach the network",
            "crashed": "it crashed the interpreter",
            "memory": "it ran out of memory",
            "output": "it flooded its output"}


class Stats:
    """Counts over reports, each of which `add` takes in.

    `count` is the number of learners, `handed_in` that of submissions;
    `tasks` has, by heading, how often each task had which status.
    """

    def __init__(self) -> None:
        self.count = self.handed_in = 0
        self.tasks: dict[str, Counter[str]] = {}
        self.causes: Counter[str] = Counter()
        self._wrong: Counter[tuple[str, str]] = Counter()
        self._slow: list[tuple[float, int]] = []
        self._shares: list[float] = []
        self._cautions: Counter[str] = Counter()

    def add(self, data: Data) -> None:
        """Count one report, the JSON data of a submission."""
        number, self.count = self.count, self.count + 1
        if "caution" in data:
            self._cautions[data["caution"]] += 1
        if "absent" in data:
            # This learner handed in nothing: zeros would spoil the mean.
            return
        self.handed_in += 1
        if all(map(is_settled, data["tasks"])):
            self._shares.append(
                data["score"]["points"] / (data["score"]["max"] or 1.0))
        self._slow = heapq.nsmallest(MOST, [
            *self._slow, (-data["seconds"], number)])
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
        """Return the counts as JSON data, the most frequent first.

        "shares" are a histogram of the shares of points, "wrong" is a list
        of [task, message, count], "slow" of [number of the report, seconds].
        """
        return {
            "count": self.count, "handed_in": self.handed_in,
            "shares": histogram(self._shares),
            "mean": fmean(self._shares) if self._shares else None,
            "median": median(self._shares) if self._shares else None,
            "tasks": {name: dict(sorted(counts.items()))
                      for name, counts in sorted(self.tasks.items())},
            "causes": _commonest(self.causes, len(self.causes)),
            "wrong": [[name, message, count] for (name, message), count
                      in _commonest(self._wrong, MOST)],
            "slow": [[number, -seconds] for seconds, number in self._slow],
            "cautions": _commonest(self._cautions, len(self._cautions)),
        }


def _commonest(counts: Counter[_Key], most: int) -> list[tuple[_Key, int]]:
    """Return (key, count), `most` of them, the most frequent first.

    Ties are in the order of their keys. Counter.most_common would keep the
    order of arrival, which differs from run to run where a set was counted.
    """
    return heapq.nsmallest(most, counts.items(),
                           key=lambda each: (-each[1], each[0]))


def status_of(task: Data) -> str:
    """Return "absent", "pass", "fail", or "error" if it was not judged."""
    if is_absent(task):
        return "absent"
    return str(task["status"]) if is_settled(task) else "error"


def is_absent(task: Data) -> bool:
    """Return whether the file of a task is missing."""
    return any(each["cause"] == "missing" and each["check"] == "file"
               for each in task["failures"])


def histogram(shares: Iterable[float], bins: int = 10) -> list[int]:
    """Return how many shares fall in each of equal parts of 0 to 1.

    The last part holds 1 and all above, which bonus points allow.
    """
    counts = [0] * bins
    for share in shares:
        # As a float, 0.7 of the points may come out a little below 0.7.
        counts[min(bins - 1, int(share * bins + 1e-9))] += 1
    return counts


def to_look_at(data: Data) -> list[str]:
    """Return the reasons to look at a submission by hand, often none."""
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
