"""1-async_comprehension.py: the numbers of an async generator."""

import ast
import asyncio
from collections.abc import AsyncIterator

from grader.kit import TimedCase

CALL = "async_comprehension()"


class AsyncComprehension(TimedCase):
    """async_comprehension(), with a generator that the suite controls."""

    file = "1-async_comprehension.py"
    calls = 0

    def setUp(self) -> None:
        self.numbers = [4.5, 9.25, 0.0, 7.0, 1.75, 3.0, 8.5, 0.25, 6.0, 2.0]
        self.siblings = {"0-async_generator":
                         {"async_generator": self.async_generator}}
        super().setUp()
        self.calls = 0

    def test_returns_the_numbers_in_their_order(self) -> None:
        got = self.run_async(self.task.async_comprehension)
        self.assertGot([4.5, 9.25, 0.0, 7.0, 1.75, 3.0, 8.5, 0.25, 6.0, 2.0],
                       got, CALL)
        if not self.see(lambda: any(
                isinstance(node, ast.comprehension) and node.is_async
                for node in self.nodes())):
            self.advise("an asynchronous comprehension (async for within "
                        "the brackets) says it in one line")

    def test_returns_fresh_numbers(self) -> None:
        self.numbers = [self.random.uniform(0, 10) for _ in range(10)]
        got = self.run_async(self.task.async_comprehension)
        self.assertGot(self.numbers, got, CALL)

    def test_calls_async_generator_once(self) -> None:
        self.run_async(self.task.async_comprehension)
        calls = self.see(lambda: self.calls)
        self.assertUses(1, calls, "async_generator", CALL)

    def test_takes_as_long_as_the_generator(self) -> None:
        self.run_async(self.task.async_comprehension)
        self.assertTook(10, CALL)

    async def async_generator(self) -> AsyncIterator[float]:
        """Stand in for the generator of 0-async_generator.py."""
        self.calls += 1
        for number in self.numbers:
            await asyncio.sleep(1)
            yield number
