"""Describes an exception of the submission without running its code.

Its __str__ and __repr__ may print, hang or lie.
"""

from __future__ import annotations

import os
import re
from typing import TypeGuard

from grader.kit import newer
from grader.kit.drivers import driver_text
from grader.kit.live import Reported
from grader.kit.scratch import workspace
from grader.kit.values import clipped, show

MAX_DETAIL = 300
# How deep an exception within an exception is read.
_DEEPEST = 5
# The beginning of a task or future, up to its name.
_AWAITED = re.compile(
    r"<\w{0,40}(?:Task|Future) \w{1,20}(?: name='[^']{0,40}')?")
# A repr that is no longer stays as it is.
_SHORT = 60


def describe(error: BaseException) -> str:
    """Return one line about an exception: its type and text, cut."""
    if isinstance(error, Reported):
        return error.text
    if isinstance(error, SystemExit):
        return "it calls exit"
    if isinstance(error, EOFError):
        return "it asks for keyboard input"
    if isinstance(error, ModuleNotFoundError):
        return f"it needs {error.name}, which this task does not offer"
    name = str(type.__dict__["__name__"].__get__(type(error)))
    detail = plain(_unreadable(error) or _text_of(error))
    return f"{name}: {clipped(detail, MAX_DETAIL)}" if detail else name


def _unreadable(error: BaseException) -> str:
    """Return the file and line of a real SyntaxError, else ""."""
    if type(error) not in (SyntaxError, IndentationError, TabError):
        return ""
    assert isinstance(error, SyntaxError)
    # One that the submission made itself may hold anything.
    if [type(error.msg), type(error.filename), type(error.lineno)] != [
            str, str, int]:
        return ""
    assert error.filename
    try:
        text = (workspace() / error.filename).read_text("utf-8")
    except (OSError, ValueError, RuntimeError):
        text = ""  # it is no file of the submission
    return (f"{error.filename}, line {error.lineno}: {error.msg}"
            f"{newer.remark(text)}")


def _text_of(error: BaseException, depth: int = 0) -> str:
    """Return the text of an exception without asking its own code."""
    if _is_builtin(error):
        return OSError.__str__(error)
    if text := driver_text(error):
        return text
    arguments = vars(BaseException)["args"].__get__(error)
    if len(arguments) != 1:
        return show(arguments) if arguments else ""
    only = arguments[0]
    if issubclass(type(only), BaseException) and depth < _DEEPEST:
        return _text_of(only, depth + 1)
    # A missing key is quoted, as Python does.
    return only if type(only) is str and not issubclass(
        type(error), KeyError) else show(only)


def plain(text: str) -> str:
    """Return a text without the grader's folder and without addresses."""
    folder = os.environ.get("GRADE_WORKSPACE")
    text = text.replace(f"{folder}/", "") if folder else text
    text = _without_insides(text)
    text = re.sub(r" at 0x[0-9a-f]{6,}>", ">", text)
    text = re.sub(r"<(\w[\w ]*) (?:\w+\.|<locals>\.)+(\w+)>", r"<\1 \2>",
                  text)
    # The pattern takes a time that is quadratic in the text.
    return re.sub(r"(?:\w+\.)+<locals>\.(?:\w+\.|<locals>\.)*", "",
                  text[:MAX_DETAIL * 4])


def _without_insides(text: str) -> str:
    """Shorten tasks and futures to what a learner knows them by.

    The rest of their repr is about callbacks of asyncio and the suite.
    """
    parts: list[str] = []
    done = 0
    while match := _AWAITED.search(text, done):
        end = _end_of_angle(text, match.start())
        parts += [text[done:match.start()],
                  text[match.start():end] if end - match.start() <= _SHORT
                  else f"{match[0]} ...>"]
        done = end
    return "".join([*parts, text[done:]])


def _end_of_angle(text: str, start: int) -> int:
    """Return where the bracket that opens at `start` is closed again."""
    depth = 0
    for at in range(start, len(text)):
        depth += (text[at] == "<") - (text[at] == ">")
        if not depth:
            return at + 1
    return len(text)


def _is_builtin(error: BaseException) -> TypeGuard[OSError]:
    return (isinstance(error, OSError)
            and type(error).__module__ == "builtins"
            and type(error.filename) in (str, bytes, int)
            and type(error.strerror) is str and error.filename2 is None)


def line_in(error: BaseException, file: str) -> int | None:
    """Return the last line of `file` that the traceback passes through."""
    if isinstance(error, Reported):
        return error.line
    found = None
    trace = error.__traceback__
    names = (file, str(workspace() / file))
    while trace is not None:
        if trace.tb_frame.f_code.co_filename in names:
            found = trace.tb_lineno
        trace = trace.tb_next
    return found
