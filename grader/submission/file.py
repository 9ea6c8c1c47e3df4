"""One file that was handed in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class SubmittedFile:
    """One file as it was found; `refused` says why it was not read."""

    content: bytes = b""
    refused: str | None = None
    executable: bool = False
