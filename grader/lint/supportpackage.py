"""The package that the suites of a library share."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path


def problems(package: Path) -> Iterator[str]:
    """Yield what does not load of a package that is imported already."""
    for module in pkgutil.walk_packages(
            [str(package)], f"{package.name}.", onerror=lambda name: None):
        try:
            importlib.import_module(module.name)
        except Exception as error:
            yield (f"{module.name} does not load: {type(error).__name__}: "
                   f"{error}")
