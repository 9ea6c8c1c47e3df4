#!/usr/bin/env python3
"""Ask for a page as people with different roles."""

import sys

from playground import ask, view

try:
    from chats.middleware import RolepermissionMiddleware
except (ImportError, NameError, SyntaxError) as error:
    sys.exit("Write RolepermissionMiddleware in chats/middleware.py first: "
             f"{error}")

middleware = RolepermissionMiddleware(view)
for role in "admin", "moderator", "host", "guest":
    print(role, ask(middleware, role=role))
print("not logged in", ask(middleware))
