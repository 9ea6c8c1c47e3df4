#!/usr/bin/env python3
"""A site to try a middleware on: people, requests, and a clock to set.

The mains import this before your file, so that your file finds its clock.
"""

from __future__ import annotations

import datetime
import sys
import time
from types import SimpleNamespace
from typing import Any

try:
    import django
    from django.conf import settings
    from django.http import HttpRequest, HttpResponse
    from django.test import RequestFactory
except ImportError:
    sys.exit("Django is not installed: python3 -m pip install django")

settings.configure(
    SECRET_KEY="for playing", USE_TZ=True, LOGGING_CONFIG=None,
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth"])
django.setup()

from django.contrib.auth.models import AnonymousUser  # noqa: E402

_Datetime = datetime.datetime
_now = _Datetime(2025, 1, 15, 19, 30)


class _Clock(_Datetime):
    """datetime.datetime, but now() is what set_clock says."""

    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> Any:
        return _now.astimezone(tz) if tz else _now


def set_clock(hour: int, minute: int, second: int = 0) -> None:
    """Make it this time of Wednesday, 15 January 2025."""
    global _now
    _now = _Datetime(2025, 1, 15, hour, minute, second)


setattr(datetime, "datetime", _Clock)
for _name in "time", "monotonic":
    setattr(time, _name, lambda: _now.timestamp())


class Person(SimpleNamespace):
    """A user who is logged in, with a name and a role."""

    is_authenticated = True

    def __str__(self) -> str:
        return str(self.username)


def view(request: HttpRequest) -> HttpResponse:
    """Answer every request with 200."""
    return HttpResponse(f"This is {request.path}")


def ask(middleware: Any, method: str = "GET", path: str = "/api/messages/",
        role: str = "", address: str = "203.0.113.5") -> int:
    """Send a request through a middleware; return the status of the answer.

    Without a role it comes from a visitor who is not logged in.
    """
    make = getattr(RequestFactory(), method.lower())
    request = make(path, REMOTE_ADDR=address)
    request.user = (Person(username="nadia", role=role) if role
                    else AnonymousUser())
    answer = middleware(request)
    if answer is None:
        sys.exit("The middleware returned None, not a response")
    return int(answer.status_code)
