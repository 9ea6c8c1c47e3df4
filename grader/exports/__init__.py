"""Every form of a report that a machine reads, by the name of its format."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from grader.exports.junit import junit
from grader.exports.services import classroom, exercism, gradescope
from grader.exports.text import Data

EXPORTS: Mapping[str, Callable[[Data], str]] = {
    "junit": junit, "exercism": exercism, "gradescope": gradescope,
    "classroom": classroom,
}
