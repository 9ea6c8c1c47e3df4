"""Calls functions in a process of their own."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import Executor, ProcessPoolExecutor


def apart() -> Executor:
    """Return an executor with one new process; use it with `with`.

    What is measured there is not disturbed by threads that other tests have
    left in this process. It calls functions of modules only.
    """
    return ProcessPoolExecutor(
        1, mp_context=multiprocessing.get_context("spawn"))
