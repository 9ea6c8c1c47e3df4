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

```console
$ ./0-main.py
  # not a heading
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

    $ ./0-main.py
      # not a heading
"""


def test_colour_takes_the_place_of_marks() -> None:
    shown = statement.render("## 1. A `title`\n\nUse `x`, **now**.", True)

    assert "`" not in shown and "*" not in shown
    assert "\033[36mx\033[0m" in shown
    assert re.sub(r"\033\[\d*m", "", shown) == "1. A title\n\nUse x, now.\n"


def test_every_task_has_a_statement(library: Library) -> None:
    for folder in library.folders:
        if (folder.path / "README.md").exists():
            readme = statement.read(folder)
            for task in folder.tasks:
                assert task.title in statement.section(readme, task), task.id


@pytest.mark.parametrize("width", [40, 80])
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
