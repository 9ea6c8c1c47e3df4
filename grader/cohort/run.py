"""Grades many submissions, one result line each, and never twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.cohort import fingerprint, gradebook, html, undecided
from grader.cohort.archives import Refused, Unpacker
from grader.cohort.crew import Crew
from grader.cohort.ledger import Ledger
from grader.cohort.pace import Pace
from grader.cohort.sources import Source, take
from grader.cohort.worker import Job
from grader.errors import UserError
from grader.files import replacing
from grader.library import Library, Task

Watch = Callable[[Pace], None]


@dataclass(frozen=True, kw_only=True)
class Cohort:
    """What to grade, by what, and where the results go.

    Archives are opened behind a wall with that isolation.
    """

    sources: Sequence[Source]
    library: Library
    tasks: Sequence[Task]
    out: Path
    isolation: str = "auto"


def grade(cohort: Cohort, crew: Crew, watch: Watch) -> Pace:
    """Grade what is not graded yet, then write the reports.

    No more submissions are in memory than the crew works on. `watch` is
    called first of all, and after each one.
    """
    pace = Pace(total=len(cohort.sources))
    watch(pace)
    with Ledger(cohort.out) as ledger, Unpacker(cohort.isolation) as unpacker:
        if any(source.path.is_file() for source in cohort.sources):
            # Where there is no wall to be had, it ends here and now.
            unpacker.open()
        run = _Run(cohort, crew.tier, ledger, pace, watch, unpacker)
        with closing(crew.grade(run.jobs())) as results:
            for job, data, trouble in results:
                run.settle(job, data, trouble)
        write_reports(cohort, ledger)
        ledger.tidy()
    return pace


class _Run:
    """One run over a cohort: its ledger, its count and who watches."""

    def __init__(self, cohort: Cohort, tier: str, ledger: Ledger,
                 pace: Pace, watch: Watch, unpacker: Unpacker) -> None:
        self._cohort, self._tier, self._ledger = cohort, tier, ledger
        self._pace, self._watch, self._unpacker = pace, watch, unpacker
        self._print = fingerprint.library_print(
            cohort.library, cohort.tasks, tier)

    def jobs(self) -> Iterator[Job]:
        """Yield what must be graded; settle all the rest on the way."""
        for source in self._cohort.sources:
            try:
                submission = take(source, self._cohort.library,
                                  self._unpacker)
            except UserError as error:
                self._enter(self._unread(source, error), "")
                continue
            key = fingerprint.submission_key(submission, self._print)
            if self._ledger.has(source.name, key):
                self._served()
            elif record := self._ledger.like(key):
                self._ledger.append(record | {"submission": source.name})
                self._served()
            else:
                yield Job(submission, key)

    def settle(self, job: Job, data: dict[str, Any] | None,
               trouble: str) -> None:
        """Write down what came of a job."""
        if data is None:
            data = self._report(job.submission.name,
                                undecided.unfinished(trouble))
        self._enter(data, job.key)

    def _unread(self, source: Source, error: UserError) -> dict[str, Any]:
        """Return the report on a submission that could not be taken in.

        An archive that is refused fails; whatever else it was, the
        learner is not to blame for it.
        """
        judge = (undecided.refused if isinstance(error, Refused)
                 else undecided.unfinished)
        return self._report(source.name, judge(error.what))

    def _report(self, name: str, judge: undecided.Judge) -> dict[str, Any]:
        return undecided.report(name, self._cohort.library,
                                self._cohort.tasks, self._tier, judge)

    def _enter(self, data: dict[str, Any], key: str) -> None:
        self._ledger.append(data | {"key": key})
        self._pace.graded += 1
        self._pace.errors += any(task["status"] == "error"
                                 for task in data["tasks"])
        self._watch(self._pace)

    def _served(self) -> None:
        self._pace.served += 1
        self._watch(self._pace)


def write_reports(cohort: Cohort, ledger: Ledger) -> None:
    """Write grades.csv and report.html from what the ledger holds."""
    headings = [task.id for task in cohort.tasks]
    with replacing(cohort.out / "grades.csv") as file:
        file.write(gradebook.line(gradebook.header(headings)))
        file.write(gradebook.line(gradebook.possible(
            [task.points for task in cohort.tasks])))
        for record in ledger.records():
            file.write(gradebook.line(gradebook.row(record, headings)))
    with replacing(cohort.out / "report.html") as file:
        for part in html.page(cohort.tasks, ledger.records):
            file.write(part)
