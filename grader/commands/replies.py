"""The work of the learner's commands, as texts to print.

The command line imports this at once; every command imports the rest when
it runs, so that `grade --help` stays quick.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from grader.errors import FAILED, PASSED, UserError

# Importing typing would take as long as the rest of `grade --help`.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from grader.commands.usage import Printer
    from grader.learner.workspace import Written
    from grader.library.library import Library, Task

NEXT_STEPS = """\
  grade show     what it asks for
  grade watch    grade it on every save
  grade check    grade everything once
  grade --help   all commands
"""


class Reply:
    """The texts that a command prints, and whether all tasks passed.

    A command that takes long yields its texts one after the other.
    """

    def __init__(self, text: str | Iterable[str],
                 passed: bool = True) -> None:
        self.texts = [text] if isinstance(text, str) else text
        self.passed = passed


def replying(reply: Callable[[Any, bool], Reply]
             ) -> Callable[[argparse.Namespace, Printer], int]:
    """Return what runs a command: it prints the reply, and returns a status.
    """
    def run(arguments: argparse.Namespace, printer: Printer) -> int:
        answer = reply(arguments, printer.colour)
        for text in answer.texts:
            printer.write(text)
        return PASSED if answer.passed else FAILED
    return run


def start(arguments: Any, colour: bool) -> Reply:
    """Write a workspace and say what to type next, in this very shell."""
    import shlex

    from grader.learner import calling, listing, progress, workspace
    from grader.library.library import load_library, spoken
    from grader.terminal import BOLD, paint, printable

    library = load_library(arguments.library)
    written = workspace.start(arguments.directory, library)
    root = written.root
    there = calling.way_to(root)
    text = _written(written, printable(str(root)) if there
                    else "this folder")
    named = spoken(library)
    other = f" --library {shlex.quote(named)}" if named else ""
    steps = [calling.alias(sys.argv[0]), there, f"grade watch{other}"]
    text += "".join(f"  {paint(printable(step), BOLD, colour)}\n"
                    for step in steps if step)
    first = listing.next_task(library.tasks, progress.statuses(root, library))
    if first:
        text += ("\nREADME.md says what comes in which order. Then write "
                 f"this in your editor:\n  {first.folder}/{first.file}\n"
                 "Each time you save it, watch says what is right and what is "
                 "not.\n")
    return Reply(text)


def _written(written: Written, where: str) -> str:
    if not written.added:
        return f"Nothing is missing in {where}.\n\n"
    kept = (f"; left the {len(written.kept)} that were there alone"
            if written.kept else "")
    return f"Added {len(written.added)} files to {where}{kept}.\n\n"


def where_you_are() -> str:
    """Return how far this workspace is; "" outside of one."""
    from grader.library.library import load_library
    from grader.library.locate import holds_task_folders, root_of

    library = load_library()
    root = root_of(Path(), library.names)
    if not holds_task_folders(root, library.names):
        return ""
    from grader.learner import listing, progress

    known = progress.statuses(root, library)
    return "\n".join([*listing.summary(
        library, known, progress.is_kept(root)), "", NEXT_STEPS])


def list_tasks(arguments: Any, colour: bool) -> Reply:
    """Show how far a workspace is."""
    from grader.learner import listing, progress
    from grader.library.library import load_library
    from grader.library.locate import locate

    library = load_library(arguments.library)
    root, words = locate(arguments.path, arguments.tasks, library.names)
    statuses = progress.statuses(root, library)
    following = listing.next_task(library.tasks, statuses)
    chosen = library.select(words) if words or arguments.all else (
        [following] if following else [])
    return Reply("\n".join(listing.lines(
        library, statuses, {task.folder for task in chosen}, colour,
        progress.is_kept(root))) + "\n")


def show(arguments: Any, colour: bool) -> Reply:
    """Show statements, or what a folder says about all of them."""
    from grader.learner import statement
    from grader.library.library import load_library

    library = load_library(arguments.library)
    _, tasks = _meant(arguments.task, library)
    folder = library.folder(tasks[0].folder)
    readme = statement.read(folder)
    introduction = statement.introduction(readme)
    if arguments.rules:
        return Reply(statement.render(
            statement.rules(readme) or introduction, colour))
    if len(tasks) == len(folder.tasks) > 1:
        ids = f"{tasks[0].short} ... {tasks[-1].short}"
        return Reply(statement.render(introduction, colour)
                     + f"\nIts tasks: grade show {ids}\n")
    texts = [statement.section(readme, task) for task in tasks]
    # A folder's name alone means its only task, too.
    more = f"The idea behind it: grade show {folder.short}\n"
    if len(folder.tasks) == 1:
        texts, more = [introduction, *texts], ""
    return Reply(statement.render("\n".join(texts), colour)
                 + f"\nHow it is graded: grade show {folder.short} --rules\n"
                 + more)


def hint(arguments: Any, colour: bool) -> Reply:
    """Show the next hint of a task."""
    from grader.learner import hints
    from grader.library.library import load_library

    root, tasks = _meant(arguments.task, load_library(arguments.library))
    return Reply(hints.every(tasks[0]) if arguments.all
                 else hints.next_hint(root, tasks[0]))


def run(arguments: Any, colour: bool) -> Reply:
    """Run the main of a task; where it can, in the place of the grader.

    Raises SystemExit with the main's own exit status.
    """
    from grader.learner import running
    from grader.library.library import load_library

    library = load_library(arguments.library)
    words, folder = running.command(*_meant(arguments.task, library),
                                    library.names)
    raise SystemExit(running.run(words, folder))


def answer(arguments: Any, colour: bool) -> Reply:
    """Show the model answer of tasks that have passed, and discuss it."""
    from grader.learner import answer as answers, progress
    from grader.library.library import load_library
    from grader.submission.submission import collect

    library = load_library(arguments.library)
    root, tasks = _meant(arguments.task, library)
    known, submission = progress.load(root), collect(root, library)
    shown: list[str] = []
    for task in tasks:
        if not arguments.anyway:
            answers.refuse_early(known, task)
        blank = submission.is_blank(task)
        shown += ["", *answers.lines(
            library.folder(task.folder), task,
            "" if blank else submission.text(task), task.id in known.once,
            colour)]
    return Reply("\n".join(shown[1:]) + "\n")


def _meant(word: str | None,
           library: Library) -> tuple[Path, tuple[Task, ...]]:
    """Return the root and tasks that a word means; without one, the next.

    Raises UserError where there is none.
    """
    from grader.learner import listing, progress
    from grader.library.locate import locate

    root, words = locate(Path(word or ""), (), library.names)
    if word:
        return root, library.select(words or [word])
    following = listing.next_task(library.select(words),
                                  progress.statuses(root, library))
    if following is None:
        raise UserError("all of it passes", "name a task, as in "
                        f"{library.tasks[-1].short}")
    return root, (following,)


def watch(arguments: Any, colour: bool) -> Reply:
    """Grade on every save until all passes or a key ends it."""
    from grader.grading.grading import Options
    from grader.learner import listing
    from grader.library.library import load_library
    from grader.library.locate import locate
    from grader.watch.loop import watch as watch_workspace

    library = load_library(arguments.library)
    root, words = locate(arguments.path, arguments.tasks, library.names)
    desk = watch_workspace(root, library, library.select(words),
                           Options(isolation=arguments.isolation,
                                   hidden=(root.absolute().parent,)))
    return Reply("\n".join(listing.lines(
        library, desk.statuses, (), colour)) + "\n", desk.finished)


def mysql(arguments: Any, colour: bool) -> Reply:
    """Run a MariaDB of the learner's own until Ctrl-C."""
    if sys.platform == "win32":
        raise UserError("grade mysql runs on Linux and macOS only",
                        "install MariaDB from https://mariadb.org/download")
    from grader.learner import serving
    from grader.library.library import load_library

    return Reply(serving.serve(arguments.directory, arguments.port,
                               load_library().names))


def completion(arguments: Any, colour: bool) -> Reply:
    """Write the script that completes commands and tasks in a shell."""
    from grader.commands.usage import options
    from grader.learner import completion as scripts
    from grader.library.library import load_library

    library = load_library(arguments.library)
    words = scripts.Words(
        options={each.name: options(each.parser())
                 for each in arguments.commands},
        helps={each.name: each.help for each in arguments.commands},
        tasks=[*(folder.short for folder in library.folders),
               *(task.short for task in library.tasks)])
    return Reply(scripts.script(arguments.shell, words))
