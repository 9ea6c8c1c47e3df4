#!/usr/bin/env python3
"""Stream the users, and stop after six of them."""

from itertools import islice

from main_errors import short_errors

with short_errors("gen/1", "0-stream_users.py"):
    task = __import__("0-stream_users")
    for user in islice(task.stream_users(), 6):
        print(user)
