"""Virtual time: the ways of waiting that learners and libraries use."""

from __future__ import annotations

import asyncio
import datetime
import functools
import inspect
import queue
import threading
import time
import timeit
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from grader.kit.clock import Clock, Wait, virtual_time
from grader.kit.failure import Stuck

aiosqlite = pytest.importorskip("aiosqlite")
real_time = time.monotonic
# The clock ends left threads by SystemExit, which pytest reports.
pytestmark = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnhandledThreadExceptionWarning")


@pytest.fixture
def clock() -> Iterator[Clock]:
    started = real_time()
    with virtual_time() as clock:
        yield clock
    assert real_time() - started < 5


async def nap(seconds: float) -> float:
    await asyncio.sleep(seconds)
    return seconds


async def naps(*seconds: float) -> list[float]:
    return list(await asyncio.gather(*map(nap, seconds)))


def test_a_sleep_takes_virtual_time_and_hardly_any_real(clock: Clock) -> None:
    started = real_time()
    asyncio.run(nap(1000))
    assert clock.now == 1000
    assert real_time() - started < 1


def test_concurrent_sleeps_take_as_long_as_the_longest(clock: Clock) -> None:
    asyncio.run(naps(3, 5, 4))
    assert clock.elapsed == 5
    assert clock.overlap() == 3
    assert clock.waits == (Wait(0, 3), Wait(0, 5), Wait(0, 4))


def test_sequential_sleeps_add_up(clock: Clock) -> None:
    async def one_by_one() -> None:
        for _ in range(3):
            await asyncio.sleep(2)
    asyncio.run(one_by_one())
    assert clock.now == 6
    assert clock.overlap() == 1


def test_every_way_to_make_a_loop_waits_on_the_clock(clock: Clock) -> None:
    asyncio.run(nap(1))
    with asyncio.Runner() as runner:
        runner.run(nap(1))
    loop = asyncio.new_event_loop()
    loop.run_until_complete(nap(1))
    loop.close()
    other = asyncio.SelectorEventLoop()
    asyncio.set_event_loop(other)
    asyncio.get_event_loop().run_until_complete(nap(1))
    other.close()
    assert clock.now == 4


@pytest.mark.parametrize("name", [
    "time.time", "time.monotonic", "time.perf_counter",
    "timeit.default_timer"])
def test_every_timer_sees_the_time_pass(clock: Clock, name: str) -> None:
    module, function = name.split(".")
    timer = getattr({"time": time, "timeit": timeit}[module], function)
    start = timer()
    asyncio.run(nap(2.5))
    assert timer() - start == 2.5


def test_timeit_measures_on_the_clock(clock: Clock) -> None:
    assert timeit.timeit(lambda: time.sleep(2.5), number=2) == 5
    assert timeit.repeat("time.sleep(1.5)", "import time",
                         number=1, repeat=2) == [1.5, 1.5]


def test_starting_over_forgets_what_was(clock: Clock) -> None:
    asyncio.run(nap(3))
    clock.start_over()
    assert (clock.elapsed, clock.waits) == (0, ())
    asyncio.run(nap(2))
    assert clock.elapsed == 2
    assert [wait.seconds for wait in clock.waits] == [2]


@pytest.mark.parametrize("name", [
    "time_ns", "monotonic_ns", "perf_counter_ns"])
def test_timers_of_nanoseconds_do_too(clock: Clock, name: str) -> None:
    timer = getattr(time, name)
    start = timer()
    time.sleep(0.5)
    assert timer() - start == 500_000_000


def test_the_calendar_moves_with_the_clock(clock: Clock) -> None:
    start = datetime.datetime.now()
    time.sleep(90)
    assert datetime.datetime.now() - start == datetime.timedelta(seconds=90)
    assert isinstance(start, datetime.datetime)


def test_names_imported_from_modules_are_the_clocks(clock: Clock) -> None:
    space: dict[str, object] = {}
    exec("from asyncio import sleep\nfrom time import perf_counter as now\n"
         "import asyncio\nstart = now()\nasyncio.run(sleep(7))\n"
         "took = now() - start", space)
    assert space["took"] == 7


def test_asyncio_sleep_stays_a_coroutine_function(clock: Clock) -> None:
    assert inspect.iscoroutinefunction(asyncio.sleep)
    assert asyncio.run(asyncio.sleep(1, "result")) == "result"


def test_as_completed_gives_the_shortest_first(clock: Clock) -> None:
    async def main() -> list[float]:
        waits = [nap(seconds) for seconds in (3, 1, 2)]
        return [await each for each in asyncio.as_completed(waits)]
    assert asyncio.run(main()) == [1, 2, 3]
    assert clock.now == 3


