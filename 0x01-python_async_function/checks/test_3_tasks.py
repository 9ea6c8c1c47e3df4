"""3-tasks.py: a random wait as a task."""

import asyncio
import inspect
from typing import Any

from alx.delays import Delays, DelaysCase
from grader.kit import Failure
from grader.kit.values import show


class TaskWaitRandom(DelaysCase):
    """task_wait_random(max_delay), with a wait_random of the suite's."""

    file = "3-tasks.py"

    def setUp(self) -> None:
        self.delays = Delays(5.0, 2.5)
        self.siblings = {"0-basic_async_syntax":
                         {"wait_random": self.delays.wait_random}}
        super().setUp()
        self.delays.forget()

    def test_returns_a_task(self) -> None:
        async def main() -> None:
            await self.start(6)
        self.run_main(main, "task_wait_random(6)")

    def test_the_task_gives_the_delay(self) -> None:
        async def main() -> Any:
            return await self.start(6)
        got = self.run_main(main, "task_wait_random(6)")
        self.assertGot(5.0, got, "await task_wait_random(6)")

    def test_the_task_is_of_wait_random(self) -> None:
        async def main() -> None:
            await self.start(6)
        self.run_main(main, "task_wait_random(6)")
        self.assertUses(1, len(self.asked()), "wait_random",
                        "task_wait_random(6)")

    def test_passes_max_delay_on(self) -> None:
        async def main() -> None:
            await self.start(6)
        self.run_main(main, "task_wait_random(6)")
        self.assertPasses([6], self.asked(), "wait_random",
                          "task_wait_random(6)")

    def test_returns_before_the_wait_is_over(self) -> None:
        async def main() -> bool:
            task = self.start(6)
            was_done = task.done()
            await task
            return was_done
        self.assertGot(False, self.run_main(main, "task_wait_random(6)"),
                       "task_wait_random(6).done()")

    def test_the_task_runs_on_its_own(self) -> None:
        async def main() -> bool:
            task = self.start(6)
            await asyncio.sleep(8)
            was_done = task.done()
            await task
            return was_done
        self.assertGot(True, self.run_main(main, "task_wait_random(6)"),
                       "task_wait_random(6).done(), 8 s later,")

    def test_two_tasks_wait_at_the_same_time(self) -> None:
        async def main() -> None:
            await asyncio.gather(self.start(6), self.start(3))
        call = "gather(task_wait_random(6), task_wait_random(3))"
        self.run_main(main, call)
        self.assertTook(5, call)

    def test_waits_for_fresh_delays_at_once(self) -> None:
        delays = [self.random.randrange(1, 800) / 8 for _ in range(4)]
        limits = [self.random.randrange(100, 999) for _ in delays]
        self.delays.script = tuple(delays)

        async def main() -> Any:
            return await asyncio.gather(*map(self.start, limits))
        call = f"gather({', '.join(f'task_wait_random({n})' for n in limits)})"
        got = self.run_main(main, call)
        self.assertGot(delays, got, call)
        self.assertPasses(limits, self.asked(), "wait_random", call)
        self.assertTook(max(delays), call)

    def start(self, max_delay: int) -> asyncio.Task[Any]:
        """Call task_wait_random, which must give a task at once."""
        is_plain = not inspect.iscoroutinefunction(self.task.task_wait_random)
        made = self.task.task_wait_random(max_delay)
        if issubclass(type(made), asyncio.Task):
            task: asyncio.Task[Any] = made
            return task
        if asyncio.iscoroutine(made):
            made.close()
        call = f"task_wait_random({max_delay})"
        how = ("asyncio.create_task makes a task of it"
               if is_plain and asyncio.iscoroutine(made) else
               "it should be a plain function (def) that starts the task")
        raise Failure(f"{call} should give an asyncio.Task, not {show(made)}: "
                      f"{how}", call=call, expected="<Task object>",
                      got=show(made))
