"""`grade gradebook`: writes gradebooks, feedback and anonymous results."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from grader.commands.usage import Command
from grader.errors import UserError

# Importing typing would take as long as the rest of `grade --help`.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from grader.commands.usage import Printer
    from grader.library.library import Library
    from grader.marks.classbook import ClassBook
    from grader.report.records import Record

FORMATS = ("canvas", "moodle", "csv")


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("results", type=Path, metavar="RESULTS",
                        help="what --out of grade cohort was")
    parser.add_argument("--format", choices=FORMATS,
                        help="who is to read it: canvas, moodle, or any"
                        " spreadsheet (csv)")
    parser.add_argument("--output", type=Path, metavar="FILE",
                        help="default: gradebook-FORMAT.csv in RESULTS")
    parser.add_argument("--by", choices=("total", "folder", "task"),
                        default="total", help="a column for the mark"
                        " (default), or the points of each folder or task")
    parser.add_argument("--title", default="Mark", metavar="NAME",
                        help='heading of the mark; for Canvas "Name (id)" of'
                        " an assignment that is there")
    parser.add_argument("--out-of", type=float, metavar="N",
                        help="scale the whole to N points")
    parser.add_argument("--roster", type=Path, metavar="FILE",
                        help="default: roster.csv in RESULTS")
    parser.add_argument("--class", type=Path, metavar="FILE", dest="scheme",
                        help="default: class.toml in RESULTS")
    parser.add_argument("--feedback", action="store_true",
                        help="write a page for each learner, HTML and"
                        " Markdown, in RESULTS/feedback")
    parser.add_argument("--anonymous", type=Path, metavar="FILE",
                        help="write the report without names there")


def gradebook(arguments: argparse.Namespace, printer: Printer) -> int:
    """Write what was asked for out of the results of a class."""
    from grader.library.library import load_library

    if not (arguments.format or arguments.feedback or arguments.anonymous):
        raise UserError("nothing was asked for",
                        "name --format, --feedback or --anonymous")
    if arguments.out_of is not None and arguments.out_of <= 0:
        raise UserError("--out-of takes a number above 0", "name another")
    library = load_library(arguments.library)
    book = _classbook(arguments, library)
    records = _records(arguments.results, book)
    if arguments.format:
        _write_book(arguments, book, records, printer)
    if arguments.feedback:
        _write_feedback(arguments.results, records, printer)
    if arguments.anonymous:
        _write_report(arguments.anonymous, library, records, printer)
    return 0


def _classbook(arguments: argparse.Namespace, library: Library) -> ClassBook:
    from grader.classlist import matching, roster
    from grader.classlist.person import Person
    from grader.cohort import ledger
    from grader.cohort.baseline import results_file
    from grader.marks import scheme
    from grader.marks.classbook import ClassBook

    folder: Path = arguments.results
    results = results_file(folder)
    people = roster.read_back(results.with_name(ledger.ROSTER))
    if arguments.roster:
        known = {name: Person() for name in ledger.index(results)}
        known |= {each.submission: each for each in people
                  if each.submission in known}
        people = matching.match(roster.read(arguments.roster), known).people
    file = arguments.scheme or results.with_name(ledger.SCHEME)
    is_there = arguments.scheme or file.is_file()
    return ClassBook(people, scheme.load(file, library) if is_there
                     else None)


def _records(results: Path, book: ClassBook) -> list[Record]:
    """Return what there is of each learner, with the mark, in order."""
    from grader.cohort import ledger
    from grader.cohort.baseline import results_file
    from grader.marks import entries

    file = results_file(results)
    index = ledger.index(file)
    found = {book.place(name): ledger.read_at(file, entry.offset)
             for name, entry in index.items()}
    if not found:
        raise UserError(f"{file} holds no results",
                        "name what --out of grade cohort was")
    nothing = entries.empty_record(entries.all_tasks(found.values()),
                                   next(iter(found.values())))
    found |= {(place, ""): nothing | {"submission": person.label,
                                      "absent": place}
              for place, person in book.absent.items()}
    return [book.added(found[place]) for place in sorted(found)]


def _write_book(arguments: argparse.Namespace, book: ClassBook,
                records: Sequence[Record], printer: Printer) -> None:
    from grader.marks import books, entries

    out_of: float | None = arguments.out_of
    if out_of is None and arguments.format == "moodle" and not (
            book.scheme and book.scheme.out_of):
        out_of = books.MOST_IN_MOODLE
    made = books.FORMS[arguments.format](entries.book(
        records, book, arguments.by, arguments.title, out_of))
    for remark in made.remarks:
        printer(remark)
    _write(arguments.output or _beside(
        arguments.results, f"gradebook-{arguments.format}.csv"),
        made.text, printer)


def _write_feedback(results: Path, records: Sequence[Record],
                    printer: Printer) -> None:
    from grader.cohort import ledger
    from grader.marks import feedback

    folder = _beside(results, ledger.FEEDBACK)
    for record in records:
        name = feedback.file_name(record["submission"])
        title = record.get("learner", {}).get("name") or record["submission"]
        for ending, page in ((".html", feedback.as_html),
                             (".md", feedback.as_markdown)):
            _write(folder / f"{name}{ending}", page(record, title))
    printer(f"wrote {len(records)} pages, HTML and Markdown, in {folder}")


def _write_report(target: Path, library: Library,
                  records: Sequence[Record], printer: Printer) -> None:
    from grader.cohort import html
    from grader.cohort.gradestable import Grades
    from grader.marks.anonymous import anonymous

    nameless = anonymous(records)
    grades = Grades(library.tasks, ())
    for record in nameless:
        grades.add(record)
    _write(target, "".join(html.page(grades.columns(), lambda: nameless)),
           printer)


def _beside(results: Path, name: str) -> Path:
    return (results if results.is_dir() else results.parent) / name


def _write(target: Path, text: str, printer: Printer | None = None) -> None:
    from grader import files

    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        files.write(target, text.encode(errors="backslashreplace"))
    except OSError as error:
        raise files.unwritable(error, target, "name another file") from None
    if printer:
        printer(f"wrote {target}")


GRADEBOOK = Command(
    name="gradebook", help="write what a learning platform imports",
    run=gradebook, arguments=_arguments,
    description="Write the marks of a class as Canvas, Moodle or a "
                "spreadsheet read them, a page for each learner, or a report "
                "without names. The mark is the score, or what class.toml in "
                "RESULTS makes of it; roster.csv there says who each one is. "
                "Late penalties are in the mark, not in the points of "
                "folders and tasks. Of the report without names, what a "
                "program printed stays as it is.",
    examples="""\
  grade gradebook results/ --format canvas --title "Python (501)"
  grade gradebook results/ --format moodle --output moodle.csv
  grade gradebook results/ --feedback --anonymous public.html""")
