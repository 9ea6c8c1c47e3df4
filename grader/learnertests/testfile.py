"""What can be known of a learner's test file without running any of it.

It is read inside the wall all the same, since Python's compiler may crash on
a file that was made for that.
"""

from __future__ import annotations

import base64
import binascii
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from grader.inside.limits import Limits
from grader.inside.source import encode
from grader.library.library import CHECKS, Folder
from grader.wall.forking import Wall

FORM = "form.toml"
# These two rules of form are no advice, but explain a failure.
NO_ASSERT = "assert_statement"
HIDDEN = "one_class"


@dataclass(frozen=True, kw_only=True)
class TestFile:
    """The rules of form that a test file breaks, by method or class.

    `compiled` is the file that Python would leave beside it, by name: with
    it, the many rounds of one file need not compile it. It is empty where
    the file has a syntax error.
    """

    # pytest takes a class with this name for tests otherwise.
    __test__ = False

    broken_rules: Mapping[str, Sequence[str]]
    compiled: Mapping[str, bytes]


def read_file(wall: Wall, folder: Folder, file: str,
              content: bytes) -> TestFile:
    """Return what is known of a file of a folder, from its content."""
    return _read(wall, folder.path / CHECKS / FORM, file, content,
                 tuple(method for each in folder.tasks
                       if each.file == file for method in each.methods))


@lru_cache(maxsize=16)
def _read(wall: Wall, rules: Path, file: str, content: bytes,
          places: tuple[str, ...]) -> TestFile:
    """Read a file; `rules` is the path of a TOML file, or of none."""
    wanted = dict.fromkeys(places, [NO_ASSERT, HIDDEN]) | tomllib.loads(
        rules.read_text(encoding="utf-8") if rules.is_file() else "")
    answer = wall.answer("learnertests", Limits())(
        {"file": file, "files": {file: encode(content)}, "form": wanted})
    answer = answer if isinstance(answer, dict) else {}
    broken = answer.get("form")
    broken = broken if isinstance(broken, dict) else {}
    return TestFile(
        broken_rules={
            place: [rule for rule in several if rule in broken.get(place, ())]
            for place, several in wanted.items()},
        compiled=_compiled(file, answer.get("compiled")))


def _compiled(file: str, answer: object) -> dict[str, bytes]:
    """Return the compiled file of an answer, which is not trusted.

    Nothing outside the wall loads it.
    """
    try:
        content = base64.b64decode(answer if isinstance(answer, str) else "",
                                   validate=True)
    except (binascii.Error, ValueError):
        return {}
    tag = sys.implementation.cache_tag
    return ({f"__pycache__/{Path(file).stem}.{tag}.pyc": content}
            if content else {})
