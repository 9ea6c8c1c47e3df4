"""What the learner's commands have to say.

The command line imports this at once; every command imports the rest when
it runs, so that `grade --help` stays quick.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from grader.errors import UserError

# Importing typing would take as long as the rest of `grade --help`.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Said:
    """What a command has to print, and whether all that was asked passed.

    One that goes on for a while says one text after another.
    """

    def __init__(self, text: str | Iterable[str],
                 passed: bool = True) -> None:
        self.texts = [text] if isinstance(text, str) else text
        self.passed = passed


def start(arguments: Any, colour: bool) -> Said:
    """Write a workspace and say what to do in it."""
    from grader.learner import workspace
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
    from grader.learner import listing, progress
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
    from grader.learner import statement
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
    from grader.learner import hints
    from grader.library import load_library
    from grader.place import locate

    library = load_library()
    root, words = locate(Path(arguments.task), ())
    tasks = library.select(words or [arguments.task])
    return Said(hints.next_hint(root, tasks[0]))


def watch(arguments: Any, colour: bool) -> Said:
    """Grade on every save until all passes or a key ends it."""
    from grader.grading import Options
    from grader.learner import listing
    from grader.library import load_library
    from grader.place import locate
    from grader.watch.loop import watch as watch_workspace

    library = load_library()
    root, words = locate(arguments.path, arguments.tasks)
    desk = watch_workspace(root, library, library.select(words),
                           Options(isolation=arguments.isolation))
    summary = list(listing.lines(library, desk.statuses, (), colour))
    return Said("\n".join(summary) + "\n", desk.finished)


def mysql(arguments: Any, colour: bool) -> Said:
    """Run a MariaDB of the learner's own until Ctrl-C."""
    if sys.platform == "win32":
        raise UserError("grade mysql runs on Linux and macOS only",
                        "install MariaDB from https://mariadb.org/download")
    from grader.learner import serving

    return Said(serving.serve(arguments.directory, arguments.port))


def completion(arguments: Any, colour: bool) -> Said:
    """Write the script that completes commands and tasks in a shell."""
    from grader.learner import completion as scripts
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
