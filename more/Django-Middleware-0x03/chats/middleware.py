"""Four middlewares of a chat: log, opening hours, rate limit, roles."""

from collections import defaultdict, deque
from collections.abc import Callable
from datetime import datetime, time
from time import monotonic

from django.http import HttpRequest, HttpResponse, HttpResponseForbidden

GetResponse = Callable[[HttpRequest], HttpResponse]


class RequestLoggingMiddleware:
    """Writes a line to requests.log for each request."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = getattr(request, "user", None)
        with open("requests.log", "a", encoding="utf-8") as log:
            log.write(f"{datetime.now()} - User: {user}"
                      f" - Path: {request.path}\n")
        return self.get_response(request)


class RestrictAccessByTimeMiddleware:
    """Refuses requests before 18:00 and from 21:00 on, local time."""

    opens, closes = time(18), time(21)

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not self.opens <= datetime.now().time() < self.closes:
            return HttpResponseForbidden("The chat opens from 18 to 21 h.")
        return self.get_response(request)


class OffensiveLanguageMiddleware:
    """Refuses the sixth POST request of an address within a minute."""

    limit, seconds = 5, 60

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.sent: defaultdict[str, deque[float]] = defaultdict(deque)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method == "POST" and not self.may_send(
                request.META["REMOTE_ADDR"]):
            return HttpResponse("Five messages a minute, please.", status=429)
        return self.get_response(request)

    def may_send(self, address: str) -> bool:
        """Count a message, unless it is one too many."""
        now, times = monotonic(), self.sent[address]
        while times and times[0] <= now - self.seconds:
            times.popleft()
        if len(times) == self.limit:
            return False
        times.append(now)
        return True


class RolepermissionMiddleware:
    """Lets only admins and moderators pass."""

    allowed = {"admin", "moderator"}

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if getattr(request.user, "role", None) not in self.allowed:
            return HttpResponseForbidden("Only for admins and moderators.")
        return self.get_response(request)
