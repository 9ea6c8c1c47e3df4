"""The budgets of the design as ratios, measured on this machine.

`make bench` prints them within a few minutes: a whole submission, a save
under `grade watch`, a small cohort and the model generators, each beside
the work it is measured against. `make bench-scale` prints how cohorts of
100 and 400 (or the numbers given) and tables of up to a million rows grow.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

from grader.grading.grading import Grader, Options
from grader.library.library import CHECKS, Library, Task, load_library
from grader.submission.submission import collect
from grader.watch.changes import settled
from tests.tools import bench_rows
from tests.tools.stopwatch import ROOT, Row, compare, run, seconds, table

JOBS = 2
SAMPLE = ("0x00/2", "0x01/1", "0x03/4", "python-generators-0x00/1",
          "python-decorators-0x01/3")
WATCHED = ("0x00/2", "0x01/1", "0x03/4", "python-decorators-0x01/3",
           "python-generators-0x00/1")
COHORT = 24


class Bench:
    """The library, and a submission that holds its model answers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.library = load_library()
        self.tasks = self.library.tasks
        self.submission = folder / "submission"
        hand_in(self.library, self.submission)

    def sample(self) -> list[Task]:
        """Return a few tasks that stand for all of them."""
        return [task for task in self.tasks if task.id in SAMPLE]

    @property
    def scale(self) -> float:
        """Return how many times the sample makes up the library."""
        return len(self.tasks) / len(self.sample())


def hand_in(library: Library, target: Path, mark: str = "") -> None:
    """Copy the model answers, told apart from other copies by `mark`."""
    for folder in library.folders:
        shutil.copytree(folder.path, target / folder.name,
                        ignore=shutil.ignore_patterns("__pycache__"))
    for task in library.tasks if mark else ():
        with (target / task.folder / task.file).open("a") as file:
            file.write(f"# {mark}\n")


# A whole submission

def whole(bench: Bench) -> Iterator[Row]:
    """Compare `grade check` with mypy alone, and with three tools a task."""
    mixed = bench.folder / "mixed"
    mixed.mkdir()
    files = {(task.folder, task.file) for task in bench.tasks}
    for number, (folder, file) in enumerate(sorted(files)):
        shutil.copy(ROOT / folder / file, mixed / f"task_{number}.py")

    def check() -> None:
        run(["-m", "grader", "check", ".", "--isolation", "full",
             "--jobs", str(JOBS)], bench.submission)

    def mypy() -> None:
        run(["-m", "mypy", "--strict", "--cache-dir",
             tempfile.mkdtemp(dir=bench.folder), "."], mixed)
    check()
    yield compare("grade check / one cold mypy --strict", check, mypy, 3,
                  2.5)
    for name, kept in (("cold", False), ("its cache kept", True)):
        yield compare(
            f"pytest + mypy ({name}) + pycodestyle a task / grade",
            check, lambda: three_tools(bench, kept), 1, is_gain=True,
            budget=None if kept else 20, peer_count=bench.scale)


def three_tools(bench: Bench, keep_cache: bool) -> None:
    """Run pytest, mypy and pycodestyle once for each task of the sample."""
    kept = bench.folder / "mypy-cache"
    for task in bench.sample():
        where = bench.submission / task.folder
        cache = kept if keep_cache else tempfile.mkdtemp(dir=bench.folder)
        pytest(bench, task)
        run(["-m", "mypy", "--strict", "--cache-dir", cache, task.file],
            where)
        run(["-m", "pycodestyle", task.file], where)


def pytest(bench: Bench, task: Task) -> None:
    """Run a task's suite as the Exercism runner does."""
    where = bench.submission / task.folder
    run(["-m", "pytest", "-q", "-p", "no:cacheprovider",
         suite_of(task, where)], where)


def suite_of(task: Task, where: Path) -> Path:
    """Return a task's suite, or the learner's tests where they are judged.

    Those have no suite; to run them once is the least that another grader
    does with them.
    """
    suite = Path(CHECKS, task.suite)
    return suite if (where / suite).is_file() else Path(task.file)


# A save

