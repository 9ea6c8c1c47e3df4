#!/usr/bin/env python3
"""Call a function that works at the third attempt, and one that never does."""

import sys

__import__("make_users").main()
try:
    task = __import__("3-retry_on_failure")
except (ImportError, SyntaxError, NameError) as error:
    sys.exit(f"Write retry_on_failure in 3-retry_on_failure.py first: {error}")

attempts = []


@task.retry_on_failure(retries=3, delay=0.01)
def fetch(succeed_at):
    attempts.append(1)
    if len(attempts) < succeed_at:
        raise OSError(f"failure {len(attempts)}")
    return f"attempt {len(attempts)}"


print(fetch(3))
attempts.clear()
try:
    fetch(99)
except OSError as error:
    print(f"OSError: {error}")
print(task.fetch_users_with_retry()[0])
