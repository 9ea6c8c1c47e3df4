"""The package that the suites of a library share."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path

from grader.inside import support


def problems(package: Path) -> Iterator[str]:
    """Yield what does not load of a package that is imported already."""
    for name in support.modules(package.name):
        try:
            importlib.import_module(name)
        except Exception as error:
            yield f"{name} does not load: {type(error).__name__}: {error}"
