#!/usr/bin/env python3
"""Show how long the pages are, and who is first on each."""

from main_errors import short_errors

NAMES = "lazy_paginate", "lazy_pagination", "lazypaginate"

with short_errors("gen/3", "2-lazy_paginate.py"):
    task = __import__("2-lazy_paginate")
    name = next((each for each in NAMES if hasattr(task, each)), NAMES[0])
    # Some answers end in an empty page.
    for page in filter(None, getattr(task, name)(300)):
        user = page[0]
        print(len(page), user["email"] if isinstance(user, dict) else user[2])
