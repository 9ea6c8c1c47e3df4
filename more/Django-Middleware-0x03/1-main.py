#!/usr/bin/env python3
"""Send two requests, and show the lines that they leave in requests.log."""

import sys

from playground import ask, set_clock, view

try:
    from chats.middleware import RequestLoggingMiddleware
except (ImportError, NameError, SyntaxError) as error:
    sys.exit("Write RequestLoggingMiddleware in chats/middleware.py first: "
             f"{error}")

middleware = RequestLoggingMiddleware(view)
print(ask(middleware, role="guest"))
set_clock(19, 31)
print(ask(middleware, path="/"))
try:
    with open("requests.log", encoding="utf-8") as log:
        print(*log.readlines()[-2:], sep="", end="")
except FileNotFoundError:
    print("There is no requests.log")
