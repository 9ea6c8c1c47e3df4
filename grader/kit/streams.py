"""The base class of suites about generators over a server."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from itertools import islice
from typing import Any

from grader.kit.case import Function
from grader.kit.failure import Failure
from grader.kit.server import ServerCase
from grader.kit.values import show


class StreamCase(ServerCase):
    """A task whose functions yield rows, and fetch no more than that."""

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
        return self._guarded(made, call)

    def _guarded(self, made: Iterator[Any], call: str) -> Iterator[Any]:
        try:
            yield from made
        except (Failure, GeneratorExit, MemoryError):
            raise
        except BaseException as error:
            raise self.raised(error, call) from error

    def take(self, made: Iterator[Any], most: int, call: str,
             what: str) -> list[Any]:
        """Read a generator to its end; one without an end is a Failure."""
        got = list(islice(made, most + 1))
        if len(got) > most:
            raise Failure(f"{call} does not stop: it has yielded {len(got)} "
                          f"{what}, and there are {most} at most", call=call,
                          expected=f"{most} {what} at most",
                          got=f"{len(got)} and more")
        return got

    # Laziness

    @property
    def fetched(self) -> int:
        """Count the rows that were fetched."""
        return sum(read.rows for read in self.world.reads()
                   if read.method != "execute")

    def assertFetched(self, most: int, call: str, when: str) -> None:
        """Check that no more rows were fetched by now."""
        if self.fetched > most:
            raise Failure(f"{call} has fetched {self.fetched} rows {when}",
                          call=call, expected=f"{most} at most {when}",
                          got=f"{self.fetched} rows fetched")

    def assertNeverWhole(self, call: str) -> None:
        """Check that nothing has read the whole table at once."""
        size = len(self.users or ())
        for read in self.world.reads():
            if read.method == "fetchall" and read.rows > size // 2:
                raise Failure(
                    f"{call} reads the table with fetchall(): all "
                    f"{read.rows} rows are in memory at once", call=call,
                    expected="rows fetched as they are asked for",
                    got=f"fetchall() of {read.rows} rows")
            if read.method == "execute" and read.rows > size // 2:
                self.advise("a buffered cursor reads every row at once; the "
                            "default one reads them as they are asked for")

    def stop(self, made: Iterator[Any], call: str) -> None:
        """Close a generator before its end; only advice can come of it."""
        try:
            getattr(made, "close")()
        except Failure as failure:
            self.advise(f"{call} cannot be closed before its end: it "
                        f"{failure.got}")
        self.advise_closing(call, "is closed before its end")

    def advise_closing(self, call: str, when: str) -> None:
        """Advise to close the connection where one is left open."""
        if self.world.open_connections:
            self.advise(f"close the connection when {call} {when}: a with "
                        "statement or try/finally does it on every path")
