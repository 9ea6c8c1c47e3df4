"""Virtual time where programs block a loop, or wait for ever."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time

import pytest

from grader.kit.failure import Stuck
from grader.kit.virtualtime.clock import Clock, Wait
from tests.helpers.naps import nap

real_time = time.monotonic
# The clock ends left threads by SystemExit, which pytest reports.
pytestmark = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnhandledThreadExceptionWarning")


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


@pytest.mark.parametrize("seconds, why", [
    (1, "3600 seconds"), (0, "goes round")])
def test_an_endless_loop_of_sleeps_is_stuck(clock: Clock, seconds: int,
                                            why: str) -> None:
    async def endless() -> None:
        while True:
            await asyncio.sleep(seconds)
    with pytest.raises(Stuck, match=why):
        asyncio.run(endless())


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


# Garbage is collected now here, now there, as with a suite of thousands.
COLLECTING = """
import gc, sys
from grader.kit.virtualtime.whereabouts import current_frames

class Needy:
    def __init__(self):
        self.itself = self
    def __del__(self):
        sys._current_frames()

def look(deep):
    look(deep - 1) if deep else current_frames()

for number in range(1, 400):
    gc.set_threshold(100_000)
    Needy()
    gc.set_threshold(number % 20 + 1)
    look(number % 3)
"""


def test_garbage_does_not_hold_up_a_look_at_the_threads() -> None:
    subprocess.run([sys.executable, "-c", COLLECTING], check=True, timeout=30)
