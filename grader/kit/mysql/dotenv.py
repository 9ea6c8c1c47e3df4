"""A stand-in for python-dotenv where that is not installed.

Its functions have the parameters of the real ones, but `interpolate`,
`usecwd` and `verbose` have no effect: ${NAME} in a value stays as it is, and
the file is looked for from the current folder, which is the submission's.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import IO

_LINE = re.compile(r"\s*(?:export\s+)?([\w.]+)\s*=\s*(.*)$")


def find_dotenv(filename: str = ".env", raise_error_if_not_found: bool = False,
                usecwd: bool = False) -> str:
    """Return the path of the nearest file upwards, or "" without one.

    With `raise_error_if_not_found` it raises OSError instead.
    """
    for folder in (here := Path.cwd(), *here.parents):
        if (folder / filename).is_file():
            return str(folder / filename)
    if raise_error_if_not_found:
        raise OSError("File not found")
    return ""


def _pairs(lines: Iterable[str]) -> Iterable[tuple[str, str]]:
    """Yield (name, value) for each line that sets one, without quotes."""
    for line in lines:
        match = _LINE.match(line)
        if match:
            name, text = match[1], match[2].strip()
            if text[:1] in ("'", '"') and text[0] in text[1:]:
                text = text[1:text.index(text[0], 1)]
            else:
                text = re.split(r"\s+#", text)[0]
            yield name, text


def dotenv_values(dotenv_path: str | os.PathLike[str] | None = None,
                  stream: IO[str] | None = None, verbose: bool = False,
                  interpolate: bool = True, encoding: str | None = "utf-8"
                  ) -> dict[str, str | None]:
    """Return the values that a file or stream sets, by name."""
    if stream is not None:
        return dict(_pairs(stream))
    path = Path(dotenv_path or find_dotenv() or ".env")
    if not path.is_file():
        return {}
    text = path.read_text(encoding=encoding, errors="replace")
    return dict(_pairs(text.splitlines()))


def load_dotenv(dotenv_path: str | os.PathLike[str] | None = None,
                stream: IO[str] | None = None, verbose: bool = False,
                override: bool = False, interpolate: bool = True,
                encoding: str | None = "utf-8") -> bool:
    """Set the file's values in the environment; return whether it has any.

    A variable that is set already stays as it is, unless they `override`.
    """
    values = dotenv_values(dotenv_path, stream, verbose, interpolate,
                           encoding)
    for name, text in values.items():
        if text is not None and (override or name not in os.environ):
            os.environ[name] = text
    return bool(values)


def get_key(dotenv_path: str, key_to_get: str) -> str | None:
    """Return one value of a file, None if the file does not set it."""
    return dotenv_values(dotenv_path).get(key_to_get)
