#!/usr/bin/env python3
"""Run 4-stream_ages.py as a script, which prints the average."""

import runpy
import sys

try:
    runpy.run_path("4-stream_ages.py", run_name="__main__")
except (ArithmeticError, LookupError, TypeError):
    raise
except Exception as error:
    # No server, no driver, no table: one line says it.
    about = str(error)
    if "Can't connect" in about or "NoneType" in about:
        about += " (does a server run? grade mysql starts one)"
    if "No module" in about and "mysql" in about.lower():
        about += (" (grade run gen/4 has the drivers if it was installed "
                  "as fundamentals-grader[mysql])")
    sys.exit(f"4-stream_ages.py: {about}")
