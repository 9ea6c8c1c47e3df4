#!/usr/bin/env python3
"""Run 0-databaseconnection.py as a script, on a fresh users.db."""

import runpy
import sys

__import__("make_users").main()
try:
    names = runpy.run_path("0-databaseconnection.py", run_name="__main__")
except (FileNotFoundError, SyntaxError) as error:
    sys.exit("Write DatabaseConnection in 0-databaseconnection.py first: "
             f"{error}")
if "DatabaseConnection" not in names:
    sys.exit("Write DatabaseConnection in 0-databaseconnection.py first")
