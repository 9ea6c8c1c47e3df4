"""Works out the mark of a submission, by the scheme of its class.

Verdicts and points stay as they are. The mark is an additional value, with
the reasons for each difference from the score.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from grader.classlist.downloads import IN_TIME, LATE
from grader.history.moment import shown
from grader.marks.scheme import Override, Scheme
from grader.report.records import is_settled
from grader.report.wording import Data, heading

# If the date is not known, nothing is taken off; the staff may decide so.
TODO = "put the date into the roster's column submitted"
UNDATED = f"nothing says when it was handed in: {TODO}"
UNDATED_LATE = f"the platform calls it late, but not by how much: {TODO}"
_UNDATED = {LATE: (UNDATED_LATE,), IN_TIME: ()}
_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A mark, None where a task was not judged, and why it is what it is.
    """

    points: float | None
    most: float
    notes: tuple[str, ...] = ()

    def data(self) -> dict[str, Any]:
        """Return the mark as JSON data."""
        return {"points": self.points, "max": self.most,
                "notes": list(self.notes)}


def mark(tasks: Sequence[Data], scheme: Scheme,
         overrides: Sequence[Override], when: datetime | None,
         stated: str = "") -> Mark:
    """Return the mark of a submission, from its tasks.

    `overrides` are those of this learner, and `when` is the time that it was
    handed in, if known; `stated` is what the platform says in its place.
    """
    # 1. The sum of the points, with decisions of the staff.
    decided = {each.task: each for each in overrides if each.task}
    notes: list[str] = []
    total, most, is_judged = 0.0, 0.0, True
    for task in tasks:
        name = heading(task)
        if name in scheme.left_out:
            continue
        weight = scheme.weights.get(name, 1.0)
        if name not in scheme.bonus:
            most += weight * task["max_points"]
        points = task["points"] if is_settled(task) else None
        if override := decided.get(name):
            was = "not judged" if points is None else f"{points:g}"
            points = override.points
            notes.append(f"{name}: {points:g} in place of {was}"
                         f"{_because(override)}")
        is_judged = is_judged and points is not None
        total += weight * (points or 0.0)
    # 2. The scale of the scheme, and what lateness takes off.
    scale = 1.0 if scheme.out_of is None or not most else (
        scheme.out_of / most)
    factor, late = _late(scheme, overrides, when, stated)
    value = round(total * scale * factor, 2) if is_judged else None
    # 3. A decision on the whole mark replaces all that.
    for override in overrides:
        if override.mark is not None:
            was = "none" if value is None else f"{value:g}"
            value = override.mark
            late = (*late, f"the mark is {value:g} in place of {was}"
                    f"{_because(override)}")
    return Mark(points=value, most=round(most * scale, 2),
                notes=(*notes, *late))


def _because(override: Override) -> str:
    return f" ({override.by}: {override.why})"


def _late(scheme: Scheme, overrides: Sequence[Override],
          when: datetime | None, stated: str
          ) -> tuple[float, tuple[str, ...]]:
    """Return what a late submission is multiplied by, and why."""
    deadline, reason = scheme.deadline, ""
    for override in overrides:
        if override.deadline is not None:
            deadline, reason = override.deadline, _because(override)
    if deadline is None:
        return 1.0, ()
    until = f"the deadline, {shown(deadline)}{reason}"
    if when is None:
        return 1.0, _UNDATED.get(stated, (UNDATED,))
    late = when - deadline - timedelta(minutes=scheme.grace_minutes)
    if late <= timedelta():
        return 1.0, ((f"handed in {shown(when)}, before {until}",)
                     if reason else ())
    days = math.ceil(late / _DAY)
    percent = min(days * scheme.late_percent_a_day,
                  scheme.late_percent_most, 100.0)
    return 1.0 - percent / 100, (
        f"handed in {shown(when)}, after {until}: {percent:g} % less",)


def of(names: Mapping[str, str], overrides: Sequence[Override]
       ) -> list[Override]:
    """Return the overrides that are about a learner of these names."""
    known = {value.casefold() for value in names.values() if value}
    return [each for each in overrides
            if each.learner.strip().casefold() in known]
