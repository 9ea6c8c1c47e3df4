"""One line of `grade doctor`: a thing that was tried on this machine."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ProbeResult:
    """A thing that was tried, and whether it works.

    `detail` says what was found, `todo` what to do if it does not work,
    each in one line; `todo` may be empty.
    """

    name: str
    ok: bool
    detail: str
    todo: str = ""
