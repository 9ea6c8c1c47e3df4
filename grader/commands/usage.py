"""The class of a command, its parser, and the help on all commands."""

from __future__ import annotations

import argparse
import re
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from grader.errors import UserError

# Importing typing would take as long as the rest of `grade --help`.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn, Protocol

    class Printer(Protocol):
        """How a command prints: grader.cli.Screen, or a test's own.

        A transient line is overwritten by the next one.
        """

        @property
        def is_live(self) -> bool:
            """Return whether a transient line can be overwritten."""

        @property
        def colour(self) -> bool:
            """Return whether what is printed may be coloured."""

        def __call__(self, line: str, transient: bool = False,
                     painted: bool = False) -> None:
            """Print lines, escaped unless they are `painted`.

            Those have colours, or a form of their own, and nothing in them
            that could do harm.
            """

        def write(self, text: str) -> None:
            """Print a text as it is."""

_WIDTH = 79
# What argparse says.
_REQUIRED = "the following arguments are required: "
_CHOICE = re.compile(r"(\S+): invalid choice: .+ \(choose from (.+)\)")
FIRST_STEPS = """\
examples:
  grade start exercises       write a blank workspace
  cd exercises; grade watch   grade it on every save, task after task
  grade check ~/alx 0x00/2    grade one task of a submission
  grade COMMAND --help        examples for a command"""


class Command:
    """One command: its words, its arguments, and what runs it.

    `run` gets the arguments and a printer, and returns the exit status.
    """

    def __init__(self, *, name: str, help: str, description: str,
                 examples: str,
                 run: Callable[[argparse.Namespace, Printer], int],
                 arguments: Callable[[argparse.ArgumentParser], object]
                 = lambda parser: None, has_library: bool = True) -> None:
        self.name = name
        self.help = help
        self.description = description
        self.examples = examples
        self.run = run
        self.arguments = arguments
        self.has_library = has_library

    def parser(self) -> argparse.ArgumentParser:
        """Return the parser of what follows the command."""
        made = _Parser(self)
        self.arguments(made)
        if self.has_library:
            made.add_argument("--library", type=Path, metavar="DIR",
                              help="another library of task folders than"
                              " the built-in one")
        return made


class _Parser(argparse.ArgumentParser):
    """A parser whose errors say what to do, as all others do."""

    def __init__(self, command: Command) -> None:
        super().__init__(
            prog=f"grade {command.name}",
            description=textwrap.fill(command.description, _WIDTH),
            epilog=f"examples:\n{command.examples}",
            formatter_class=argparse.RawDescriptionHelpFormatter)
        self._example = command.examples.strip().splitlines()[0]

    def error(self, message: str) -> NoReturn:
        example = self._example.split("  ")[0]
        todo = f"for example: {example} ({self.prog} --help has more)"
        raise UserError(_what(message), todo if len(todo) < _WIDTH - 7
                        else f"for example: {example}")


def _what(message: str) -> str:
    """Return a message of argparse in fewer words."""
    missing = message.removeprefix(_REQUIRED)
    if missing != message:
        return f"{missing.split(', ')[0]} is missing"
    words = message.removeprefix("argument ")
    return _CHOICE.sub(lambda found: f"{found[1]} takes "
                       + found[2].replace("'", ""), words)


def options(parser: argparse.ArgumentParser) -> list[str]:
    """Return the long options that a parser understands."""
    # argparse has no public way to ask for them.
    return [option for action in parser._actions
            for option in action.option_strings if option.startswith("--")]


Groups = Mapping[str, Sequence[Command]]


def overview(groups: Groups) -> str:
    """Return what `grade --help` prints."""
    commands = [each for some in groups.values() for each in some]
    wide = max(len(each.name) for each in commands)
    lists = "\n".join(
        f"{title}:\n" + "".join(f"  {each.name:{wide}}  {each.help}\n"
                                for each in some)
        for title, some in groups.items())
    return ("usage: grade COMMAND ...\n\n"
            "Python exercises, and what is right and wrong with your "
            f"answers.\n\n{lists}\n{FIRST_STEPS}\n\n"
            "grade --version shows the version.\n")


def find(name: str, commands: Iterable[Command]) -> Command:
    """Return the command of a name; raises UserError with a guess."""
    by_name = {each.name: each for each in commands}
    if name in by_name:
        return by_name[name]
    from difflib import get_close_matches

    near = get_close_matches(name.lower(), by_name, n=1, cutoff=0.5)
    raise UserError(f"there is no command {name!r}",
                    f"do you mean grade {near[0]}?" if near
                    else "grade --help shows the commands")
