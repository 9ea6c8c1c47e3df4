"""The failure of a check, in the parts that a report needs."""

from __future__ import annotations

CAUSES = (
    "wrong", "missing", "broken", "timeout", "memory", "output", "exited",
    "crashed", "network", "refused", "untrusted", "unfinished",
)


class Failure(AssertionError):
    """A check has failed, with its cause and, where there is one, the call.

    `message` is a whole sentence for the learner. `call`, `expected` and
    `got` are Python source texts such as "floor(-1.5)", "-2" and "-1".
    """

    def __init__(self, message: str, *, cause: str = "wrong",
                 call: str | None = None, expected: str | None = None,
                 got: str | None = None, line: int | None = None) -> None:
        super().__init__(message)
        assert cause in CAUSES, cause
        self.message = message
        self.cause = cause
        self.call = call
        self.expected = expected
        self.got = got
        self.line = line


class Undecided(Failure):
    """A check had to guess how something is used, and the guess is wrong.

    That is no fault of the submission's: the verdict is that the grader could
    not tell. The message names what it had to guess.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message, cause="unfinished")


class Stuck(Failure):
    """The program waits for ever: nothing is left that could wake it."""

    def __init__(self, message: str) -> None:
        super().__init__(message, cause="timeout")
