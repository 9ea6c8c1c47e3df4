"""The parent of all runs of the tier "full" outlives each of them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import Any

import pytest

if sys.platform != "linux":
    pytest.skip("this tier is Linux's", allow_module_level=True)

from grader.errors import GraderError
from grader.inside.limits import Limits
from grader.wall.forking import ForkingWall, NoWall

REQUEST: dict[str, Any] = {"files": []}


@pytest.fixture(scope="module")
def wall() -> Iterator[ForkingWall]:
    try:
        opened = ForkingWall("full", ["tools"])
    except NoWall as error:
        pytest.skip(str(error))
    with opened:
        try:
            opened.wait_ready()
        except NoWall as error:
            pytest.skip(str(error))
        yield opened


def works(wall: ForkingWall) -> bool:
    """Return whether a run comes to its end."""
    return wall.run("forms", REQUEST).ended.cause is None


def test_a_set_up_that_fails_is_said_and_costs_one_run(
        wall: ForkingWall) -> None:
    with pytest.raises(GraderError, match="could not be set up: JailError: "
                                          "mount /scratch: Invalid argument"):
        wall.run("forms", REQUEST, Limits(file_mb=-1))
    assert works(wall)


def test_a_run_that_is_given_up_costs_no_other(
        wall: ForkingWall, monkeypatch: pytest.MonkeyPatch) -> None:
    def forget(results: int, status: int, *_: object) -> None:
        os.close(results)
        os.close(status)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("grader.wall.forking.collect", forget)
        with pytest.raises(KeyboardInterrupt):
            wall.run("forms", REQUEST)
    assert works(wall)


def test_a_run_without_time_left_is_stopped_alone(wall: ForkingWall) -> None:
    stopped = wall.run("forms", REQUEST, Limits(wall_seconds=0.0))

    assert stopped.ended.cause == "timeout"
    assert works(wall)
