"""Runs a cohort: grades what is not graded yet, and writes the reports."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial
from heapq import merge
from operator import itemgetter
from pathlib import Path
from sqlite3 import Error as SQLiteError
from typing import Any

from grader.classlist import downloads, matching, roster
from grader.classlist.matching import Matched
from grader.classlist.person import Person
from grader.cohort import fingerprint, html, merging, names, ungraded
from grader.cohort.archives import Refused, Unpacker
from grader.cohort.closing import Account
from grader.cohort.crew import Crew
from grader.cohort.given import given
from grader.cohort.gradestable import Column, Grades
from grader.cohort.html import Beside
from grader.cohort.ledger import (
    REPORTS, ROSTER, Ledger, index, read_at)
from grader.cohort.pace import Pace
from grader.cohort.sources import Source, named
from grader.cohort.taking import TooLate, take, take_dated
from grader.cohort.worker import Job, tasks_of
from grader.errors import GraderError, UserError
from grader.files import is_empty, replacing, sweep
from grader.history import repository
from grader.library.library import Library, Task
from grader.marks.classbook import ClassBook
from grader.marks.marking import UNDATED, UNDATED_LATE
from grader.marks.scheme import Scheme
from grader.report import records
from grader.report.records import Record
from grader.submission.submission import Submission

# Until the end, the reports are written now and then: no more often than
# this, and never for more than a small part of the time.
REPORT_SECONDS = 30.0
_REST = 30
# A clone lies in its folder, or in that of its owner.
_DEEPEST_CLONE = 1

Watch = Callable[[Pace], None]


@dataclass(frozen=True, kw_only=True)
class Cohort:
    """What to grade, by what, and where the results go.

    With `present` the folders that a submission lacks do not count, unless
    it has none of those asked for. Archives are opened behind a wall with
    that isolation, from where neither the library nor what is `hidden` can
    be seen. `roster` is the class, `scheme` what makes marks of points, and
    `at` the moment that repositories are graded as they stood at. Files are
    compared with those of the results `against` as well.
    """

    sources: Sequence[Source]
    library: Library
    tasks: Sequence[Task]
    out: Path
    present: bool = False
    isolation: str = "auto"
    hidden: tuple[Path, ...] = ()
    roster: Sequence[Person] = ()
    scheme: Scheme | None = None
    at: datetime | None = None
    against: tuple[Path, ...] = ()

    @property
    def is_dated(self) -> bool:
        """Return whether it matters when a submission was handed in."""
        return self.at is not None or (
            self.scheme is not None and self.scheme.needs_dates)


def grade(cohort: Cohort, crew: Crew, watch: Watch) -> Account:
    """Grade what is not graded yet, then write the reports.

    No more submissions are in memory than the crew works on. `watch` is
    called first of all, after each one, and every second or so.
    """
    account = Account(pace=Pace(total=len(cohort.sources)))
    watch(account.pace)
    grades = Grades(cohort.library.tasks, cohort.tasks)
    with (Ledger(cohort.out, grades.add) as ledger,
          Unpacker(cohort.isolation, cohort.library.names, (
              cohort.library.root, *cohort.hidden)) as unpacker):
        if any(source.is_file for source in cohort.sources):
            # Where there is no wall to be had, it ends here and now.
            unpacker.open()
        account.spoiled = ledger.spoiled
        run = _Run(cohort, crew, ledger, grades, account, watch, unpacker)
        with closing(crew.grade(run.jobs())) as results:
            for result in results:
                if result is None:
                    run.beat()
                else:
                    run.settle(*result)
        run.look_back()
        ledger.check()
        with _said_to_be_safe(ledger.path):
            for name in REPORTS:
                sweep(cohort.out / name)
            ledger.tidy(run.book.added)
            write_reports(cohort.out, grades, ledger, run.beside())
    return account


class _Run:
    """One run over a cohort: its ledger, its counts, its progress."""

    def __init__(self, cohort: Cohort, crew: Crew, ledger: Ledger,
                 grades: Grades, account: Account, watch: Watch,
                 unpacker: Unpacker) -> None:
        self._cohort, self._crew, self._ledger = cohort, crew, ledger
        self._unpacker = unpacker
        self._grades, self._account, self._watch = grades, account, watch
        self._course = cohort.library.tasks
        self._digest = fingerprint.library_digest(cohort.library, crew.tier)
        known = ledger.sources()
        self._sources = named(cohort.sources, known, cohort.out)
        out = cohort.out.resolve()
        self._lie = {each.name: names.source(each.place, out)
                     for each in self._sources}
        account.renamed = [now.name for was, now in zip(
            cohort.sources, self._sources)
            if now.name != was.name and now.name not in known]
        matched = _matched(cohort, self._sources, known)
        self.book = ClassBook(matched.people, cohort.scheme)
        grades.book = self.book
        # All have the same verdicts, which are in memory once.
        nothing = self._nothing()
        grades.absent = {
            place: self.book.added(nothing | {
                "submission": person.label, "absent": place})
            for place, person in self.book.absent.items()}
        if cohort.scheme:
            # They were read before it was known how marks are made.
            for record in ledger.records():
                grades.add(record)
        account.absent = [each.label for each in self.book.absent.values()]
        account.unknown = matched.unknown
        account.strangers = [*self.book.strangers()]
        if matched.people:
            with _said_to_be_safe(ledger.path), replacing(
                    cohort.out / ROSTER) as file:
                file.write(roster.written(matched.people))
        self._handed_in: dict[str, dict[str, str]] = {}
        self._given = partial(given, cohort.library)
        self._next = time.monotonic() + REPORT_SECONDS

    def jobs(self) -> Iterator[Job]:
        """Yield the submissions to grade, one job after the other.

        The crew takes the next job when it has a free worker. Submissions
        between two jobs, which need no grading, are settled meanwhile: the
        ledger and the progress are written as a side effect.
        """
        for source in self._sources:
            self.beat()
            try:
                submission = self._take(source)
            except TooLate as error:
                self._enter(self._report(
                    source.name, self._cohort.tasks,
                    ungraded.missing(error.what)), "", is_read=False)
                continue
            except UserError as error:
                self._enter(self._unread(source, error), "", is_read=False)
                continue
            key = fingerprint.submission_key(submission, self._digest)
            requested = self._asked(submission)
            if self._lacking(source.name, key, requested) and (
                    trouble := self._loss(submission)):
                self._enter(self._report(
                    source.name, requested,
                    ungraded.unfinished(trouble)), "", is_read=False)
            elif tasks := self._wanted(source.name, key, requested):
                yield Job(submission, key, tasks)

    def _take(self, source: Source) -> Submission:
        """Read a submission, and keep when it was handed in if that counts.
        """
        if not self._cohort.is_dated:
            return take(source, self._cohort.library, self._unpacker)
        taken = take_dated(source, self._cohort.library, self._unpacker,
                           self._cohort.at)
        found = {"commit": taken.commit} if taken.commit else {}
        if taken.when:
            found["handed_in"] = taken.when.isoformat()
        self._handed_in[source.name] = found
        return taken.submission

    def _nothing(self) -> Record:
        """Return a report without a name on nothing handed in."""
        graded = {column.id for column in self._grades.columns()}
        return self._report("", [
            task for task in self._course if task.id in graded],
            ungraded.missing("nothing was handed in"))

    def settle(self, job: Job, data: dict[str, Any] | None,
               trouble: str) -> None:
        """Write the result of a job to the ledger."""
        if data is not None and not records.is_record(data):
            data, trouble = None, "its report makes no sense"
        if data is None:
            tasks = tasks_of(self._cohort.library, job.tasks)
            data = self._report(job.submission.name, tasks,
                                ungraded.unfinished(trouble))
        self._enter(data | {"submission": job.submission.name}, job.key)
        self.beat()

    def beat(self) -> None:
        """Show the progress, and save the table from time to time."""
        self._account.pace.running = self._crew.running()
        self._watch(self._account.pace)
        if time.monotonic() >= self._next:
            began = time.monotonic()
            with suppress(OSError, SQLiteError):
                write_reports(self._cohort.out, self._grades, self._ledger,
                              Beside(given=self._given))
            took = time.monotonic() - began
            self._next = time.monotonic() + max(
                REPORT_SECONDS, took * _REST)

    def look_back(self) -> None:
        """Count the verdicts that are of earlier states of submissions."""
        for name in self._lie:
            entry = self._ledger.entry(name)
            if entry and entry.older:
                self._account.older[name] = len(entry.older)
            mark = self.book.scheme and entry and self.book.mark(
                self._ledger.read(name) or {})
            if mark:
                self._account.undated.update({*mark.notes} & {
                    UNDATED, UNDATED_LATE})

    def beside(self) -> Beside:
        """Return what the report needs to know besides the results."""
        sources = {each.name: each for each in self._sources}

        # Asked for one learner after the other: one is in memory at a time.
        @lru_cache(maxsize=1)
        def taken(name: str) -> Submission | None:
            try:
                return self._take(sources[name]) if name in sources else None
            except UserError:
                return None

        def code(name: str, task: Column) -> str:
            submission = taken(name)
            content = submission and submission.contents(task.folder).get(
                task.file)
            return (content or b"").decode("utf-8", "replace")

        return Beside(given=self._given, code=code,
                      earlier=lambda: _earlier(self._cohort.against))

    def _asked(self, submission: Submission) -> Sequence[Task]:
        """Return the tasks to grade a submission by; forget others' verdicts.

        Where folders count that are there alone, earlier results may have
        verdicts on others.
        """
        present = self._cohort.present and submission.present(
            self._cohort.tasks)
        if not present:
            return self._cohort.tasks
        entry = self._ledger.entry(submission.name)
        absent = submission.absent(self._course)
        gone = {task.id for task in self._course if task.folder in absent}
        if entry and gone & {*entry.current, *entry.older}:
            record = self._ledger.read(submission.name)
            assert record
            self._append(submission.name, merging.without(
                record, gone, self._course), record)
        return present

    def _loss(self, submission: Submission) -> str:
        """Return why a submission must not replace its earlier points.

        A folder that has become empty may not be mounted, and what links
        lead to may be back tomorrow. "" in all other cases.
        """
        if submission.folders or not self._has_points(submission.name):
            return ""
        if submission.refused:
            folder, why = next(iter(submission.refused.items()))
            return f"the folder {folder} {why}"
        return "" if submission.seen else "there is nothing at all any more"

    def _has_points(self, name: str) -> bool:
        known = self._ledger.read(name)
        return known is not None and known["score"]["points"] > 0

    def _wanted(self, name: str, key: str,
                requested: Sequence[Task]) -> tuple[str, ...]:
        """Return the tasks to grade; known verdicts are reused."""
        lacking = self._lacking(name, key, requested)
        if lacking and (alike := self._ledger.like(key, lacking)):
            self._append(name, merging.merged(
                self._ledger.read(name), alike, key, self._course))
            lacking = self._lacking(name, key, requested)
        if not lacking:
            self._serve(name, key)
        return lacking

    def _lacking(self, name: str, key: str,
                 requested: Sequence[Task]) -> tuple[str, ...]:
        entry = self._ledger.entry(name)
        return tuple(task.id for task in requested
                     if entry is None or not entry.has(key, task.id))

    def _serve(self, name: str, key: str) -> None:
        entry = self._ledger.entry(name)
        is_current = (entry and entry.key == key and not entry.is_troubled
                      and entry.source == self._lie[name]
                      and name not in self._handed_in)
        record = None if is_current else self._ledger.read(name)
        if record is not None:
            self._append(name, merging.restated(record, key, self._course),
                         record)
        self._account.pace.served += 1

    def _unread(self, source: Source, error: UserError) -> dict[str, Any]:
        """Return the report on a submission that could not be taken in.

        An archive that is refused fails; whatever else it was, the
        learner is not to blame for it. A file that has become empty is
        what a folder is that has.
        """
        is_refused = isinstance(error, Refused) and not (
            self._has_points(source.name) and is_empty(source.path))
        judge = (ungraded.refused(error.what) if is_refused
                 else ungraded.unfinished(f"{error.what}; {error.todo}"))
        return self._report(source.name, self._cohort.tasks, judge)

    def _report(self, name: str, tasks: Sequence[Task],
                judge: ungraded.Judge) -> dict[str, Any]:
        return ungraded.report(name, self._cohort.library, tasks,
                               self._crew.tier, judge) | {
                                   "submission": name}

    def _enter(self, data: dict[str, Any], key: str, *,
               is_read: bool = True) -> None:
        """Merge a report into the earlier record, and count it."""
        name = data["submission"]
        old = self._ledger.read(name)
        new = self._append(name, merging.merged(old, data, key,
                                                self._course), old)
        self._account.note(old, new, data, is_read=is_read)

    def _append(self, name: str, record: Record,
                old: Record | None = None) -> Record:
        record |= {"submission": name, "source": self._lie[name]
                   } | self._handed_in.get(name, {})
        if record != old:
            self._ledger.append(record)
        return record


@contextmanager
def _said_to_be_safe(results: Path) -> Iterator[None]:
    """Add to an error of writing a report that no result is lost."""
    try:
        yield
    except (OSError, SQLiteError) as error:
        why = getattr(error, "strerror", None) or error
        raise GraderError(
            f"the reports cannot be written: {why}",
            f"the results are safe in {results}: make room or close what has"
            " them open, and run the same command again") from None


def _matched(cohort: Cohort, sources: Sequence[Source],
             known: Iterable[str]) -> Matched:
    """Return the class: the roster, matched with the submissions."""
    people = {source.name: source.person for source in sources}
    people |= _of_clones([source for source in sources
                          if source.person == Person() and
                          not source.trouble and source.path.is_dir()])
    if not cohort.roster and all(
            person == Person() for person in people.values()):
        return Matched()
    return matching.match(
        cohort.roster, dict.fromkeys(known, Person()) | people)


def _of_clones(sources: Sequence[Source]) -> dict[str, Person]:
    """Return who owns the repositories among submissions, on GitHub."""
    homes = {source.name: home for source in sources
             if (home := repository.find(source.path, _DEEPEST_CLONE))}
    addresses = {name: address for name, home in homes.items() if (
        address := downloads.github(repository.settings(home)))}
    return {name: Person(login=login)
            for name, login in downloads.logins(addresses).items()}


def write_reports(out: Path, grades: Grades, ledger: Ledger,
                  beside: Beside | None = None) -> None:
    """Write grades.csv and report.html from what the ledger holds."""
    write_grades(out, grades)
    with replacing(out / "report.html") as file:
        for part in html.page(grades.columns(),
                              lambda: _in_order(grades, ledger),
                              bool(grades.book.people), beside):
            file.write(part)


def _in_order(grades: Grades, ledger: Ledger) -> Iterator[Record]:
    """Yield the records and the reports on those absent, as rows are."""
    place = grades.book.place
    return (record for _, record in merge(
        ((place(record["submission"]), record)
         for record in ledger.records(place)),
        (((number, ""), record) for number, record
         in sorted(grades.absent.items())), key=itemgetter(0)))


def _earlier(against: Sequence[Path]) -> Iterator[tuple[str, Record]]:
    """Yield the records of earlier classes, each with a label."""
    for path in against:
        for name, entry in sorted(index(path).items()):
            yield f"{name} ({path.parent.name})", read_at(path, entry.offset)


def write_grades(out: Path, grades: Grades) -> None:
    """Write grades.csv from the rows that there are by now."""
    with replacing(out / "grades.csv") as file:
        for line in grades.lines():
            file.write(line)
