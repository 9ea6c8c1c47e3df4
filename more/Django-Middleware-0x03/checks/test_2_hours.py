"""Task 2: the chat is open in the evening, from 18:00 to 21:00."""

from collections.abc import Sequence
from typing import NamedTuple

from alx_web.case import DAY, HOUR, MiddlewareCase
from alx_web.exchange import AHEAD, VISITOR, Answer, Asked
from grader.kit import Failure
from grader.kit.transcript import looks

Day = list[tuple[Asked, Answer]]
# When some hours or others are closed, whichever they are.
_PROBED = (3, 12, 19, 22)


class Window(NamedTuple):
    """The hours that are open; `ahead` of those that a class may mean."""

    start: int
    end: int
    ahead: int = 0

    def has(self, hour: int) -> bool:
        return self.start <= (hour - self.ahead) % 24 < self.end


STATED = Window(18, 21)


class Hours(MiddlewareCase):
    """RestrictAccessByTimeMiddleware goes by the clock of the server."""

    names = ("RestrictAccessByTimeMiddleware",)

    def day(self, minutes: Sequence[int] = (30,) * 24) -> Day:
        """Send a request in each hour of a day, at those minutes."""
        path, day = self.place(), []
        for hour, minute in enumerate(minutes):
            self.until(hour, minute)
            asked = Asked("GET", path, self.user,
                          when=f"{hour:02}:{minute:02}")
            day.append((asked, self.send(asked)))
        return day

    def place(self) -> str:
        """Return the path to judge by: that of this run, if it is closed."""
        return self.judged_path(self.closed_path(), "close the chat on",
                                "closed")

    @looks
    def closed_path(self) -> str:
        """Return the first path that is not always open, or ours."""
        for path in (self.path, *self.other_paths()):
            for hour in _PROBED:
                self.until(hour, 30)
                if not self.lets_in(Asked("GET", path, self.user)):
                    return path
        return self.path

    @looks
    def until(self, hour: int, minute: int) -> None:
        """Let the time pass until the clock shows this."""
        then = hour * HOUR + minute * 60
        self.clock.sleep((then - self.clock.now) % DAY)

    def window(self, day: Day) -> Window:
        """Return the hours that a class is taken to mean.

        They are those of the statement, unless the class keeps exactly to a
        variant.
        """
        let_in = [answer.status == 200 for _, answer in day]
        ahead = (0, AHEAD) if self.variants.get("utc") else (0,)
        known = [Window(start, end, by)
                 for start, end in [STATED[:2],
                                    *self.variants.get("windows", [])]
                 for by in ahead]
        kept = next((window for window in known if let_in == [
            window.has(hour) for hour in range(24)]), STATED)
        self.advise_on(kept)
        return kept

    def advise_on(self, window: Window) -> None:
        """Say what the statement asks for, where a variant is kept."""
        if window[:2] != STATED[:2]:
            self.advise("the hours of the statement are 18:00 to 21:00, not "
                        f"{window.start:02}:00 to {window.end:02}:00")
        if window.ahead:
            self.advise("go by local time, datetime.now(): timezone.now() "
                        "and utcnow() give UTC, hours apart from the clock "
                        "on the wall")

    def assertLetIn(self, day: Day) -> None:
        """Check that the open hours of a day are open."""
        window = self.window(day)
        for hour, (asked, answer) in enumerate(day):
            self.assertHolds(
                answer.status == 200 or not window.has(hour), Failure(
                    f"{asked} should be let in, not get {answer}",
                    call=str(asked), expected="let in", got=str(answer)))

    def assertKeptOut(self, day: Day) -> None:
        """Check that the other hours of a day are closed."""
        window = self.window(day)
        for hour, (asked, answer) in enumerate(day):
            self.assertHolds(
                answer.status != 200 or window.has(hour), Failure(
                    f"{asked} should be refused, and is let in",
                    call=str(asked), expected="403", got="let in"))

    # Checks

    def test_is_open_from_six_to_nine_in_the_evening(self) -> None:
        self.assertLetIn(self.day())

    def test_is_closed_at_other_hours(self) -> None:
        self.assertKeptOut(self.day())

    def test_a_refusal_is_403(self) -> None:
        day = self.day()
        window = self.window(day)
        for hour, (asked, answer) in enumerate(day):
            self.assertHolds(window.has(hour) or answer.status == 403,
                             Failure(f"{asked} should be refused with 403, "
                                     f"not get {answer}", call=str(asked),
                                     expected="403", got=str(answer)))

    def test_a_refused_request_never_reaches_the_view(self) -> None:
        for asked, answer in self.day():
            self.assertUnseen(answer, asked)

    def test_returns_what_the_view_returns(self) -> None:
        day = self.day()
        window = self.window(day)
        for hour, (asked, answer) in enumerate(day):
            if window.has(hour):
                self.assertAnswered(answer, asked)

    def test_holds_for_every_request(self) -> None:
        path = self.place()
        self.until(3, 30)
        for method in ("GET", "POST", "PUT", "DELETE"):
            for person in (self.user, VISITOR):
                asked = Asked(method, f"/{self.word()}/", person,
                              when="03:30")
                answer = self.send(asked)
                self.assertHolds(
                    answer.status != 200 or path != self.path, Failure(
                        f"{asked} should be refused, and is let in",
                        call=str(asked), expected="403", got="let in"))

    def test_holds_at_fresh_minutes(self) -> None:
        day = self.day([self.random.randint(2, 57) for _ in range(24)])
        self.assertLetIn(day)
        self.assertKeptOut(day)

    def test_reads_the_clock_at_every_request(self) -> None:
        for _ in range(2):
            day = self.day()
            self.assertLetIn(day)
            self.assertKeptOut(day)