def watching(bench: Bench) -> Iterator[Row]:
    """Compare a save in `grade watch` with a bare run of the suite."""
    numbers = count()
    tasks = [task for task in bench.tasks if task.id in WATCHED]
    with Grader(bench.library, Options(isolation="full", jobs=JOBS)) as held:
        before = collect(bench.submission, bench.library)
        for task in tasks:
            where = bench.submission / task.folder

            def save() -> None:
                with (where / task.file).open("a") as file:
                    file.write(f"# {next(numbers)}\n")
                found = settled(bench.submission, bench.library, before)
                assert found is not None
                held.grade(found, [task])

            def unittest() -> None:
                run(["-m", "unittest", suite_of(task, where)], where)
            save()
            yield compare(f"a save of {task.id} / its suite alone", save,
                          unittest, 3, 3)


# A cohort

def cohort_seconds(bench: Bench, submissions: int) -> tuple[float, int]:
    """Grade copies of the models; return time and memory.

    The memory is the most that any of its processes held, in bytes.
    """
    folder = Path(tempfile.mkdtemp(dir=bench.folder))
    for number in range(submissions):
        hand_in(bench.library, folder / "in" / f"s{number}", str(number))
    words = [sys.executable, "-m", "grader", "cohort", folder / "in",
             "--out", folder / "out", "--require-isolation", "full",
             "--jobs", str(JOBS)]
    kept: list[int] = []

    def grade() -> None:
        with open(os.devnull, "wb") as nowhere:
            child = os.posix_spawn(
                sys.executable, list(map(str, words)),
                os.environ | {"PYTHONPATH": str(ROOT)},
                file_actions=[(os.POSIX_SPAWN_DUP2, nowhere.fileno(), 1),
                              (os.POSIX_SPAWN_DUP2, nowhere.fileno(), 2)])
            kept.append(os.wait4(child, 0)[2].ru_maxrss * 1024)
    taken = seconds(grade)
    shutil.rmtree(folder)
    return taken, kept[0]


def cohort(bench: Bench) -> Iterator[Row]:
    """Compare a small cohort with one pytest process a task."""
    def runners() -> None:
        with ThreadPoolExecutor(JOBS) as pool:
            list(pool.map(lambda task: pytest(bench, task), bench.sample()))
    before = seconds(runners)
    ours, _ = cohort_seconds(bench, COHORT)
    after = seconds(runners)
    peer = (before + after) / 2 * bench.scale * COHORT
    yield Row(f"a pytest process a task / a cohort of {COHORT}",
              ours, peer, peer / ours, 7, True)


def cohorts(bench: Bench, sizes: Sequence[int]) -> None:
    """Print how the time of a cohort grows with its size."""
    print("\nCohorts, full wall"
          f"\n{'submissions':>12}{'seconds':>10}{'a second':>10}"
          f"{'most memory':>14}{'growth':>8}")
    first = 0.0
    for size in sizes:
        taken, memory = cohort_seconds(bench, size)
        first = first or taken
        print(f"{size:12}{taken:10.1f}{size / taken:10.2f}"
              f"{memory / 1e6:11.0f} MB{taken / first:8.2f}", flush=True)


def main(words: list[str]) -> int:
    """Print the ratios, or with "scale" how things grow."""
    with tempfile.TemporaryDirectory(prefix="grade-bench-") as name:
        bench = Bench(Path(name))
        if words[:1] == ["scale"]:
            cohorts(bench, [int(word) for word in words[1:]] or [100, 400])
            bench_rows.scale(bench.folder)
            return 0
        rows: list[Row] = []
        for title, measure in (("A whole submission", whole),
                               ("A save under grade watch", watching),
                               ("A cohort", cohort)):
            if words and title.split()[-1] not in words:
                continue
            with table(title) as show:
                for row in measure(bench):
                    show(row)
                    rows.append(row)
        if not words or "rows" in words:
            with table("Model generators against a bare cursor") as show:
                for row in bench_rows.rows(bench.folder):
                    show(row)
                    rows.append(row)
    return 0 if all(row.is_met for row in rows) else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
