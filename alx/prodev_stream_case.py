"""The base class of suites about generators that read from a server."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from itertools import islice
from typing import Any

from alx.prodev_case import ServerCase
from alx.prodev_sqlite import plain
from grader.kit.case import Function
from grader.kit.failure import Failure
from grader.kit.transcript import expects, looks
from grader.kit.values import show


class StreamCase(ServerCase):
    """A task whose functions yield rows and fetch no more than they yield.

    A generator cannot cross the wall: each step of it is a look.
    """

    @looks
    def stream(self, function: Function, *args: Any) -> Iterator[Any]:
        """Call a generator function.

        What it raises while it is read is a Failure, and so is anything
        but a generator.
        """
        made = self.call(function, *args)
        call = self.name_call(function, args, {})
        if not inspect.isgenerator(made):
            raise Failure(f"{call} should return a generator, not "
                          f"{show(made, 40)}: use yield", call=call,
                          expected="a generator", got=show(made))
        return self.guarded(made, call)

    def guarded(self, made: Iterator[Any], call: str) -> Iterator[Any]:
        """Yield from an iterator, with its errors as Failures."""
        try:
            yield from made
        except (Failure, GeneratorExit, MemoryError):
            raise
        except BaseException as error:
            raise self.raised(error, call) from error

    @looks
    def step(self, made: Iterator[Any], steps: int = 1) -> list[Any]:
        """Return what a generator yields next, if anything."""
        return list(islice(made, steps))

    @looks
    def skip(self, made: Iterator[Any], steps: int = 1) -> int:
        """Go on by at most `steps`; return how many there were."""
        return sum(1 for _ in islice(made, steps))

    @looks
    def step_rows(self, made: Iterator[Any], steps: int = 1) -> list[Any]:
        """Return the rows that a generator yields next, each a tuple."""
        return [plain(each) for each in islice(made, steps)]

    @expects
    def assertStops(self, most: int, got: int, call: str, what: str) -> None:
        """Check that at most `most` items were yielded."""
        # Not `got > most`, which is False for a forged NaN.
        if self.transcript.compares and not got <= most:
            raise Failure(f"{call} yields more than {most} {what}, and there "
                          f"are {len(self.users or ())} users", call=call,
                          expected=f"{most} {what} at most",
                          got=f"{got} and more")

    # Laziness

    @property
    def fetched(self) -> int:
        """Count the rows that were fetched: a look."""
        return int(self.see(lambda: sum(
            read.rows for read in self.world.reads()
            if read.method != "execute")))

    @expects
    def assertFetched(self, most: int, call: str, when: str) -> None:
        """Check that at most `most` rows were fetched so far."""
        fetched = self.fetched
        if self.transcript.compares and fetched > most:
            every = "all " if fetched >= len(self.users or ()) else ""
            raise Failure(f"{call} has fetched {every}{fetched} rows {when}: "
                          "fetch them as they are asked for", call=call,
                          expected="no more rows than are needed by then",
                          got=f"{fetched} rows fetched")

    def assertNeverWhole(self, call: str) -> None:
        """Check that nothing has read the whole table at once."""
        half = len(self.users or ()) // 2
        for method, rows in self.see(lambda: [
                (read.method, read.rows) for read in self.world.reads()
                if read.rows > half][:_MOST_READS]):
            self.assertHolds(method != "fetchall", Failure(
                f"{call} reads the table with fetchall(): all {rows} rows "
                "are in memory at once", call=call,
                expected="rows fetched as they are asked for",
                got=f"fetchall() of {rows} rows"))
            if method == "execute":
                self.advise("a buffered cursor reads every row at once; the "
                            "default one reads them as they are asked for")

    def stop(self, made: Iterator[Any], call: str) -> None:
        """Close a generator before its end; a problem is only advice."""
        if problem := self.problem_of_closing(made):
            self.advise(f"{call} cannot be closed before its end: it "
                        f"{problem}")
        self.advise_closing(call, "is closed before its end")

    @looks
    def problem_of_closing(self, made: Iterator[Any]) -> str | None:
        """Close a generator; return what it raises, if anything."""
        try:
            getattr(made, "close")()
        except Failure as failure:
            return failure.got
        return None

    def advise_closing(self, call: str, when: str) -> None:
        """Advise to close the connection where one is left open."""
        if self.see(lambda: self.world.open_connections):
            self.advise(f"close the connection when {call} {when}: a with "
                        "statement or try/finally does it on every path")


_MOST_READS = 100
