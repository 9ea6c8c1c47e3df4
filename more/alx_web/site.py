"""A small Django site, in memory: settings, people, requests, one view.

Importing this sets Django up, once and for all of a process: so it is done
before any submission is there.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpResponse, HttpResponseBase
from django.test import RequestFactory
from django.utils import timezone

from alx_web import standins
from alx_web.exchange import ZONE, Answer, Asked, Person
from grader.kit.failure import Failure
from grader.kit.values import show

Handler = Callable[[Any], Any]

if not settings.configured:
    settings.configure(
        SECRET_KEY="of no use to anyone", ALLOWED_HOSTS=["*"],
        # Logging as Python has it: the file itself says where lines go.
        LOGGING_CONFIG=None, TIME_ZONE=ZONE, USE_TZ=True,
        ROOT_URLCONF="alx_web.urls", BASE_DIR=Path.cwd(),
        INSTALLED_APPS=["django.contrib.contenttypes",
                        "django.contrib.auth"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3",
                               "NAME": ":memory:"}})
    django.setup()

# It needs the apps, as a middleware that imports it does.
from django.contrib.auth.models import AnonymousUser  # noqa: E402

# What Django makes of an exception that a middleware raises.
_STATUS = {PermissionDenied: 403, Http404: 404, SuspiciousOperation: 400}


class Groups:
    """The groups of a person, for the questions that are asked of them."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = names

    def filter(self, **wanted: Any) -> Groups:
        """Return the groups by name, name__in, name__iexact."""
        names = self._names
        if "name__in" in wanted:
            names = tuple(n for n in names if n in wanted["name__in"])
        if "name" in wanted:
            names = tuple(n for n in names if n == wanted["name"])
        if "name__iexact" in wanted:
            names = tuple(n for n in names
                          if n.lower() == str(wanted["name__iexact"]).lower())
        return Groups(names)

    def all(self) -> Groups:
        return self

    def first(self) -> Group | None:
        return next(iter(self), None)

    def values_list(self, *fields: str, flat: bool = False) -> list[Any]:
        return [*self._names] if flat else [(name,) for name in self._names]

    def exists(self) -> bool:
        return bool(self._names)

    def count(self) -> int:
        return len(self._names)

    def __iter__(self) -> Any:
        return iter([Group(name) for name in self._names])

    def __len__(self) -> int:
        return len(self._names)


class Group:
    """One group."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __str__(self) -> str:
        return self.name


class User:
    """A person who is logged in, as a middleware sees one.

    `marked` says that the rank shows in other places than the role as well:
    in the groups, and in is_staff and is_superuser.
    """

    is_authenticated = True
    is_anonymous = False
    is_active = True

    def __init__(self, person: Person, marked: bool) -> None:
        self.id = self.pk = 1 + sum(map(ord, person.name))
        self.username = self.first_name = person.name
        self.last_name = ""
        self.email = f"{person.name}@example.org"
        self.role = person.role
        is_ranked = marked and person.role in ("admin", "moderator")
        self.is_staff = is_ranked
        self.is_superuser = is_ranked and person.role == "admin"
        self.groups = Groups(_spellings(person.role) if is_ranked else ())

    def get_username(self) -> str:
        return self.username

    def get_full_name(self) -> str:
        return self.username

    def has_perm(self, *asked: Any) -> bool:
        return self.is_staff

    def __str__(self) -> str:
        return self.username


def _spellings(role: str) -> tuple[str, ...]:
    return tuple(word + end for word in (role, role.title())
                 for end in ("", "s"))


class Session(dict[str, Any]):
    """A session that nothing keeps."""

    session_key = "of this run"
    modified = False


class Site:
    """A site with one view; `body` is what the view answers.

    `handle` passes a request through the middleware under test. Django puts
    it around the view; what it raises becomes an answer, as far as Django
    has one for it.
    """

    def __init__(self, folder: Path, body: str, marked: bool) -> None:
        settings.BASE_DIR = folder
        cache.clear()
        timezone.deactivate()
        self.body = body
        self.reached = 0
        self._marked = marked
        self._handler: Handler = self.view
        self._last: HttpResponse | None = None
        self._request: Any = None
        self._call = ""

    def put_around(self, handler: Handler) -> None:
        """Put a middleware around the view."""
        self._handler = handler

    def view(self, request: Any) -> HttpResponse:
        """Answer a request, unless the middleware's own hook does."""
        hook = getattr(self._handler, "process_view", None)
        if request is not self._request:
            raise Failure(
                f"{self._call} gives {show(request)} to get_response, not "
                "the request", call=self._call,
                expected="get_response(request)",
                got=f"get_response({show(request)})")
        early = hook(request, self.view, (), {}) if hook else None
        if early is not None:
            answer: HttpResponse = early
            return answer
        self.reached += 1
        self._last = HttpResponse(self.body)
        return self._last

    def handle(self, asked: Asked) -> Answer:
        """Return what comes of a request."""
        before, self._last = self.reached, None
        self._request, self._call = self._made(asked), str(asked)
        status, body, kind = self._status(self._request, self._call)
        return Answer(status=status, body=body, kind=kind,
                      reached=self.reached - before)

    def _status(self, request: Any, call: str) -> tuple[int, str, str]:
        try:
            answer = self._handler(request)
        except tuple(_STATUS) as error:
            return next(status for kind, status in _STATUS.items()
                        if isinstance(error, kind)), "", "HttpResponse"
        except standins.AnError as error:
            name, module = type(error).__name__, type(error).__module__
            raise Failure(
                f"{call} raises the {name} of {module}, which only the views "
                "of that package turn into a response: in a middleware it is "
                "a server error", call=call, expected="a response",
                got=f"raised {name}") from error
        if inspect.isawaitable(answer):
            if inspect.iscoroutine(answer):
                answer.close()
            raise Failure(
                f"{call} gives a coroutine, not a response: the server of "
                "this course calls __call__ without await, so write def, "
                "not async def", call=call, expected="a response",
                got="a coroutine")
        if type(answer).__module__ == "rest_framework.response":
            raise Failure(
                f"{call} gives a Response of rest_framework, which only the "
                "views of that package can render: the server fails over it, "
                "so return a JsonResponse of django.http", call=call,
                expected="a response", got="an unrendered Response")
        if not isinstance(answer, HttpResponseBase):
            return 0, "", show(answer)
        body = b"" if answer.streaming else answer.content
        return (int(answer.status_code),
                bytes(body).decode("utf-8", "replace")[:200],
                "the response of the view" if answer is self._last
                else "HttpResponse")

    def _made(self, asked: Asked) -> Any:
        make = getattr(RequestFactory(), asked.method.lower())
        extra: dict[str, Any] = {"REMOTE_ADDR": asked.address}
        if asked.forwarded:
            extra["HTTP_X_FORWARDED_FOR"] = asked.forwarded
        request = (make(asked.path, **extra) if asked.method in (
            "GET", "HEAD") else make(
                asked.path, data="message=Hello",
                content_type="application/x-www-form-urlencoded", **extra))
        request.session = Session()
        if asked.person is not None:
            request.user = (User(asked.person, self._marked)
                            if asked.person.name else AnonymousUser())
        return request
