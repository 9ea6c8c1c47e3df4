"""Virtual time: the ways of waiting that programs use."""

from __future__ import annotations

import asyncio
import copy
import datetime
import inspect
import pickle
import queue
import threading
import time
import timeit

import pytest

from grader.kit.virtualtime.clock import Clock, Wait
from grader.kit.virtualtime.patches import virtual_time
from tests.helpers.naps import nap, naps

real_time = time.monotonic


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


def test_a_clock_starts_when_it_is_told(clock: Clock) -> None:
    evening = datetime.datetime(2025, 1, 15, 18, 30)
    with virtual_time(start=evening.timestamp()):
        time.sleep(60)
        assert datetime.datetime.now() == evening.replace(minute=31)
        assert time.localtime()[3:5] == (18, 31)
        assert time.strftime("%H:%M") == "18:31" in time.ctime()
        assert time.asctime() == time.ctime()
        assert time.gmtime(0)[0] == time.localtime(86_400 * 30)[0] == 1970
        assert time.strftime("%Y", time.gmtime(0)) == "1970"


def test_its_moments_can_be_kept_in_a_pickle(clock: Clock) -> None:
    utc = datetime.timezone.utc
    with virtual_time():
        # It leaves the clock around it as it was.
        assert isinstance(datetime.datetime.now(), datetime.datetime)
    for moment in (datetime.datetime.now(), datetime.datetime.now(utc),
                   datetime.datetime(2025, 1, 15)):
        assert pickle.loads(pickle.dumps(moment)) == moment
        assert copy.deepcopy(moment) == moment


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


def test_a_second_clock_starts_anew() -> None:
    for _ in range(2):
        with virtual_time() as clock:
            asyncio.run(nap(3))
            assert clock.now == 3
