#!/usr/bin/env python3
"""Send messages faster than is allowed, then wait for a minute."""

import sys

from playground import ask, set_clock, view

try:
    from chats.middleware import OffensiveLanguageMiddleware
except (ImportError, NameError, SyntaxError) as error:
    sys.exit("Write OffensiveLanguageMiddleware in chats/middleware.py "
             f"first: {error}")

middleware = OffensiveLanguageMiddleware(view)
for second in range(6):
    set_clock(19, 30, second)
    print(ask(middleware, "POST", role="guest"), end=" ")
print("for six messages")
print(ask(middleware, "POST", role="guest", address="203.0.113.6"),
      "from another address")
print(ask(middleware, "GET", role="guest"), "for reading")
set_clock(19, 31, 30)
print(ask(middleware, "POST", role="guest"), "after a minute")
