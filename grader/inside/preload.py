"""What the runs of a job need, imported before the submission's code."""

from __future__ import annotations

import importlib
from collections.abc import Iterable

# Each job is a module of this package with a function run(request).
BY_JOB = {
    "suite": (
        "asyncio", "concurrent.futures", "contextlib", "csv", "datetime",
        "decimal", "functools", "importlib.util", "itertools", "logging",
        "math", "random", "sqlite3", "threading", "typing", "unittest",
        "unittest.mock", "uuid", "aiosqlite", "grader.inside.suite",
    ),
    "learnertests": (
        "parameterized", "requests", "grader.inside.learnertests",
    ),
    "typecheck": ("mypy.build", "grader.inside.typecheck"),
    "style": ("pycodestyle", "grader.inside.style"),
    "forms": ("grader.inside.forms",),
    "unpack": ("grader.inside.unpack",),
}
# Jobs whose runs are forks of one process.
KINDS = {"suite": ("suite", "learnertests"),
         "tools": ("typecheck", "style", "forms"),
         "intake": ("unpack",)}


def load(names: Iterable[str]) -> None:
    """Import modules as far as they are installed; ours must be."""
    for name in names:
        try:
            importlib.import_module(name)
        except ImportError:
            # A suite that needs it says so; the others do not care.
            if name.startswith("grader."):
                raise
