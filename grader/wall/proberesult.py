"""What trying something on this machine showed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ProbeResult:
    """One thing that was tried: whether it works, and what to do if not.

    `detail` and `todo` are one line each; `todo` is empty where nothing
    need be done.
    """

    name: str
    ok: bool
    detail: str
    todo: str = ""
