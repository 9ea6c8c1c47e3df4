"""Grades a submission: runs the suites and the tools, and decides.

A Grader holds the walls open, so that many submissions can be graded one
after the other.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Self

from grader import __version__
from grader.errors import UserError
from grader.findings.finding import Finding, located
from grader.findings.swallowing import doubted
from grader.findings.untrusted import Remarks, text
from grader.grading import verdict
from grader.grading.identity import confirmed
from grader.grading.verdict import Report, TaskVerdict
from grader.learnertests import judging
from grader.library.library import DIMENSIONS, Library, Task
from grader.library.packages import lacking
from grader.submission.file import SubmittedFile
from grader.submission.neededfiles import is_module
from grader.submission.submission import Submission
from grader.suites.bench import Bench
from grader.suites.checks import Observed
from grader.suites.judge import Judged
from grader.suites.suite import BadSuite, model_files
from grader.suites.together import passing_together
from grader.tools import style, typecheck
from grader.tools.style import StyledFile
from grader.tools.tools import Tool, WalledTool
from grader.tools.typecheck import TypedFile
from grader.wall.forking import Purpose, Wall, open_walls

Judge = Callable[[Sequence[Task]], Mapping[str, Remarks]]
# Remarks by dimension, then by id of the task.
AllRemarks = Mapping[str, Mapping[str, Remarks]]


@dataclass(frozen=True, kw_only=True)
class Options:
    """How to grade.

    `isolation` is the tier asked for, `jobs` the number of runs at a time.
    `same_inputs` is the number of submissions that share one seed, so that
    the models run once for all of them. With `debug` an exception over one
    task ends the grading. Runs can read neither the library nor what is
    `hidden`, such as the folder of all submissions. `library` is the path
    by which other processes load the library, None for the built-in one.
    """

    isolation: str = "auto"
    jobs: int = 2
    same_inputs: int = 1
    debug: bool = False
    hidden: tuple[Path, ...] = ()
    library: Path | None = None


class Seeds:
    """A thread-safe source of seeds; each is handed out `times` times."""

    def __init__(self, times: int) -> None:
        self._times = times
        self._left = 0
        self._lock = threading.Lock()

    def __next__(self) -> str:
        with self._lock:
            if not self._left:
                self._seed, self._left = secrets.token_hex(8), self._times
            self._left -= 1
            return self._seed


class Grader:
    """Grades submissions by a library; a context manager.

    It holds two walls, one for suites and one for tools. Entering it raises
    UserError where the tier asked for does not work.
    """

    def __init__(self, library: Library, options: Options) -> None:
        self.library = library
        self._options = options
        self._stack = ExitStack()
        self._pool = ThreadPoolExecutor(max(2, options.jobs))
        self._seeds = Seeds(options.same_inputs)

    def __enter__(self) -> Self:
        cache = typecheck.warm_cache()
        with self._stack:
            # The stack is unwound backwards: the walls are closed first,
            # which ends what runs in the pool.
            self._stack.callback(self._pool.shutdown, cancel_futures=True)
            self._suites, self._tools = map(
                self._stack.enter_context, self._walls(cache))
            self._cache = cache
            self._keep = self._stack.pop_all()
        return self

    def _walls(self, cache: Path) -> list[Wall]:
        library = self.library
        hidden = library.root, *self._options.hidden
        return open_walls(
            self._options.isolation,
            Purpose(kinds=[*dict.fromkeys(
                        each.judge for each in library.folders)],
                    hidden=hidden,
                    packages=library.packages, modules=library.modules),
            Purpose(kinds=["tools"], hidden=hidden, readable=[cache]))

    def __exit__(self, *details: object) -> None:
        self._keep.close()

    @property
    def tier(self) -> str:
        """Return the tier that is in force."""
        return self._suites.tier

    def grade(self, submission: Submission,
              tasks: Sequence[Task]) -> Report:
        """Grade the tasks of a submission, in the order given.

        A task that cannot be graded has the status "error"; no exception
        leaves here for it, unless `debug` is set.
        """
        # 1. Start the tools, in one thread; run the suites meanwhile.
        started = time.monotonic()
        able = [task for task in tasks
                if not lacking(self.library.folder(task.folder))]
        static = self._pool.submit(self._static, submission, able)
        seed = next(self._seeds)
        behaviour = partial(self._behaviour, submission, seed)
        remarks = {"behaviour": self._in_groups(behaviour, able)}
        remarks |= static.result()
        verdicts = tuple(self._verdict(submission, task, remarks)
                         for task in tasks)
        return Report(submission=submission.name, library=__version__,
                      isolation=self.tier, tasks=verdicts,
                      caution=self._suites.caution,
                      found=submission.found,
                      absent=submission.absent(tasks),
                      seconds=time.monotonic() - started)

    def _in_groups(self, judge: Judge,
                   tasks: Sequence[Task]) -> dict[str, Remarks]:
        """Judge tasks in groups, and by itself each of which nothing is said.

        All of them at the same time, as far as the pool goes.
        """
        first = {self._pool.submit(self._guarded, judge, group): group
                 for group in self._groups(tasks)}
        again = [self._pool.submit(self._guarded, judge, [task])
                 for done in as_completed(first)
                 for task in first[done] if task.id not in done.result()]
        return _merged(done.result() for done in [*first, *again])

    def _guarded(self, judge: Judge, tasks: Sequence[Task]
                 ) -> dict[str, Remarks]:
        """Return what a judge says of tasks, by id; one by one if it raises.

        An exception over one task is the error of that task alone. UserError
        is passed on: it means that the walls are gone.
        """
        try:
            return dict(judge(tasks))
        except UserError:
            raise
        except BadSuite as error:
            if len(tasks) == 1:
                return {tasks[0].id: Remarks(error=text(str(error)))}
        except Exception as error:
            if self._options.debug:
                raise
            if len(tasks) == 1:
                return {tasks[0].id: Remarks(error=_error_text(error))}
        return _merged(self._guarded(judge, [task]) for task in tasks)

    def _verdict(self, submission: Submission, task: Task,
                 all_remarks: AllRemarks) -> TaskVerdict:
        try:
            return self._decide(submission, task, all_remarks)
        except Exception as error:
            if self._options.debug:
                raise
            return verdict.unfinished(self.library.folder(task.folder), task,
                                      _error_text(error))

    def tool(self, job: str) -> Tool:
        """Return a tool for the files of one submission."""
        return WalledTool(self._tools, job)

    def seen_of_model(self, task: Task, seed: str,
                      checks: Sequence[str]) -> dict[str, Observed]:
        """Return what checks of a task observe on its model."""
        bench = self._bench(task)
        return bench.observe(model_files(bench.folder), seed, checks)[0]

    def checks(self, task: Task, content: bytes) -> dict[str, Judged]:
        """Judge one file, alone in its folder, by each check of a task."""
        bench = self._bench(task)
        seen, _ = bench.observe({task.file: content}, "", bench.suite.checks)
        return bench.compare(seen, "")

    def _bench(self, task: Task) -> Bench:
        return Bench(self._suites, self.library.folder(task.folder), task)

    def _behaviour(self, submission: Submission, seed: str,
                   tasks: Sequence[Task]) -> dict[str, Remarks]:
        """Judge a task, or a group of them, which are of one folder.

        Nothing is said of those of a group that do not pass in its run.
        """
        folder = self.library.folder(tasks[0].folder)
        there = [task for task in tasks if submission.has(task)]
        absent = {task.id: Remarks() for task in tasks if task not in there}
        if not there:
            return absent
        files = submission.contents(folder.name)
        if folder.judge == "learnertests":
            return absent | judging.judge_together(
                self._suites, folder, there, files, seed)
        benches = list(map(self._bench, there))
        if len(there) == 1:
            return absent | {there[0].id: benches[0].judge(files, seed)}
        return absent | passing_together(benches, files, seed)

    def _groups(self, tasks: Sequence[Task]) -> list[list[Task]]:
        """Group the tasks that may share runs; the order is kept.

        Learners' tests do with those of one value of `together`, other tasks
        with all of their folder.
        """
        found: dict[tuple[str, str], list[Task]] = {}
        for task in tasks:
            judge = self.library.folder(task.folder).judge
            found.setdefault((task.folder, (
                task.together or task.id) if judge == "learnertests" else ""),
                []).append(task)
        return list(found.values())

    def _static(self, submission: Submission, tasks: Sequence[Task]
                ) -> dict[str, dict[str, Remarks]]:
        """Return the remarks of the tools, by dimension and task."""
        return {name: self._guarded(partial(judge, submission), tasks)
                for name, judge in (("types", self._types),
                                    ("style", self._style))}

    def _types(self, submission: Submission,
               tasks: Sequence[Task]) -> dict[str, Remarks]:
        typed = {task.id: _typed(self.library, submission, task)
                 for task in tasks if submission.has(task)
                 and "types" in self.library.folder(task.folder).dimensions}
        remarks = typecheck.judge(list(typed.values()),
                                  self.tool("typecheck"), self._cache)
        return {id: remarks[file.id] for id, file in typed.items()}

    def _style(self, submission: Submission,
               tasks: Sequence[Task]) -> dict[str, Remarks]:
        styled = {task.id: _styled(submission, task)
                  for task in tasks if submission.has(task)}
        # Several tasks may share a file.
        files = {file.id: file for file in styled.values()}
        remarks = style.judge(list(files.values()), self.tool("style"))
        return {task.id: style.of_task(
            remarks[styled[task.id].id], task,
            self.library.folder(task.folder).tasks)
            for task in tasks if task.id in styled}

    def _decide(self, submission: Submission, task: Task,
                all_remarks: AllRemarks) -> TaskVerdict:
        # 1. Nothing to judge: the file is missing, refused, or the grader
        #    lacks a package.
        folder = self.library.folder(task.folder)
        file = submission.file(task)
        if file is None:
            return verdict.absent(
                folder, task, "refused" if task.folder in submission.refused
                else "missing", submission.missing(task))
        if file.refused is not None:
            return verdict.absent(folder, task, "refused",
                                  f"{task.file} {file.refused}")
        if lack := lacking(folder):
            return verdict.unfinished(folder, task, lack)
        # 2. Complete the remarks: lines, reasons, and the comparison of
        #    types and behaviour.
        source = submission.text(task)
        remarks = {name: all_remarks[name][task.id] for name in DIMENSIONS
                   if task.id in all_remarks[name]}
        remarks["behaviour"] = replace(
            remarks["behaviour"], failures=tuple(
                doubted(located(_continued(each, submission, task.folder),
                                source), source)
                for each in remarks["behaviour"].failures))
        if "types" in remarks:
            remarks["types"] = confirmed(remarks["types"],
                                         remarks["behaviour"])
        return verdict.decide(folder, task, remarks,
                              submission.is_blank(task))


def _continued(finding: Finding, submission: Submission,
               folder: str) -> Finding:
    """Add to a finding why the file that it misses was not read, if so."""
    return replace(finding, message=finding.message + submission.unread(
        folder, finding.message))


def _merged(parts: Iterable[Mapping[str, Remarks]]) -> dict[str, Remarks]:
    return {id: remarks for part in parts for id, remarks in part.items()}


def _error_text(error: Exception) -> str:
    """Return an exception as one printable line."""
    return text(f"{type(error).__name__}: {error}")


def _typed(library: Library, submission: Submission, task: Task) -> TypedFile:
    """Return a file whose types are to be judged by the model's."""
    model = library.folder(task.folder).path / task.file
    return TypedFile(
        id=task.path, source=_file(submission, task).content,
        model=model.read_text(encoding="utf-8"), names=task.types.names,
        variants=task.types.variants, is_clean=task.types.clean,
        beside={path: content for path, content in submission.contents(
            task.folder).items() if is_module(path)})


def _styled(submission: Submission, task: Task) -> StyledFile:
    """Return a file whose style is to be judged."""
    file = _file(submission, task)
    return StyledFile(id=task.path, source=file.content,
                      is_executable=file.executable,
                      is_program="/" not in task.file)


def _file(submission: Submission, task: Task) -> SubmittedFile:
    file = submission.file(task)
    assert file is not None
    return file
