"""The rule about a library's support package: all its modules load."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path

from grader.inside import support


def problems(package: Path) -> Iterator[str]:
    """Yield a line for each module that does not load.

    The package itself has been imported.
    """
    for name in support.modules(package.name):
        try:
            importlib.import_module(name)
        except Exception as error:
            yield f"{name} does not load: {type(error).__name__}: {error}"
