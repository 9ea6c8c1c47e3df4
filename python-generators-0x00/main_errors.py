#!/usr/bin/env python3
"""Short words for what goes wrong while a main runs."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

# The numbers that MySQL drivers give an error if no server answers.
NO_SERVER = 2002, 2003, 2005


@contextmanager
def short_errors(file: str) -> Iterator[None]:
    """End the program with an error's text, and with what helps.

    Errors that tell of a mistake in the code keep their traceback.
    """
    try:
        yield
    except (ArithmeticError, LookupError, TypeError):
        raise
    except Exception as error:
        sys.exit(f"{file}: {error}{advice(error)}")


def advice(error: Exception) -> str:
    """Return a line that says what to do, or "" where that is unknown."""
    number = error.args[0] if error.args else None
    if number in NO_SERVER:
        return "\nStart a server in another terminal: grade mysql"
    if isinstance(error, ModuleNotFoundError) and error.name == "mysql":
        return "\nInstall it: python3 -m pip install mysql-connector-python"
    if number == 1049:  # unknown database
        return "\nRun ./0-main.py first: it makes the database."
    return ""
