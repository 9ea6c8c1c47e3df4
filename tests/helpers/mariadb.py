"""A MariaDB of the tests' own."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from grader.learner.mysqld import Running, start
from grader.mariadb import MariaDBMissing, find


@contextmanager
def running() -> Iterator[Running]:
    """Run a server; skip the test where there is none to run."""
    try:
        find()
    except MariaDBMissing as missing:
        pytest.skip(missing.what)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        # The server may run as another user, who must get there.
        Path(folder).chmod(0o755)
        with start(Path(folder) / "data") as server:
            yield server
