"""Every form of a report that a machine reads, by the name of its format."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping

from grader.report.junit import junit
from grader.report.services import classroom, exercism, gradescope
from grader.report.wording import Data

EXPORTS: Mapping[str, Callable[[Data], str]] = {
    "junit": junit, "exercism": exercism, "gradescope": gradescope,
    "classroom": classroom,
}

_LETTER = re.compile(r"[^\x00-\x7f]")


def in_ascii(text: str, form: str) -> str:
    """Return the text of a form with every other letter escaped as it has it.

    For an output that has no letters for them, or not those of UTF-8.
    """
    if form == "text":
        return text
    if form == "junit":
        return text.encode("ascii", "xmlcharrefreplace").decode()
    # All the others are JSON, whose letters are those of its strings.
    return _LETTER.sub(lambda found: json.dumps(found[0])[1:-1], text)
