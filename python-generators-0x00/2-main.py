#!/usr/bin/env python3
"""Show the first of the users over 25, and how many lines there are."""

import io
from contextlib import redirect_stdout

from main_errors import short_errors

with short_errors("gen/2", "1-batch_processing.py"):
    with redirect_stdout(io.StringIO()) as output:
        __import__("1-batch_processing").batch_processing(50)
    lines = output.getvalue().splitlines()
    print(*lines[:3], f"{len(lines)} lines", sep="\n")
