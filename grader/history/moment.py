"""Reads a date, with or without a time, from the command line."""

from __future__ import annotations

from datetime import date, datetime, time

from grader.errors import UserError


def moment(text: str) -> datetime:
    """Return the moment that a text names, with its time zone.

    A date alone means the end of that day, and a time without a zone is
    that of this machine. Raises UserError.
    """
    try:
        if len(text.strip()) <= len("2026-11-30"):
            found = datetime.combine(date.fromisoformat(text.strip()),
                                     time(23, 59, 59))
        else:
            found = datetime.fromisoformat(text.strip())
        return found if found.tzinfo else found.astimezone()
    except (ValueError, OverflowError, OSError):
        raise UserError(f"{text!r} is no date", "write one such as"
                        " 2026-11-30 or 2026-11-30T18:00+03:00") from None


def shown(when: datetime) -> str:
    """Return a moment as people read it, to the minute."""
    return when.isoformat(" ", "minutes")
