"""Task 3: five messages a minute for each address."""

from alx_web.case import HOUR, MiddlewareCase
from alx_web.exchange import Answer, Asked
from grader.kit import Failure
from grader.kit.transcript import looks

LIMIT, MINUTE = 5, 60
_REFUSALS = (403, 429)


class RateLimit(MiddlewareCase):
    """OffensiveLanguageMiddleware counts the POST requests of an address."""

    names = ("OffensiveLanguageMiddleware",)

    def setUp(self) -> None:
        super().setUp()
        # Not where one minute, or one hour, becomes the next.
        self.wait(10 * HOUR + 2)
        self.path = self.place()

    def place(self) -> str:
        """Return the path to judge by: that of this run, if it is limited.
        """
        return self.judged_path(self.limited_path(), "count the messages to",
                                "counted")

    @looks
    def limited_path(self) -> str:
        """Return the first path where many messages meet a limit, or ours.
        """
        paths = [self.path, *self.other_paths()]
        limited = next((path for number, path in enumerate(paths)
                        if self.is_limited(path, f"192.0.2.{number}")),
                       self.path)
        self.clock.sleep(3 * MINUTE - self.clock.now % MINUTE + 2)
        return limited

    def is_limited(self, path: str, address: str) -> bool:
        """Return whether one of eight messages is not let through."""
        return not all(self.lets_in(self.post(address, path))
                       for _ in range(8))

    def post(self, address: str, path: str = "", number: int = 0) -> Asked:
        """Return a message from an address."""
        which = f" {number}" * bool(number)
        return _Message("POST", path or self.path, self.user, address,
                        when=which)

    def posts(self, address: str, number: int, pause: float = 2
              ) -> list[tuple[Asked, Answer]]:
        """Send messages from an address, one every `pause` seconds."""
        sent = []
        for which in range(1, number + 1):
            asked = self.post(address, number=which)
            sent.append((asked, self.send(asked)))
            self.wait(pause)
        return sent

    def assertPass(self, sent: list[tuple[Asked, Answer]],
                   why: str = "") -> None:
        """Check that every message was let through."""
        for asked, answer in sent:
            self.assertHolds(answer.status == 200, Failure(
                f"{asked} should be let through{why}, not get {answer}",
                call=str(asked), expected="let through", got=str(answer)))

    def assertLimited(self, asked: Asked, answer: Answer) -> None:
        """Check that a message is one too many."""
        self.assertHolds(answer.status in _REFUSALS, Failure(
            f"{asked} within a minute should be refused with 429 or 403, not "
            f"get {answer}", call=str(asked), expected="429 or 403",
            got=str(answer)))

    # Checks

    def test_five_messages_pass(self) -> None:
        self.assertPass(self.posts(self.address(), LIMIT))

    def test_the_sixth_is_refused(self) -> None:
        *first, last = self.posts(self.address(), LIMIT + 1)
        self.assertPass(first)
        self.assertLimited(*last)

    def test_a_refused_message_never_reaches_the_view(self) -> None:
        asked, answer = self.posts(self.address(), LIMIT + 1)[-1]
        self.assertUnseen(answer, asked)

    def test_another_address_is_free(self) -> None:
        self.posts("198.51.100.7", LIMIT + 1)
        self.assertPass(self.posts("198.51.100.8", LIMIT),
                        ", since it is from another address")

    def test_reading_is_free(self) -> None:
        address = self.address()
        self.assertPass([self.read(address) for _ in range(10)],
                        ", since it only reads")
        self.assertPass(self.posts(address, LIMIT),
                        ", since only reading came before")
        self.posts(address, 1)
        self.assertPass([self.read(address)], ", since it only reads")

    def read(self, address: str) -> tuple[Asked, Answer]:
        """Send a request that only reads."""
        asked = Asked("GET", self.path, self.user, address)
        return asked, self.send(asked)

    def test_is_free_again_after_the_minute(self) -> None:
        address = self.address()
        self.posts(address, LIMIT + 1)
        self.wait(MINUTE + 1)
        *first, last = self.posts(address, LIMIT + 1)
        self.assertPass(first, ", since a minute has gone by")
        self.assertLimited(*last)

    def test_a_slow_writer_is_never_refused(self) -> None:
        self.assertPass(self.posts(self.address(), 12, pause=20),
                        " where one comes every 20 seconds")

    def test_returns_what_the_view_returns(self) -> None:
        for asked, answer in [*self.posts(self.address(), LIMIT),
                              self.read(self.address())]:
            self.assertAnswered(answer, asked)

    def test_counts_fresh_addresses_each_for_itself(self) -> None:
        addresses = [f"198.51.100.{number}" for number in self.random.sample(
            range(1, 255), 3)]
        turns = addresses * (LIMIT + 2)
        self.random.shuffle(turns)
        sent = [turns[:place].count(address) + 1
                for place, address in enumerate(turns)]
        for address, number in zip(turns, sent):
            asked = self.post(address, number=number)
            answer = self.send(asked)
            self.wait(1)
            if number <= LIMIT:
                self.assertAnswered(answer, asked)
            else:
                self.assertLimited(asked, answer)

    def test_the_window_slides(self) -> None:
        address = self.address()
        self.posts(address, 1)
        self.wait(MINUTE - 10)
        self.posts(address, LIMIT - 1, pause=1)
        self.wait(10)
        late = [answer.status for _, answer in self.posts(
            address, LIMIT, pause=1)]
        if late.count(200) > 1:
            self.advise("keep the times of the last messages: where a count "
                        "starts again every minute, nine or ten messages can "
                        "come within a few seconds")

    def test_a_refusal_starts_no_new_minute(self) -> None:
        address = self.address()
        self.posts(address, LIMIT, pause=1)
        self.wait(30)
        self.posts(address, 2, pause=1)
        self.wait(30)
        if self.posts(address, 1)[0][1].status != 200:
            self.advise("do not count refused messages: who keeps trying is "
                        "never let in again")

    def test_an_address_cannot_be_made_up(self) -> None:
        address = self.address()
        statuses = [self.send(self.post(address)._replace(
            forwarded=f"192.0.2.{number}")).status
            for number in range(1, LIMIT + 3)]
        if 429 not in statuses and 403 not in statuses:
            self.advise("the header X-Forwarded-For is whatever the client "
                        "writes: who changes it with every message is never "
                        "refused. REMOTE_ADDR cannot be made up")


class _Message(Asked):
    """A message, which is known by its number and address."""

    def __str__(self) -> str:
        return f"message{self.when} from {self.address} (POST {self.path})"
