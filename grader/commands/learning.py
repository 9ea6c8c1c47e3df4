"""The learner's commands: arguments and help. replies.py does the work."""

from __future__ import annotations

import argparse
from pathlib import Path

from grader.commands import replies
from grader.commands.check import CHECK
from grader.commands.replies import replying
from grader.commands.usage import Command
from grader.wall.tiers import CHOICES

SHELLS = ("bash", "zsh", "fish")


def _completion_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("shell", choices=SHELLS)


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
                        help="0x00, 0x00/3, gen/0, 2-floor.py, ...")


def _watch_arguments(parser: argparse.ArgumentParser) -> None:
    _place_arguments(parser)
    parser.add_argument("--isolation", default="auto",
                        choices=CHOICES,
                        help="how far your code is walled off")


def _task_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("task", metavar="TASK", nargs="?",
                        help="0x00/3, gen/0, 2-floor.py, ... "
                        "(default: the next one)")


def _show_arguments(parser: argparse.ArgumentParser) -> None:
    _task_argument(parser)
    parser.add_argument("--rules", action="store_true",
                        help="show how the tasks of the folder are graded")


def _hint_arguments(parser: argparse.ArgumentParser) -> None:
    _task_argument(parser)
    parser.add_argument("--all", action="store_true",
                        help="show every hint at once")


def _answer_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("task", metavar="TASK",
                        help="0x00/3, gen/0, 2-floor.py, ...")
    parser.add_argument("--anyway", action="store_true",
                        help="show it before the task passes: that spoils it")


def _mysql_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("directory", nargs="?", type=Path, metavar="DIR",
                        help="where the data is kept (default: .mysql in "
                        "the workspace)")
    parser.add_argument("--port", type=_port, default=3306, metavar="N",
                        help="default: 3306, where every driver looks; 0 "
                        "takes any that is free")


def _port(word: str) -> int:
    if not word.isdecimal() or int(word) > 65535:
        raise argparse.ArgumentTypeError(f"{word!r} is no port's number")
    return int(word)


COMMANDS = (
    Command(
        name="start", help="write a blank workspace",
        run=replying(replies.start),
        arguments=_start_arguments,
        description="Write statements, mains, given files and blank files "
                    "to fill in. What is there already stays as it is: to "
                    "have a file blank again, remove it first.",
        examples="""\
  grade start exercises      a new workspace
  grade start .              add what is missing in this one"""),
    Command(
        name="watch", help="grade on every save, task after task",
        run=replying(replies.watch),
        arguments=_watch_arguments,
        description="Show what is wrong with the current task each time you "
                    "save it; Enter goes on once it passes.",
        examples="""\
  grade watch                start with the first task that does not pass
  grade watch 0x01           stay in one folder
  grade watch 0x00/2         stay with one task
keys: h hint, s statement, r rules, a answer, m main, e edit, l list, n next,
      ? all keys, q quit"""
    ),
    CHECK,
    Command(
        name="list", help="show your progress and the next task",
        run=replying(replies.list_tasks), arguments=_list_arguments,
        description="Show the folders and how many of their tasks passed "
                    "when they were last graded by check or watch. The word "
                    "in front of a folder's name is short for it: SHORT/N "
                    "is its task N in every command.",
        examples="""\
  grade list                 the folders, and the tasks of the current one
  grade list 0x03            the tasks of a folder
  grade list --all           every task"""),
    Command(
        name="show", help="show the statement of a task",
        run=replying(replies.show),
        arguments=_show_arguments,
        description="Show what a task asks for, or what a folder teaches.",
        examples="""\
  grade show                 the next task that does not pass
  grade show 0x00/2          task 2 of the folder 0x00-...
  grade show 2-floor.py      the same
  grade show 0x00            the idea behind the tasks of a folder
  grade show 0x00 --rules    how they are graded"""),
    Command(
        name="run", help="run the main of a task",
        run=replying(replies.run),
        arguments=_task_argument,
        description="Run the main of a task, as ./N-main.py in its folder "
                    "does, in the Python of the grader, which has the "
                    "packages that the tasks need.",
        examples="""\
  grade run                  for the next task that does not pass
  grade run 0x03/0           ./0-main.py in the folder 0x03-..."""),
    Command(
        name="hint", help="show the next hint for a task",
        run=replying(replies.hint),
        arguments=_hint_arguments,
        description="Show a question first; called again, a pointer to "
                    "where to look. Never the answer.",
        examples="""\
  grade hint                 for the next task that does not pass
  grade hint 0x00/2          for task 2 of the folder 0x00-..."""),
    Command(
        name="answer", help="show a good answer, once yours passes",
        run=replying(replies.answer), arguments=_answer_arguments,
        description="Show the library's answer to a task that has passed in "
                    "this workspace, how yours differs from it, and why it "
                    "is written so.",
        examples="""\
  grade answer 0x00/2        after it has passed
  grade answer gen/0 --anyway
                             before, which spoils it"""),
)
SETTING_UP = (
    Command(
        name="mysql", help="run a private MySQL server (MariaDB)",
        run=replying(replies.mysql), arguments=_mysql_arguments,
        has_library=False,
        description="Run a MariaDB server for tasks on MySQL until "
                    "Ctrl-C. Only this machine can reach it, with any user "
                    "and password; the data is there again the next time.",
        examples="""\
  grade mysql                in one terminal; ./0-main.py in another
  grade mysql --port 3307    where a MySQL runs already
  grade mysql /tmp/data      keep the data there"""),
    Command(
        name="completion", help="complete commands and tasks in your shell",
        run=replying(replies.completion), arguments=_completion_arguments,
        description="Print a script that makes the Tab key complete what "
                    "you type after `grade`.",
        examples="""\
  eval "$(grade completion bash)"     in ~/.bashrc
  eval "$(grade completion zsh)"      in ~/.zshrc, after compinit
  grade completion fish > ~/.config/fish/completions/grade.fish"""),
)
