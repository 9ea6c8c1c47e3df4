"""Statements: found in the README, and shown on a terminal."""

from __future__ import annotations

import re

import pytest

from grader.cli import main
from grader.learner import statement
from grader.library.library import Library
from grader.terminal import columns

TEXT = """\
Two words of `some code that stays together` and **much** more, until the line
breaks.

- one `x = 1`
- two, which goes on and on and on and on and on and on and on and on and on
  in another line



- *three* is 2 * 1 + 1
```console
$ ./0-main.py
  # not a heading


**x**
```
"""


def test_prose_is_wrapped_and_code_is_not() -> None:
    assert statement.render(TEXT, width=40) == """\
Two words of
`some code that stays together` and
much more, until the line breaks.

- one `x = 1`
- two, which goes on and on and on and
  on and on and on and on and on and on
  in another line

- three is 2 * 1 + 1

    $ ./0-main.py
      # not a heading


    **x**
"""


def test_colour_takes_the_place_of_marks() -> None:
    shown = statement.render("## 1. A `title`\n\nUse `x`, **now**.", True)

    assert "`" not in shown and "*" not in shown
    assert "\033[36mx\033[0m" in shown
    assert re.sub(r"\033\[\d*m", "", shown) == "1. A title\n\nUse x, now.\n"


def test_what_is_stressed_stays_together() -> None:
    shown = statement.render("One two **three four** `*a`, *five*.", True, 18)

    assert shown == ("One two\n\033[1mthree four\033[0m \033[36m*a\033[0m,\n"
                     "\033[3mfive\033[0m.\n")


def test_code_that_is_too_long_is_broken_between_words() -> None:
    text = "It says `one two three four five six`, and `x`."

    assert statement.render(text, width=20) == (
        "It says `one two\nthree four five\nsix`, and `x`.\n")
    assert statement.render(text, True, width=20) == (
        "It says \033[36mone two\033[0m\n"
        "\033[36mthree four five\033[0m\n"
        "\033[36msix\033[0m, and \033[36mx\033[0m.\n")


def test_code_within_what_is_stressed_is_code() -> None:
    assert statement.render("**`a*b` is `c*d`.** So.") == (
        "`a*b` is `c*d`. So.\n")
    assert statement.render("**Use `x` now.** So.", True) == (
        "\033[1mUse \033[36mx\033[0m\033[1m now.\033[0m So.\n")


def test_a_link_shows_where_it_leads() -> None:
    assert statement.render("See [the\ntutorial](https://x.org/a), too.") == (
        "See the tutorial (https://x.org/a), too.\n")


def test_bullets_within_bullets_stay_within() -> None:
    assert statement.render("- one\n  - two and\n    more\n- three") == (
        "- one\n  - two and more\n- three\n")


TABLE = """\
What comes out:

| call | result |
| --- | --- |
| `f(1)` | a number, and a rather long explanation of it |
| `g()` | `int \\| None` |
End.
"""


def test_a_table_has_columns_of_a_terminal() -> None:
    assert statement.render(TABLE, width=40) == """\
What comes out:

call    result
------  --------------------------------
`f(1)`  a number, and a rather long
        explanation of it
`g()`   `int | None`
End.
"""
    shown = statement.render(TABLE, True)
    assert "\033[36mf(1)\033[0m    a number" in shown


def test_every_task_has_a_statement(library: Library) -> None:
    for folder in library.folders:
        if (folder.path / "README.md").exists():
            readme = statement.read(folder)
            for task in folder.tasks:
                assert task.title in statement.section(readme, task), task.id


@pytest.mark.parametrize("width", [40, 60, 80])
def test_every_statement_fits_a_terminal(library: Library,
                                         width: int) -> None:
    for folder in library.folders:
        shown = statement.render(statement.read(folder), width=width)
        assert not [line for line in shown.splitlines()
                    if columns(line) > width], folder.name


@pytest.mark.parametrize("word, shown", [
    ("0x00/2", "2. Basic annotations - floor\n"),
    ("0x00", "Python - Variable annotations\n"),
    ("annotations/102", "102. Type Checking\n"),
])
def test_show_finds_tasks_and_folders(
        word: str, shown: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", word]) == 0
    assert capsys.readouterr().out.startswith(shown)
