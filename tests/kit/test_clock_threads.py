"""Virtual time where threads wait, for the clock and for each other."""

from __future__ import annotations

import asyncio
import functools
import queue
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from grader.kit.virtualtime import whereabouts
from grader.kit.virtualtime.clock import Clock
from grader.kit.virtualtime.patches import virtual_time
from tests.helpers.naps import nap, naps

aiosqlite = pytest.importorskip("aiosqlite")
# The clock ends left threads by SystemExit, which pytest reports.
pytestmark = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnhandledThreadExceptionWarning")


def test_threads_of_an_executor_sleep_at_the_same_time(clock: Clock) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        await asyncio.gather(
            *(loop.run_in_executor(None, time.sleep, 2) for _ in range(3)),
            asyncio.to_thread(time.sleep, 2), asyncio.sleep(1))
    asyncio.run(main())
    assert clock.now == 2
    assert clock.overlap() == 5 and not clock.blocking


def test_plain_threads_sleep_at_the_same_time(clock: Clock) -> None:
    threads = [threading.Thread(target=time.sleep, args=(seconds,))
               for seconds in (1, 2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert clock.now == 3
    assert clock.overlap() == 3


def test_a_pool_of_two_threads_takes_turns(clock: Clock) -> None:
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(time.sleep, [1, 1, 1, 1]))
    assert clock.now == 2
    assert clock.overlap() == 2


def test_two_loops_in_two_threads_share_the_clock(clock: Clock) -> None:
    took = []

    def run(seconds: float) -> None:
        asyncio.run(naps(seconds, seconds / 2))
        took.append(clock.now)
    threads = [threading.Thread(target=run, args=(seconds,))
               for seconds in (4, 6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert took == [4, 6]


def test_threads_hand_over_through_a_queue(clock: Clock) -> None:
    items: queue.Queue[int] = queue.Queue()

    def produce() -> None:
        for number in range(3):
            time.sleep(1)
            items.put(number)
    thread = threading.Thread(target=produce)
    thread.start()
    assert [items.get(timeout=5) for _ in range(3)] == [0, 1, 2]
    thread.join()
    assert clock.now == 3


def test_timeouts_of_threads_are_virtual(clock: Clock) -> None:
    event = threading.Event()
    assert not event.wait(20)
    assert clock.now == 20
    threading.Timer(5, event.set).start()
    assert event.wait(100)
    assert clock.now == 25
    sleeper = threading.Thread(target=time.sleep, args=(50,), daemon=True)
    sleeper.start()
    sleeper.join(10)
    assert sleeper.is_alive()
    assert clock.now == 35


def test_a_thread_wakes_a_loop(clock: Clock) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        event = asyncio.Event()

        def knock() -> None:
            time.sleep(3)
            loop.call_soon_threadsafe(event.set)
        threading.Thread(target=knock).start()
        await event.wait()
    asyncio.run(main())
    assert clock.now == 3


def test_real_work_of_a_thread_takes_no_virtual_time(clock: Clock) -> None:
    async def main() -> int:
        work = functools.partial(sum, range(3_000_000))
        result, _ = await asyncio.gather(asyncio.to_thread(work), nap(1))
        return result
    assert asyncio.run(main()) == 4499998500000
    assert clock.now == 1


def test_aiosqlite_answers_while_others_sleep(clock: Clock) -> None:
    async def count() -> int:
        async with aiosqlite.connect(":memory:") as database:
            await database.execute("CREATE TABLE users (id INTEGER)")
            for number in range(20):
                await database.execute("INSERT INTO users VALUES (?)",
                                       (number,))
            async with database.execute("SELECT count(*) FROM users") as got:
                row = await got.fetchone()
        return int(row[0])

    async def main() -> list[float]:
        return list(await asyncio.gather(
            asyncio.wait_for(count(), 1), count(), nap(2)))
    assert asyncio.run(main()) == [20, 20, 2]
    assert clock.now == 2


def test_threads_left_waiting_end_with_the_clock() -> None:
    with virtual_time():
        forever = [threading.Thread(target=time.sleep, args=(9999,)),
                   threading.Thread(target=queue.Queue().get),
                   threading.Thread(target=threading.Event().wait)]
        for thread in forever:
            thread.start()
    for thread in forever:
        thread.join(2)
        assert not thread.is_alive()


def test_a_thread_that_has_just_ended_is_a_sign_of_life(
        monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(clock: int) -> float:
        raise ProcessLookupError
    monkeypatch.setattr(time, "clock_gettime", gone)
    ident = threading.get_ident()

    assert whereabouts.cpu_seconds(ident) < whereabouts.cpu_seconds(ident)
