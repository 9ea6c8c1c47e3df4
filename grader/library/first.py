"""The files that `grade new` writes: a library with one folder and one task.

`grade lint` finds nothing wrong with them. They are to be replaced by the
course's own ones.
"""

from __future__ import annotations

_FOLDER = "01-first_steps"

FILES = {
    "library.toml": '''\
title = "A course of one's own"
# A package beside the folders that their suites share, if there is one:
# support = "shared"
''',
    f"{_FOLDER}/tasks.toml": '''\
title = "First steps"
# Its place among the folders, and the shortest name of it to type.
order = 1
short = "first"
# What is judged: behaviour and, as you like, types and style.
dimensions = ["behaviour", "types"]

[[task]]
number = 0
file = "0-double.py"
title = "Twice as much"
hints = [
    "What do you get if you add a number to itself?",
    "An asterisk multiplies, in Python as in most languages.",
]
''',
    f"{_FOLDER}/README.md": '''\
# First steps

What this folder is about, and what holds for all of its tasks.

## 0. Twice as much

In `0-double.py`, write a function `double(number: int) -> int` that returns
twice its argument.

```console
$ ./0-main.py
double(21) returns 42
```
''',
    f"{_FOLDER}/0-double.py": '''\
#!/usr/bin/env python3
"""Twice as much."""


def double(number: int) -> int:
    """Return twice a number."""
    return 2 * number
''',
    f"{_FOLDER}/0-main.py": '''\
#!/usr/bin/env python3
"""Show what double returns."""

double = __import__("0-double").double

print(f"double(21) returns {double(21)}")
''',
    f"{_FOLDER}/checks/test_0_double.py": '''\
"""0-double.py: twice as much."""

from grader.kit import TaskCase


class Double(TaskCase):
    """double(number) returns twice the number."""

    file = "0-double.py"

    def test_doubles_what_the_statement_names(self) -> None:
        self.assertReturns(42, self.task.double, 21)

    def test_doubles_nothing_and_less(self) -> None:
        self.assertReturns(0, self.task.double, 0)
        self.assertReturns(-6, self.task.double, -3)

    def test_agrees_with_the_model_on_fresh_numbers(self) -> None:
        for _ in range(10):
            self.observe(self.task.double, self.random.randint(-999, 999))
''',
}
