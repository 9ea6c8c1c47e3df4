"""The learner's commands: their words, and what each has to say.

`add_to` is all that the command line imports at once; every command gets
the rest when it runs, so that `grade --help` stays quick.
"""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple


class Said(NamedTuple):
    """What a command has to print, and whether all that was asked passed."""

    text: str
    passed: bool = True


Say = Callable[[Any, bool], Said]
_WIDTH = 79


@dataclass(frozen=True, kw_only=True)
class Command:
    """A command that says something: (arguments, colour) -> text."""

    name: str
    help: str
    description: str
    examples: str
    say: Say
    arguments: Callable[[argparse.ArgumentParser], object]


def start(arguments: Any, colour: bool) -> Said:
    """Write a workspace and say what to do in it."""
    from grader import workspace
    from grader.library import load_library
    from grader.terminal import BOLD, paint

    library = load_library()
    written = workspace.start(arguments.directory, library)
    first = library.tasks[0]
    if not written.added:
        return Said(f"Nothing is missing in {written.root}.\n")
    text = f"Added {len(written.added)} files to {written.root}"
    if written.kept:
        text += f"; left the {len(written.kept)} that were there alone"
    return Said(
        f"{text}.\n\n"
        f"  {paint(f'cd {written.root}', BOLD, colour)}\n"
        f"  {paint('grade watch', BOLD, colour)}   then write "
        f"{first.folder}/{first.file}\n"
        "                and save it: it is graded at once\n")


def list_tasks(arguments: Any, colour: bool) -> Said:
    """Show how far a workspace is."""
    from grader import listing, progress
    from grader.library import load_library
    from grader.place import locate
    from grader.submission import collect

    library = load_library()
    root, words = locate(arguments.path, arguments.tasks)
    submission = collect(root, library)
    known = progress.load(root)
    statuses = {task.id: progress.status(known, submission, task)
                for task in library.tasks}
    following = listing.next_task(library.tasks, statuses)
    chosen = library.select(words) if words or arguments.all else (
        [following] if following else [])
    text = "\n".join(listing.lines(
        library, statuses, {task.folder for task in chosen}, colour)) + "\n"
    if not progress.is_kept(root):
        text += ("Nothing is known of what passes here: `grade start "
                 f"{arguments.path}` adds a\nfile to note it in.\n")
    return Said(text)


def show(arguments: Any, colour: bool) -> Said:
    """Show statements, or what a folder says about all of them."""
    from grader import statement
    from grader.library import load_library
    from grader.place import locate

    library = load_library()
    _, words = locate(Path(arguments.task), ())
    tasks = library.select(words or [arguments.task])
    folder = library.folder(tasks[0].folder)
    readme = statement.read(folder)
    if len(tasks) == len(folder.tasks) > 1:
        ids = f"{tasks[0].id} ... {tasks[-1].id}"
        return Said(
            statement.render(statement.introduction(readme), colour)
            + f"\nIts tasks: grade show {ids}\n")
    texts = [statement.section(readme, task) for task in tasks]
    rules = tasks[0].id.partition("/")[0]
    return Said(statement.render("\n".join(texts), colour)
                + f"\nRules of the whole folder: grade show {rules}\n")


def hint(arguments: Any, colour: bool) -> Said:
    """Show the next hint of a task."""
    from grader import hints
    from grader.library import load_library
    from grader.place import locate

    library = load_library()
    root, words = locate(Path(arguments.task), ())
    tasks = library.select(words or [arguments.task])
    return Said(hints.next_hint(root, tasks[0]))


def watch(arguments: Any, colour: bool) -> Said:
    """Grade on every save until all passes or a key ends it."""
    from grader import listing
    from grader.grading import Options
    from grader.library import load_library
    from grader.place import locate
    from grader.watch import watch as watch_workspace

    library = load_library()
    root, words = locate(arguments.path, arguments.tasks)
    desk = watch_workspace(root, library, library.select(words),
                           Options(isolation=arguments.isolation))
    summary = list(listing.lines(library, desk.statuses, (), colour))
    return Said("\n".join(summary) + "\n", desk.finished)


