"""A real scheduler and real workers on loopback, one of which is killed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from grader.cli import main
from grader.cohort import dask, remote
from grader.cohort.dask import DaskCrew
from grader.cohort.worker import Job
from grader.errors import GraderError, UserError
from grader.grading.grading import Grader, Options
from grader.library.library import load_library
from grader.submission.file import SubmittedFile
from grader.submission.submission import Submission
from grader.wall.outcome import Outcome
from grader.wall.tiers import TIERS
from grader.wall.wall import Wall
from tests.cohort.test_sources import FOLDER
from tests.conftest import RIGHT_FLOOR
from tests.helpers import reports, servers

ROOT = Path(__file__).resolve().parents[2]


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


def wall_less(options: Options) -> str:
    """Return the tier that was asked for, and put up no wall."""
    return options.isolation


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("dask") / "log"


# Workers are forked from a process that has imported Dask: some die.
CLUSTER = """\
import sys
import dask
from distributed import LocalCluster
dask.config.set({"distributed.worker.multiprocessing-method": "forkserver"})
cluster = LocalCluster(n_workers=2, threads_per_worker=1, processes=True,
                       host="127.0.0.1", dashboard_address=None)
print(cluster.scheduler_address, flush=True)
sys.stdin.read()
cluster.close()
"""


@pytest.fixture(scope="module")
def address(log: Path) -> Iterator[str]:
    """Start a scheduler and two workers of one thread each."""
    pytest.importorskip("distributed", reason="the extra `cluster` is not"
                        " installed")
    with subprocess.Popen(
            [sys.executable, "-c", CLUSTER], cwd=log.parent, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, env=os.environ | {
                "PYTHONPATH": str(ROOT), "COHORT_LOG": str(log)}) as process:
        assert process.stdout
        yield process.stdout.readline().strip()
        process.communicate(timeout=60)


@pytest.mark.filterwarnings("ignore")
def test_a_killed_worker_costs_a_retry_and_a_killer_only_itself(
        address: str, log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask, "grade_one", pretend)
    monkeypatch.setattr(dask, "_introduce", wall_less)
    names = [*"efgh", "once", *"ijkl", "killer", *"mnop"]
    with DaskCrew(address, Options(isolation="none")) as crew:
        done = {each.job.key: each for each
                in crew.grade(map(job, names)) if each}

    assert sorted(done) == sorted(names)
    assert [name for name in names if done[name].data is None] == ["killer"]
    assert "died again and again" in done["killer"].trouble
    seen = log.read_text().splitlines()
    # Two deaths beside others, and two alone, which clears those.
    assert (seen.count("once"), seen.count("killer")) == (2, 4)


def dawdle(submission: Submission, options: Options,
           tasks: tuple[str, ...]) -> dict[str, Any]:
    """Pass; the slow one waits until the log says that it may go on."""
    log = Path(os.environ["COHORT_LOG"])
    while submission.name == "slow" and "go on" not in log.read_text():
        time.sleep(0.05)
    return reports.report(reports.task(2), name=submission.name)


@pytest.mark.filterwarnings("ignore")
def test_a_worker_that_never_answers_costs_only_its_submission(
        address: str, log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log.touch()
    monkeypatch.setattr(dask, "grade_one", dawdle)
    monkeypatch.setattr(dask, "_introduce", wall_less)
    monkeypatch.setattr(dask, "BEAT", 0.1)
    done: dict[str, str] = {}
    with DaskCrew(address, Options(isolation="none")) as crew:
        for each in crew.grade(map(job, ["slow", *"qrs"])):
            if each:
                done[each.job.key] = each.trouble
            if len(done) == 3:
                # The others are done, so only it can be late now.
                monkeypatch.setattr(dask, "SECONDS_EACH", 0.0)
    servers.note(log, "go on")

    assert done == {"slow": "it took too long", "q": "", "r": "", "s": ""}


@pytest.mark.filterwarnings("ignore")
def test_no_scheduler_is_one_clear_line() -> None:
    pytest.importorskip("distributed", reason="the extra `cluster` is not"
                        " installed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dask, "CONNECT_SECONDS", 0.2)
        with pytest.raises(UserError, match="no scheduler answers"):
            DaskCrew("tcp://127.0.0.1:9", Options())


def versions(scheduler: str = "3.11.7", worker: str = "3.11.2",
             distributed: str = "2026.1.0") -> dict[str, Any]:
    """Return what Dask says of the machines of a cluster."""
    return {"client": _packages("3.11.9", "2026.1.0"),
            "scheduler": _packages(scheduler, "2026.1.0"),
            "workers": {"tcp://a:1": _packages(worker, distributed)}}


def _packages(python: str, distributed: str | None) -> dict[str, Any]:
    return {"packages": {"python": f"{python}.final.0",
                         "distributed": distributed}}


@pytest.mark.parametrize("said, difference", [
    (versions(), None),
    (versions(scheduler="3.13.0"),
     "the scheduler has Python 3.13, this machine 3.11"),
    (versions(worker="3.12.1"),
     "tcp://a:1 has Python 3.12, this machine 3.11"),
    (versions(distributed="2026.1.1"),
     "tcp://a:1 has distributed 2026.1.1, this machine 2026.1.0")])
def test_other_versions_are_named(said: dict[str, Any],
                                  difference: str | None) -> None:
    assert list(dask.differing(said)) == ([difference] if difference else [])


class Empty:
    """A client of a cluster to which no worker comes."""

    def __init__(self, *words: object, **options: object) -> None:
        self.is_open = True

    def nthreads(self) -> dict[str, int]:
        return {}

    def get_versions(self) -> dict[str, Any]:
        return versions()

    def wait_for_workers(self, count: int, timeout: float) -> None:
        raise TimeoutError

    def close(self) -> None:
        self.is_open = False


def test_a_cluster_without_workers_is_one_clear_line(
        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask, "_distributed",
                        lambda: SimpleNamespace(Client=Empty))

    said: list[str] = []
    with pytest.raises(UserError, match="no workers") as caught:
        DaskCrew("tcp://127.0.0.1:9", Options(), said.append)
    assert "dask worker" in caught.value.todo
    assert said == ["Waiting for a worker ..."]


class Other(Empty):
    """A client of a cluster whose scheduler has another Python."""

    def get_versions(self) -> dict[str, Any]:
        return versions(scheduler="3.13.0")

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"{name} is asked of another version")


def test_a_scheduler_of_another_python_is_one_clear_line(
        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask, "_distributed",
                        lambda: SimpleNamespace(Client=Other))

    with pytest.raises(UserError, match="scheduler has Python 3.13") as caught:
        DaskCrew("tcp://127.0.0.1:9", Options())
    assert "same versions" in caught.value.todo


class Forgetful(Empty):
    """A client of a cluster whose worker dies once a job is done."""

    def nthreads(self) -> dict[str, int]:
        return {"tcp://a:1": 1}

    def wait_for_workers(self, count: int, timeout: float) -> None:
        pass

    def run(self, function: object, *words: object,
            **options: object) -> dict[str, object]:
        return {} if function is remote.version else {"tcp://a:1": "none"}

    def run_on_scheduler(self, function: object) -> None:
        pass

    def submit(self, *words: object, **options: object) -> Lost:
        return Lost()


class Lost:
    """A future whose job is to be done again."""

    status = "lost"

    def exception(self) -> None:
        pass


class Completed(list[Lost]):
    """The futures of a cluster, each with its result at once."""

    def __init__(self, **options: object) -> None:
        super().__init__()

    add = list.append

    def has_ready(self) -> bool:
        return True

    def __next__(self) -> tuple[object, object]:
        return self.pop(), {"score": 10}


def test_a_result_counts_though_its_worker_has_died_since(
        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask, "_distributed", lambda: SimpleNamespace(
        Client=Forgetful, as_completed=Completed))
    crew = DaskCrew("tcp://127.0.0.1:9", Options())

    done, = crew.grade([job("a")])
    assert done and (done.data, done.trouble) == ({"score": 10}, "")


def test_a_worker_imports_nothing_from_the_current_folder(
        tmp_path: Path) -> None:
    for name in ("difflib", "tomllib", "grading"):
        (tmp_path / f"{name}.py").write_text("1 / 0")
    # Dask has imported pickle by then; -c has the current folder imported
    # from, as `python -m` has, which may start a worker.
    program = ("import pickle; from grader.cohort import remote; "
               "import sys; packed = sys.stdin.buffer.read(); "
               "print(remote.run(packed).submission)")
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True,
        input=remote.pack(Said, "x"), timeout=60,
        env=os.environ | {"PYTHONPATH": str(ROOT)})

    assert done.stdout.split() == [b"x"], done.stderr.decode()


class Said:
    """Something whose module imports much of the grader."""

    def __init__(self, submission: str) -> None:
        self.submission = submission


class Fallen(Wall):
    """A wall whose processes are gone."""

    tier, caution = "none", ""

    def wait_ready(self) -> None:
        pass

    def run(self, *words: object, **options: object) -> Outcome:
        raise GraderError("the wall is down", "run grade doctor")

    def close(self) -> None:
        pass


def test_a_worker_whose_walls_fell_builds_others(kept_walls: None) -> None:
    options = Options()
    # The walls that are kept fall with the thread that opens them.
    with Grader(load_library(), options):
        pass
    for _ in range(2):
        data = dask.grade_one(job("a").submission, options, ("0x00/2",))
        assert data["score"]["points"] == 10.0
        # What a worker keeps is lost.
        dask._held[options].grader._suites = Fallen()
    dask._close(options, dask._held[options].grader)
    assert options not in dask._held


def test_a_missing_package_names_the_extra(
        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)

    with pytest.raises(UserError, match="distributed") as caught:
        DaskCrew("tcp://127.0.0.1:9", Options())
    assert "[cluster]" in caught.value.todo


def test_a_cluster_grades_by_another_library_from_the_same_path(
        address: str, tmp_path: Path,
        capsys: pytest.CaptureFixture[str]) -> None:
    foreign = ROOT / "tests" / "foreign"
    shutil.copytree(foreign, tmp_path / "class" / "ann")
    (tmp_path / "class" / "bob" / "week-1-degrees").mkdir(parents=True)
    shutil.copy(foreign / "week-1-degrees" / "1-celsius.py",
                tmp_path / "class" / "bob" / "week-1-degrees")

    assert main(["cohort", str(tmp_path / "class"), "--dask", address,
                 "--out", str(tmp_path / "out"),
                 "--library", str(foreign)]) == 0
    assert (tmp_path / "out" / "grades.csv").read_text().splitlines()[2:] == [
        "ann,30,30,10,10,4,6", "bob,4,30,0,0,4,0"]
    said = capsys.readouterr().out
    assert "2 graded" in said
    assert any(f"isolation {tier}" in said for tier in TIERS)
