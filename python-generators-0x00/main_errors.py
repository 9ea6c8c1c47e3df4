#!/usr/bin/env python3
"""Short words for what goes wrong while a main runs."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

# The numbers that MySQL drivers give an error if no server answers.
NO_SERVER = 2002, 2003, 2005


@contextmanager
def short_errors(task: str, file: str) -> Iterator[None]:
    """End the program with one line: an error's text, and what helps.

    Errors that tell of a mistake in the code keep their traceback.
    """
    try:
        yield
    except (ArithmeticError, LookupError, TypeError):
        raise
    except Exception as error:
        sys.exit(f"{file}: {error}{advice(error, task)}")


def advice(error: Exception, task: str) -> str:
    """Return what to do, or "" where that is unknown."""
    text, number = str(error), error.args[0] if error.args else None
    if "grade mysql" in text:
        return ""
    # A file that catches the error may go on with None for a connection.
    if number in NO_SERVER or "Can't connect" in text or "NoneType" in text:
        return " (does a server run? grade mysql starts one)"
    if isinstance(error, ModuleNotFoundError) and "mysql" in text.lower():
        return (f" (grade run {task} has the drivers if it was installed as "
                "fundamentals-grader[mysql])")
    if number == 1049:  # unknown database
        return " (./0-main.py makes it)"
    return ""
