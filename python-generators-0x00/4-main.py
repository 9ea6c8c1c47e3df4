#!/usr/bin/env python3
"""Run 4-stream_ages.py as a script, which prints the average."""

import runpy

from main_errors import short_errors

with short_errors("gen/4", "4-stream_ages.py"):
    names = runpy.run_path("4-stream_ages.py", run_name="__main__")
    if "stream_user_ages" not in names:
        raise AttributeError("it defines no stream_user_ages")