def test_task_groups_overlap(clock: Clock) -> None:
    async def main() -> None:
        async with asyncio.TaskGroup() as group:
            for seconds in (1, 2, 3):
                group.create_task(nap(seconds))
    asyncio.run(main())
    assert clock.now == 3


def test_timeouts_come_at_their_time(clock: Clock) -> None:
    async def main() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(nap(10), 2)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(3):
                await nap(10)
        assert await asyncio.wait_for(nap(1), 2) == 1
    asyncio.run(main())
    assert clock.now == 6


def test_queues_and_locks_of_asyncio_work(clock: Clock) -> None:
    async def main() -> list[float]:
        items: asyncio.Queue[float] = asyncio.Queue(1)
        lock = asyncio.Lock()

        async def produce() -> None:
            for number in range(3):
                async with lock:
                    await asyncio.sleep(1)
                await items.put(number)
        producer = asyncio.create_task(produce())
        got = [await items.get() for _ in range(3)]
        await producer
        return got
    assert asyncio.run(main()) == [0, 1, 2]
    assert clock.now == 3


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


def test_time_sleep_on_a_loop_blocks_it_and_is_recorded(
        clock: Clock) -> None:
    async def block() -> None:
        time.sleep(2)

    async def main() -> None:
        await asyncio.gather(block(), block(), block())
    asyncio.run(main())
    assert clock.now == 6
    assert clock.blocking == (Wait(0, 2, True), Wait(2, 2, True),
                              Wait(4, 2, True))


def test_a_deadlock_is_stuck_at_once_and_names_the_coroutine(
        clock: Clock) -> None:
    async def hopeless() -> None:
        await asyncio.Event().wait()
    started = real_time()
    with pytest.raises(Stuck, match=r"deadlock.*hopeless \(line \d+\)"):
        asyncio.run(hopeless())
    assert real_time() - started < 1
    assert clock.stuck


def test_a_deadlock_of_threads_is_stuck_too(clock: Clock) -> None:
    lock = threading.Lock()
    lock.acquire()
    with pytest.raises(Stuck, match="deadlock"):
        lock.acquire()
    thread = threading.Thread(target=lock.acquire)
    thread.start()
    with pytest.raises(Stuck, match="deadlock"):
        thread.join()


def test_an_endless_loop_of_sleeps_is_stuck(clock: Clock) -> None:
    async def endless() -> None:
        while True:
            await asyncio.sleep(1)
    with pytest.raises(Stuck, match="3600 seconds"):
        asyncio.run(endless())


def test_an_endless_loop_of_no_sleep_is_stuck(clock: Clock) -> None:
    async def spin() -> None:
        while True:
            await asyncio.sleep(0)
    with pytest.raises(Stuck, match="goes round"):
        asyncio.run(spin())


def test_spinning_until_a_task_is_done_comes_to_an_end(clock: Clock) -> None:
    async def main() -> None:
        task = asyncio.create_task(nap(2))
        while not task.done():
            await asyncio.sleep(0)
    asyncio.run(main())
    assert clock.now == 2


def test_polling_the_clock_comes_to_an_end(clock: Clock) -> None:
    end = time.time() + 5
    while time.time() < end:
        pass
    assert clock.now == pytest.approx(5, abs=0.1)
    with pytest.raises(Stuck, match="polls"):
        while True:
            time.monotonic()


def test_a_swallowed_deadlock_is_still_known(clock: Clock) -> None:
    try:
        asyncio.run(asyncio.Queue().get())
    except Exception:
        pass
    assert clock.stuck and "deadlock" in clock.stuck.message


def test_debug_mode_changes_nothing(clock: Clock) -> None:
    asyncio.run(naps(1, 2), debug=True)
    assert clock.now == 2


def test_wrong_arguments_of_sleep_raise_as_ever(clock: Clock) -> None:
    with pytest.raises(ValueError):
        time.sleep(-1)
    with pytest.raises(TypeError):
        time.sleep("1")  # type: ignore[arg-type]


def test_everything_is_as_before_afterwards() -> None:
    names = (time.time, time.sleep, asyncio.sleep, threading.Lock,
             threading.Thread.join, queue.SimpleQueue, datetime.datetime)
    with virtual_time():
        assert time.sleep is not names[1]
    assert names == (time.time, time.sleep, asyncio.sleep, threading.Lock,
                     threading.Thread.join, queue.SimpleQueue,
                     datetime.datetime)
    started = real_time()
    asyncio.run(nap(0.02))
    assert real_time() - started >= 0.02


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


def test_a_second_clock_starts_anew() -> None:
    for _ in range(2):
        with virtual_time() as clock:
            asyncio.run(nap(3))
            assert clock.now == 3
