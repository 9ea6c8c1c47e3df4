"""The formats of a report for machines, by their names, and their encoding.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping

from grader.report.junit import junit
from grader.report.services import classroom, exercism, gradescope
from grader.report.wording import Data

# By the name of --format: the function that returns the report of JSON data.
EXPORTS: Mapping[str, Callable[[Data], str]] = {
    "junit": junit, "exercism": exercism, "gradescope": gradescope,
    "classroom": classroom,
}

_LETTER = re.compile(r"[^\x00-\x7f]")


def in_ascii(text: str, form: str) -> str:
    """Return a report in ASCII, with other letters escaped as its format does.

    `form` is the name of the format. For an output whose encoding is not
    UTF-8. A report of the format "text" is returned as it is.
    """
    if form == "text":
        return text
    if form == "junit":
        return text.encode("ascii", "xmlcharrefreplace").decode()
    # The others are JSON, where other letters occur only in strings.
    return _LETTER.sub(lambda found: json.dumps(found[0])[1:-1], text)
