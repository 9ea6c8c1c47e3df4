"""A real scheduler and real workers on loopback, one of which is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from grader.cohort import dask
from grader.cohort.dask import DaskCrew
from grader.cohort.worker import Job
from grader.errors import UserError
from grader.grading import Options
from grader.isolation.tiers import TIERS
from grader.submission import Submission, SubmittedFile
from tests import reports, servers
from tests.conftest import RIGHT_FLOOR
from tests.test_sources import FOLDER

ROOT = Path(__file__).resolve().parent.parent


def job(name: str) -> Job:
    source = f"{RIGHT_FLOOR}# {name}\n".encode()
    file = SubmittedFile(content=source, executable=True)
    return Job(Submission(name=name, folders={FOLDER: {"2-floor.py": file}}),
               name, ("0x00/2",))


def pretend(submission: Submission, options: Options,
            tasks: tuple[str, ...]) -> dict[str, Any]:
    """Pass, unless the name says to kill the process."""
    seen = servers.note(Path(os.environ["COHORT_LOG"]), submission.name)
    if submission.name == "killer" or (
            submission.name == "once" and seen == 1):
        os.kill(os.getpid(), signal.SIGKILL)
    return reports.report(reports.task(2), name=submission.name)


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("dask") / "log"


@pytest.fixture(scope="module")
def address(log: Path) -> Iterator[str]:
    """Start a scheduler and two workers of one thread each."""
    pytest.importorskip("distributed", reason="the extra `cluster` is not"
                        " installed")
    environment = os.environ | {"PYTHONPATH": str(ROOT),
                                "COHORT_LOG": str(log)}
    call = [sys.executable, "-m", "distributed.cli.dask_scheduler",
            "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
            "--scheduler-file", str(log.parent / "scheduler.json")]
    processes = [subprocess.Popen(
        call, env=environment, cwd=log.parent, stderr=subprocess.DEVNULL)]
    worker = [sys.executable, "-m", "distributed.cli.dask_worker",
              "--scheduler-file", str(log.parent / "scheduler.json"),
              "--nthreads", "1", "--no-dashboard", "--host", "127.0.0.1",
              "--local-directory", str(log.parent)]
    processes += [subprocess.Popen(worker, env=environment, cwd=log.parent,
                                   stderr=subprocess.DEVNULL)
                  for _ in range(2)]
    try:
        yield scheduler(log.parent / "scheduler.json")
    finally:
        for process in reversed(processes):
            process.terminate()
            process.wait(20)


def scheduler(file: Path) -> str:
    """Return the address, once both workers are there."""
    distributed: Any = pytest.importorskip("distributed")
    with distributed.Client(scheduler_file=str(file), timeout=60) as client:
        client.wait_for_workers(2, timeout=60)
        return str(client.scheduler.address)


@pytest.mark.filterwarnings("ignore")
def test_the_cluster_grades_as_this_machine_does(address: str) -> None:
    with DaskCrew(address, Options(isolation="auto")) as crew:
        done = list(filter(None, crew.grade(job(name) for name in "abcd")))

    assert sorted(each.job.key for each in done) == list("abcd")
    assert {each.data["score"]["points"] for each in done
            if each.data} == {10.0}
    assert crew.tier in TIERS


@pytest.mark.filterwarnings("ignore")
def test_a_killed_worker_costs_a_retry_and_a_killer_only_itself(
        address: str, log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask, "grade_one", pretend)
    names = [*"efgh", "once", *"ijkl", "killer", *"mnop"]
    with DaskCrew(address, Options(isolation="none")) as crew:
        done = {each.job.key: each for each
                in crew.grade(map(job, names)) if each}

    assert sorted(done) == sorted(names)
    assert [name for name in names if done[name].data is None] == ["killer"]
    assert "died twice" in done["killer"].trouble
    seen = log.read_text().splitlines()
    assert (seen.count("once"), seen.count("killer")) == (2, 2)


@pytest.mark.filterwarnings("ignore")
def test_no_scheduler_is_one_clear_line() -> None:
    pytest.importorskip("distributed", reason="the extra `cluster` is not"
                        " installed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dask, "CONNECT_SECONDS", 1)
        with pytest.raises(UserError, match="no scheduler answers"):
            DaskCrew("tcp://127.0.0.1:9", Options())


class Empty:
    """A client of a cluster to which no worker comes."""

    def __init__(self, *words: object, **options: object) -> None:
        self.is_open = True

    def wait_for_workers(self, count: int, timeout: float) -> None:
        raise TimeoutError

    def close(self) -> None:
        self.is_open = False


def test_a_cluster_without_workers_is_one_clear_line(
        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask, "_distributed",
                        lambda: SimpleNamespace(Client=Empty))

    with pytest.raises(UserError, match="no workers") as caught:
        DaskCrew("tcp://127.0.0.1:9", Options())
    assert "dask worker" in caught.value.todo


def test_a_missing_package_names_the_extra(
        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)

    with pytest.raises(UserError, match="distributed") as caught:
        DaskCrew("tcp://127.0.0.1:9", Options())
    assert "[cluster]" in caught.value.todo
