"""How a run ended, after what its parent says."""

from __future__ import annotations

import json
import os
from signal import SIGKILL, SIGSEGV, SIGXCPU

import pytest

from grader.inside.limits import Limits
from grader.wall.outcome import Ended, collect


def ended(cpu: float, status: int, stopped: str | None = None) -> Ended:
    """Read what a parent has written about a run of three seconds."""
    results, result_end = os.pipe()
    status_pipe, status_end = os.pipe()
    said = {"stopped": stopped, "status": status, "cpu": cpu, "rss": 1}
    os.write(status_end, json.dumps(said).encode() + b"\n")
    os.close(status_end)
    os.close(result_end)
    return collect(results, status_pipe, Limits(cpu_seconds=3.0)).ended


@pytest.mark.parametrize("cpu, status, stopped, cause", [
    (0.1, 0, None, None),
    (0.1, 1, None, "exited"),
    (0.1, -9, "timeout", "timeout"),
    (0.1, -9, "output", "output"),
    # As the kernel counts it was 3 s; a busy machine shows less later.
    (3.0, -SIGKILL, None, "timeout"),
    (2.4, -SIGKILL, None, "timeout"),
    (2.4, -SIGXCPU, None, "timeout"),
    (0.1, -SIGKILL, None, "crashed"),
    (2.9, -SIGSEGV, None, "crashed"),
])
def test_a_run_ends_as_its_parent_says(
        cpu: float, status: int, stopped: str | None,
        cause: str | None) -> None:
    assert ended(cpu, status, stopped).cause == cause
