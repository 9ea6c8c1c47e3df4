#!/usr/bin/env python3
"""Call a function that works at the third attempt, and one that never does."""

import sqlite3
import sys
from collections.abc import Callable

__import__("make_users").main()
Function = Callable[[int], str]
retrying: Callable[[Function], Function]

try:
    task = __import__("3-retry_on_failure")
    retrying = task.retry_on_failure(retries=3, delay=0.01)
    fetch_users_with_retry = task.fetch_users_with_retry
except (AttributeError, ImportError, NameError, SyntaxError) as error:
    sys.exit(f"Write retry_on_failure in 3-retry_on_failure.py first: {error}")

failures: list[str] = []


@retrying
def fetch(succeed_at: int) -> str:
    """Fail until there were as many attempts as that."""
    attempt = len(failures) + 1
    if attempt < succeed_at:
        failures.append(f"failure {attempt}")
        raise sqlite3.OperationalError(failures[-1])
    return f"attempt {attempt}"


print(fetch(3))
failures.clear()
try:
    fetch(99)
except Exception as error:
    print(f"{type(error).__name__}: {error}")
print(fetch_users_with_retry()[0])