def completion(arguments: Any, colour: bool) -> Said:
    """Write the script that completes commands and tasks in a shell."""
    from grader import completion as scripts
    from grader.library import FOLDERS, load_library, short_name

    # argparse has no public way to ask a parser what it understands.
    parsers = arguments.commands
    words = scripts.Words(
        options={name: [option for action in parser._actions
                        for option in action.option_strings
                        if option.startswith("--")]
                 for name, parser in parsers.choices.items()},
        helps={action.dest: action.help
               for action in parsers._choices_actions},
        tasks=[*map(short_name, FOLDERS),
               *(task.id for task in load_library().tasks)])
    return Said(scripts.script(arguments.shell, words))


def _completion_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("shell", choices=("bash", "zsh", "fish"))


def _start_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("directory", type=Path, metavar="DIR",
                        help="a new folder, or a workspace to complete")


def _list_arguments(parser: argparse.ArgumentParser) -> None:
    _place_arguments(parser)
    parser.add_argument("--all", action="store_true",
                        help="show the tasks of every folder")


def _place_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", nargs="?", type=Path, default=Path(),
                        metavar="PATH", help="a workspace (default: here)")
    parser.add_argument("tasks", nargs="*", metavar="TASK",
                        help="0x00, 0x00/3, python-decorators-0x01/2, ...")


def _watch_arguments(parser: argparse.ArgumentParser) -> None:
    _place_arguments(parser)
    parser.add_argument("--isolation", default="auto",
                        choices=("full", "reduced", "none", "auto"),
                        help="how far your code is walled off")


def _task_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("task", metavar="TASK",
                        help="0x00/3, python-decorators-0x01/2, ...")


COMMANDS = (
    Command(
        name="start", help="write a blank workspace", say=start,
        arguments=_start_arguments,
        description="Write statements, mains, given files and blank files "
                    "to fill in. What is there already stays as it is.",
        examples="""\
  grade start exercises      a new workspace
  grade start .              add what is missing in this one"""),
    Command(
        name="watch", help="grade on every save, task after task", say=watch,
        arguments=_watch_arguments,
        description="Show what is wrong with the current task each time you "
                    "save it, and go on to the next once it passes.",
        examples="""\
  grade watch                start with the first task that does not pass
  grade watch 0x01           stay in one folder
  grade watch 0x00/2         stay with one task
keys: h hint, s statement, l list, n next, p previous, r run again, q quit"""
    ),
    Command(
        name="list", help="show your progress and the next task",
        say=list_tasks, arguments=_list_arguments,
        description="Show the folders and how many of their tasks passed "
                    "when they were last graded by check or watch.",
        examples="""\
  grade list                 the folders, and the tasks of the current one
  grade list 0x03            the tasks of a folder
  grade list --all           every task"""),
    Command(
        name="show", help="show the statement of a task", say=show,
        arguments=_task_argument,
        description="Show what a task asks for.",
        examples="""\
  grade show 0x00/2          task 2 of the folder 0x00-...
  grade show 0x00            the rules for the whole folder
  grade show 2-floor.py      standing in the folder"""),
    Command(
        name="hint", help="show the next hint for a task", say=hint,
        arguments=_task_argument,
        description="Show a question first; called again, a pointer to "
                    "where to look. Never the answer.",
        examples="""\
  grade hint 0x00/2          the next hint for task 2"""),
    Command(
        name="completion", help="complete commands and tasks in your shell",
        say=completion, arguments=_completion_arguments,
        description="Print a script that makes the Tab key complete what "
                    "you type after `grade`.",
        examples="""\
  eval "$(grade completion bash)"     in ~/.bashrc
  eval "$(grade completion zsh)"      in ~/.zshrc, after compinit
  grade completion fish > ~/.config/fish/completions/grade.fish"""),
)


def add_to(commands: Any, run: Callable[[Say], Callable[[Any], int]],
           listed: Iterable[Command] = COMMANDS) -> None:
    """Add the commands to the subparsers; `run` prints what one says."""
    for command in listed:
        parser = commands.add_parser(
            command.name, help=command.help,
            description=textwrap.fill(command.description, _WIDTH),
            epilog=f"examples:\n{command.examples}",
            formatter_class=argparse.RawDescriptionHelpFormatter)
        command.arguments(parser)
        parser.set_defaults(run=run(command.say), commands=commands)
