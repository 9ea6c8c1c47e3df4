"""Decodes and parses a learner's file, or says why that is not possible."""

from __future__ import annotations

import ast
import base64
import codecs
import io
import tokenize
import warnings
from types import CodeType

from grader.kit import newer

# Larger files are refused; no answer comes near that size.
MAX_BYTES = 256 * 1024
# Deeper trees make mypy's compiled code overflow the C stack, which ends
# the process instead of raising RecursionError.
MAX_DEPTH = 400


class Broken(Exception):
    """A file that Python cannot read.

    `message` is for the learner, `line` counts from 1 and is None where it
    is not known, `cause` is one of grader.kit.failure.CAUSES.
    """

    def __init__(self, message: str, line: int | None = None,
                 cause: str = "broken") -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.cause = cause


def encode(data: bytes) -> str:
    """Return the bytes of a file as base64, for a request in JSON."""
    return base64.b64encode(data).decode()


def read(encoded: str) -> str:
    """Return the text of a file given as base64, with "\\n" line ends.

    Raises Broken where Python would refuse the bytes.
    """
    data = base64.b64decode(encoded)
    if len(data) > MAX_BYTES:
        raise Broken(f"the file is larger than {MAX_BYTES // 1024} KiB",
                     cause="refused")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise Broken("the file is not UTF-8 text")
    if b"\0" in data:
        line = data[:data.index(b"\0")].count(b"\n") + 1
        raise Broken(f"line {line}: the file contains a NUL byte", line)
    text = _decode(data)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decode(data: bytes) -> str:
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[:error.start].count(b"\n") + 1
        raise Broken("the file is not UTF-8 text", line) from None
    except (SyntaxError, LookupError, UnicodeError, ValueError):
        raise Broken("the file is not UTF-8 text") from None


def parse(text: str) -> ast.Module:
    """Return the syntax tree of the text; raises Broken if it has none."""
    try:
        with warnings.catch_warnings(action="ignore"):
            tree = ast.parse(text)
            if _is_deep(tree):
                raise Broken("an expression is nested too deeply")
        # Finds errors that the parser lets pass, such as a return outside
        # of a function.
        compiled(text)
    except SyntaxError as error:
        raise Broken(f"line {error.lineno or 1}: {error.msg}"
                     f"{newer.remark(text)}", error.lineno) from None
    except (RecursionError, MemoryError):
        raise Broken("an expression is nested too deeply") from None
    except (ValueError, OverflowError) as error:
        raise Broken(f"Python cannot read it: {error}") from None
    return tree


def compiled(text: str) -> CodeType:
    """Return the compiled code of a text that `parse` accepts."""
    with warnings.catch_warnings(action="ignore"):
        # dont_inherit: the __future__ imports of this module are not the
        # learner's.
        return compile(text, "file.py", "exec", dont_inherit=True)


def _is_deep(tree: ast.Module) -> bool:
    # Level by level, without recursion of its own.
    level: list[ast.AST] = [tree]
    for _ in range(MAX_DEPTH):
        level = [child for node in level
                 for child in ast.iter_child_nodes(node)]
        if not level:
            return False
    return True
