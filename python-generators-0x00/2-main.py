#!/usr/bin/env python3
"""Show the first of the users over 25, and how many lines there are."""

import io
import sys
from contextlib import redirect_stdout

try:
    with redirect_stdout(io.StringIO()) as output:
        __import__("1-batch_processing").batch_processing(50)
    lines = output.getvalue().splitlines()
    print(*lines[:3], f"{len(lines)} lines", sep="\n")
except (ArithmeticError, LookupError, TypeError):
    raise
except Exception as error:
    # No server, no driver, no table: one line says it.
    about = str(error)
    if "Can't connect" in about or "NoneType" in about:
        about += " (does a server run? grade mysql starts one)"
    if "No module" in about and "mysql" in about.lower():
        about += (" (grade run gen/2 has the drivers if it was installed "
                  "as fundamentals-grader[mysql])")
    sys.exit(f"1-batch_processing.py: {about}")
