"""Task 1: every request leaves one line in requests.log."""

import datetime
from collections import Counter
from pathlib import Path
from typing import Any

from alx_web.case import HOUR, START, MiddlewareCase
from alx_web.exchange import AHEAD, VISITOR, Asked, Person
from grader.kit import Failure, workspace
from grader.kit.transcript import looks

LOG = "requests.log"


class RequestLogging(MiddlewareCase):
    """RequestLoggingMiddleware notes when, who and where."""

    names = ("RequestLoggingMiddleware",)

    def draw(self) -> None:
        super().draw()
        self.earlier = f"an earlier line, {self.word()}"

    def prepare(self, folder: Path) -> None:
        (folder / LOG).unlink(missing_ok=True)
        if self._testMethodName != "test_a_missing_log_is_made":
            (folder / LOG).write_text(f"{self.earlier}\n")

    def install(self) -> None:
        super().install()
        self.see(self.start_log)

    # The log, behind the wall

    def start_log(self) -> None:
        """Count only the lines that come from now on."""
        self.before = _lines()

    @looks
    def new_lines(self) -> list[str]:
        """Return the lines that came since this was asked last.

        They may stand in any requests.log, and not only at its end.
        """
        after = _lines()
        left = Counter(self.before)
        self.before = after
        new = []
        for line in after:
            if left[line]:
                left[line] -= 1
            else:
                new.append(line)
        return new[-50:]

    @looks
    def all_lines(self) -> list[str]:
        """Return every line there is."""
        return _lines()[-50:]

    # Assertions

    def assertLogged(self, asked: Asked, *parts: str) -> None:
        """Send a request, and check the one line that it leaves."""
        self.send(asked)
        lines = self.new_lines()
        self.assertHolds(len(lines) == 1, Failure(
            f"{asked} should leave one line in {LOG}, not {len(lines)}",
            call=str(asked), expected="one line more",
            got="\n".join(lines) or "no line"))
        for part in parts:
            self.assertSays(lines, asked, [part], part)

    def assertSays(self, lines: list[str], asked: Asked, texts: list[str],
                   what: str) -> None:
        """Check that one of some texts is in a line."""
        line = " ".join(lines)
        self.assertHolds(any(text in line for text in texts), Failure(
            f"the line for {asked} does not say {what}", call=str(asked),
            expected=f"... {what} ...", got=line))

    def request(self, **changes: Any) -> Asked:
        """Return an ordinary request, with changes."""
        return Asked("GET", self.path, self.user)._replace(**changes)

    # Checks

    def test_writes_one_line_a_request(self) -> None:
        for _ in range(3):
            self.assertLogged(self.request())

    def test_the_line_names_the_user(self) -> None:
        self.assertLogged(self.request(), self.user.name)

    def test_the_line_names_the_path(self) -> None:
        self.assertLogged(self.request(), self.path)

    def test_the_line_has_the_time_of_the_request(self) -> None:
        now = 0.0
        for hour in (9, 16):
            then = HOUR * hour + 60 * self.random.randint(1, 59)
            self.wait(then - now)
            now = then
            asked = self.request(when=f"{_moment(now):%H:%M}")
            self.send(asked)
            self.assertSays(self.new_lines(), asked, _clocks(now),
                            asked.when)

    def test_logs_visitors_who_are_not_logged_in(self) -> None:
        self.assertLogged(self.request(person=VISITOR), self.path)

    def test_logs_every_path_and_method(self) -> None:
        for method in ("GET", "POST", "PUT", "DELETE"):
            for path in ("/", "/admin/", f"/{self.word()}/{self.word()}"):
                self.assertLogged(self.request(method=method, path=path),
                                  path)

    def test_returns_the_answer_of_the_view(self) -> None:
        for person in (self.user, VISITOR):
            asked = self.request(person=person)
            self.assertAnswered(self.send(asked), asked)

    def test_keeps_the_lines_of_earlier_days(self) -> None:
        asked = self.request()
        self.send(asked)
        lines = self.all_lines()
        self.assertHolds(self.earlier in lines, Failure(
            f"after {asked} a line that was in {LOG} before is gone: open it "
            "to append, with mode 'a'", call=str(asked),
            expected=self.earlier, got="\n".join(lines) or "an empty file"))

    def test_logs_fresh_requests_by_fresh_people(self) -> None:
        for _ in range(4):
            person, path = Person(self.word()), f"/{self.word()}/"
            self.assertLogged(self.request(person=person, path=path),
                              person.name, path)

    def test_has_the_form_of_the_statement(self) -> None:
        asked = self.request()
        self.send(asked)
        form = f" - User: {self.user.name} - Path: {self.path}"
        lines = self.new_lines()
        if lines and not all(line.endswith(form) for line in lines):
            self.advise("give the line the form of the statement, "
                        "DATE TIME - User: NAME - Path: PATH")

    def test_a_second_instance_doubles_no_line(self) -> None:
        self.install()
        self.send(self.request())
        if len(self.new_lines()) > 1:
            self.advise("add the handler of the log once: each instance of "
                        "the class adds another, and lines come twice")

    def test_a_request_may_have_no_user(self) -> None:
        if not self.see(lambda: self.passes(self.request(person=None))):
            self.advise("a request has no `user` where the middleware stands "
                        "before AuthenticationMiddleware: getattr(request, "
                        "'user', None) goes without")

    def test_a_missing_log_is_made(self) -> None:
        if not self.see(lambda: self.passes(self.request())):
            self.advise(f"make {LOG} where it is not there yet: open it with "
                        "mode 'a'")

    def passes(self, asked: Asked) -> bool:
        """Return whether a request passes without an error."""
        try:
            self.site.handle(asked)
        except Exception:
            return False
        return True


def _lines() -> list[str]:
    """Return the lines of every log in the folder of the file."""
    return [line for path in sorted(workspace().rglob(LOG))
            if path.is_file()
            for line in path.read_text(errors="replace").splitlines()
            if line.strip()]


def _moment(seconds: float) -> datetime.datetime:
    return START + datetime.timedelta(seconds=seconds)


def _clocks(seconds: float) -> list[str]:
    """Return the ways to say which time it is, to the minute.

    A log may have UTC, and twelve hours.
    """
    return [f"{moment:{form}}" for form in ("%H:%M", "%I:%M") for moment in (
        _moment(seconds), _moment(seconds - AHEAD * HOUR))]
