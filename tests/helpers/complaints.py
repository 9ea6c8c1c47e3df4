"""What a message to learners must not have, and what it must."""

from __future__ import annotations

import re
from collections.abc import Iterator

from grader.findings.finding import Finding
from grader.report import explain

# Wide enough for any message on one line.
WIDTH = 10_000

OURS = re.compile(
    r"""Traceback|File\ "|<locals>|site-packages|\bat\ 0x[0-9a-f]{6}
    # A path, but for a shebang's, and a URL's, which ends in a slash.
    |(?<![\w.!])/(?:[\w.-]+/)+[\w.-]+(?![\w./-])
    |grader[./]|\b(?:unittest|mock|asyncio|mypy|runpy)[/\\.\w]*\.py\b
    |\btest_\d|\.given|zygote|assert(?:Equal|Got|Returns)""", re.VERBOSE)


def complaints(failure: Finding, source: str,
               of_a_suite: bool = True) -> Iterator[str]:
    """Yield what is wrong with a message.

    That of a suite has to hold the call, what was expected and what came.
    """
    said = "\n".join(explain.full(failure, "", WIDTH))
    if found := OURS.search(said):
        yield f"tells of our insides: {found[0]}"
    if not failure.message.strip() or "\n" in failure.message:
        yield "is not one line"
    if failure.cause != "wrong":
        return
    if failure.dimension != "behaviour":
        if "line " not in said:
            yield "lacks its line"
        return
    shown = "\n".join(explain.full(failure, source, WIDTH))
    for part in ("call", "expected", "got") if of_a_suite else ():
        value = getattr(failure, part)
        if not value or value != "no error" and value not in shown:
            yield f"lacks {part}"
