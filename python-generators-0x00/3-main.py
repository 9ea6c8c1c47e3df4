#!/usr/bin/env python3
"""Show how long the pages are, and who is first on each."""

import sys

try:
    task = __import__("2-lazy_paginate")
    for page in task.lazy_paginate(300):
        print(len(page), page[0]["email"])
except (AttributeError, ImportError, NameError, OSError, SyntaxError,
        ValueError) as error:
    sys.exit(f"2-lazy_paginate.py: {error}")
