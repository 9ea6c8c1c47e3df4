"""The record of one file that was handed in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class SubmittedFile:
    """The content of one file; `refused` says why it was not read, if so."""

    content: bytes = b""
    refused: str | None = None
    executable: bool = False
