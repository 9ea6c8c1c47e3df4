"""The modules of each kind of job, imported once, before runs are forked."""

from __future__ import annotations

import importlib
from collections.abc import Iterable

# By kind of job. The last module has the function run(request) of the job.
BY_JOB = {
    "suite": (
        "asyncio", "concurrent.futures", "contextlib", "csv", "datetime",
        "decimal", "functools", "importlib.util", "itertools", "logging",
        "math", "random", "sqlite3", "threading", "typing", "unittest",
        "unittest.mock", "uuid", "grader.inside.suite.checks",
    ),
    "learnertests": ("grader.inside.learnertests.testrun",),
    "typecheck": ("mypy.build", "grader.inside.typecheck.typecheck"),
    "style": ("pycodestyle", "grader.inside.style.style"),
    "forms": ("grader.inside.likeness.forms",),
    "unpack": ("grader.inside.intake.unpack",),
}
# By kind of wall: the jobs whose runs are forks of one zygote.
KINDS = {"suite": ("suite",),
         "learnertests": ("learnertests",),
         "tools": ("typecheck", "style", "forms"),
         "intake": ("unpack",)}


def load(names: Iterable[str]) -> None:
    """Import modules as far as that can be done; ours must be there."""
    for name in names:
        try:
            importlib.import_module(name)
        except Exception:
            # Tasks that need it are not judged; all others can be.
            if name.startswith("grader."):
                raise
