#!/usr/bin/env python3
"""Knock at the door of the chat shortly before and after it opens."""

import sys

from playground import ask, set_clock, view

try:
    from chats.middleware import RestrictAccessByTimeMiddleware
except (ImportError, NameError, SyntaxError) as error:
    sys.exit("Write RestrictAccessByTimeMiddleware in chats/middleware.py "
             f"first: {error}")

middleware = RestrictAccessByTimeMiddleware(view)
for hour, minute in (9, 30), (17, 59), (18, 0), (20, 59), (21, 0):
    set_clock(hour, minute)
    print(f"{hour:02}:{minute:02}", ask(middleware, role="guest"))
