"""Archives: what is taken of each, and what is said of the others."""

from __future__ import annotations

import bz2
import dataclasses
import gzip
import json
import lzma
import os
import shutil
import sys
import tarfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import IO, Any, NamedTuple

import pytest

from grader.cohort import archives, kinds, ungraded
from grader.cohort.archives import LIMITS, Refused, Unpacker
from grader.cohort.crew import Graded, Results
from grader.cohort.ledger import RESULTS
from grader.cohort.run import Cohort, grade
from grader.cohort.sources import Source
from grader.cohort.taking import find_home, take
from grader.cohort.worker import Job
from grader.errors import GraderError, UserError
from grader.grading import verdict
from grader.grading.verdict import TaskVerdict
from grader.inside.learnertests.bodyserver import BodyServer
from grader.inside.limits import Limits
from grader.library.library import Folder, Library, Task
from grader.submission.submission import MAX_BYTES, MAX_FILES, Submission
from grader.wall import forking
from grader.wall.forking import Wall
from grader.wall.outcome import Ended, Outcome
from tests.helpers.packing import (
    BZIP2, DEFLATED, DOS, FILE, FOLDER, LOCKED, SOURCE, Zipped, changed, entry,
    header, long_zip, made_tar, made_tgz, made_zip, pax, python_zip, slow_tgz,
    sparse, special, tarred)

# An archive that needs more is hostile, however busy the machine is.
SHORT = dataclasses.replace(LIMITS, cpu_seconds=8.0, wall_seconds=60.0,
                            memory_mb=256)
# For one that is slow: the clock ends it, but for the first tier, where the
# limit of processor time does, in the whole seconds that the kernel counts.
HASTY = dataclasses.replace(SHORT, cpu_seconds=1.0, wall_seconds=0.3)
ABSENT = f"the folder {FOLDER} is not there"
LEAVES = "holds a path that leaves it: .../"
MISSING = "0-add.py is not there"


class Row(NamedTuple):
    """An archive, and what is said of task 0x00/0; "" for a right file."""

    name: str
    content: bytes
    says: str = ""


def zip_row(*content: Zipped, says: str = "") -> Row:
    return Row("a.zip", made_zip(*content), says)


def tar_row(*content: bytes, says: str = "") -> Row:
    return Row("a.tar", made_tar(*content), says)


KINDS = {
    "zip, deflated": zip_row(Zipped(method=DEFLATED)),
    "zip, stored": zip_row(Zipped()),
    "zip by Python": Row("a.zip", python_zip({FILE: SOURCE})),
    "zip behind a program": Row("a.zip", made_zip(Zipped(),
                                                  before=b"MZ" * 999)),
    "zip with a comment": Row("a.zip", made_zip(
        Zipped(), comment=b"PK\5\6" + b"x" * 300)),
    "zip, upper case": Row("A.ZIP", made_zip(Zipped())),
    "tar": tar_row(tarred()),
    "tar.gz": Row("a.tar.gz", made_tgz(tarred())),
    "tgz": Row("a.tgz", made_tgz(tarred())),
    "tar.bz2": Row("a.tar.bz2", bz2.compress(made_tar(tarred()))),
    "tar.xz": Row("a.tar.xz", lzma.compress(made_tar(tarred()))),
    "tar in a zip's clothes": Row("a.zip", made_tar(tarred())),
    "tgz in a zip's clothes": Row("a.zip", made_tgz(tarred())),
    "zip in a tgz's clothes": Row("a.tar.gz", made_zip(Zipped())),
    "tar in a tgz's clothes": Row("a.tar.gz", made_tar(tarred())),
    "RAR": Row("a.zip", b"Rar!\x1a\7\0rest", "is a RAR archive"),
    "7z": Row("a.zip", b"7z\xbc\xaf\x27\x1crest", "is a 7z archive"),
    "zstd": Row("a.tar", b"\x28\xb5\x2f\xfdrest", "is a Zstandard archive"),
    "web page": Row("a.zip", b"\n<!DOCTYPE html>", "is a web page"),
    "nonsense": Row("a.zip", b"nonsense" * 200, "neither a zip nor a tar"),
    "nonsense, tar": Row("a.tar", b"nonsense" * 200, "neither a zip nor"),
    "nonsense, packed": Row("a.tgz", gzip.compress(b"nonsense" * 200),
                            "is damaged, or holds no tar"),
    "tgz packed twice": Row("a.tgz", gzip.compress(made_tgz(tarred())),
                            "is damaged, or holds no tar"),
    "empty file": Row("a.zip", b"", "a.zip is empty"),
    "empty zip": zip_row(says=ABSENT),
    "only zeros": tar_row(says="is neither a zip nor a tar"),
    "tgz cut short": Row("a.tgz", made_tgz(tarred())[:-20], "is cut short"),
    "tar cut short": Row("a.tar", tarred(content=b"#" * 2000)[:1500],
                         "is damaged"),
    "zip cut short": Row("a.zip", made_zip(Zipped())[:-30],
                         "is cut short: the directory of a zip"),
    "zip cut in front": Row("a.zip", made_zip(Zipped())[20:],
                            "is damaged: its directory is not where"),
}

NAMES = {
    "in a folder of its own": zip_row(Zipped(name=f"ann/{FILE}".encode())),
    "in three folders": zip_row(Zipped(name=f"a/b/c/{FILE}".encode())),
    "too deep": zip_row(Zipped(name=f"a/b/c/d/e/f/g/{FILE}".encode()),
                        says=ABSENT),
    "current folder": tar_row(tarred(f"./{FILE}")),
    "by PowerShell": zip_row(Zipped(name=FILE.replace("/", "\\").encode(),
                                    system=DOS, mode=0)),
    "backslash elsewhere": zip_row(Zipped(), Zipped(name=rb"notes/a\b.txt")),
    "backslash in a tar": tar_row(tarred(), tarred("notes/a\\b.py")),
    "colon elsewhere": zip_row(Zipped(), Zipped(name=b"a: to do.txt")),
    "control characters elsewhere": zip_row(Zipped(),
                                            Zipped(name=b"a\n\x1b[2J/b.py")),
    "control characters alone": zip_row(
        Zipped(name=b"a\n\x1b[2J\xff.py"),
        says=f"{ABSENT}; there is a\\n\\x1b[2J\\udcff.py"),
    "NUL elsewhere": zip_row(Zipped(), Zipped(name=b"a\0b.py")),
    "no UTF-8 elsewhere": zip_row(Zipped(), Zipped(name=b"\xff\xfe/\xe9.py")),
    "no UTF-8 beside it": zip_row(Zipped(),
                                  Zipped(name=f"{FOLDER}/".encode()
                                         + b"\xff\xe9.py")),
    "no UTF-8 in a tar": tar_row(tarred("\udcff/\udce9.py"), tarred()),
    "no name": zip_row(Zipped(), Zipped(name=b""), Zipped(name=b"/")),
    "long name elsewhere": zip_row(Zipped(), Zipped(name=b"x" * 9999)),
    "upwards elsewhere": zip_row(Zipped(), Zipped(name=b"../../etc/a.py")),
    "absolute elsewhere": tar_row(tarred("/etc/passwd"), tarred()),
    "upwards": tar_row(tarred(f"../../{FILE}"), says=LEAVES + FILE),
    "within": tar_row(tarred(f"{FOLDER}/../{FILE}"), says=LEAVES + FILE),
    "absolute": zip_row(Zipped(name=f"/{FILE}".encode()),
                        says=LEAVES + FILE),
    "drive": zip_row(Zipped(name=f"C:\\{FOLDER}\\0-add.py".encode()),
                     says=LEAVES + FILE),
    "upwards by backslash": zip_row(
        Zipped(name=f"..\\{FOLDER}\\0-add.py".encode()), says=LEAVES + FILE),
    "text added": zip_row(Zipped(name=f"{FILE}.txt".encode()),
                          says=f"{MISSING}; is '0-add.py.txt' meant"),
    "other case": zip_row(Zipped(name=f"{FOLDER}/0-add.PY".encode()),
                          says=f"{MISSING}; is '0-add.PY' meant"),
    "both cases": zip_row(Zipped(name=f"{FOLDER}/0-ADD.py".encode(),
                                 content=b"1"), Zipped()),
    "folder misspelt": tar_row(
        tarred(FILE.replace("annotations", "annotation")),
        says=f"{ABSENT}; is '{FOLDER[:-1]}' meant to be it?"),
    "folder misspelt, packed with its own name": tar_row(
        tarred("ann/" + FILE.replace("annotations", "annotation")),
        says=f"{ABSENT}; is 'ann/{FOLDER[:-1]}' meant to be it?"),
    "two repositories": zip_row(
        Zipped(name=f"ann/{FILE}".encode()),
        Zipped(name=f"bob/{FILE}".encode()),
        says="holds several submissions: ann, bob"),
    "beside what macOS adds": zip_row(
        Zipped(name=f"ann/x/{FILE}".encode()),
        Zipped(name=f"__MACOSX/ann/x/{FOLDER}/._0-add.py".encode())),
}

MEMBERS = {
    "file twice": zip_row(Zipped(content=b"first"), Zipped()),
    "file twice, in a tar": tar_row(tarred(content=b"first"), tarred()),
    "file, then a link": tar_row(
        tarred(), header(kind=tarfile.SYMTYPE, link="/etc/passwd"),
        says="0-add.py is a symbolic link"),
    "file where a folder is": tar_row(tarred(FOLDER), tarred()),
    "folder where a file is": tar_row(
        header(FILE + "/", kind=tarfile.DIRTYPE),
        says="0-add.py is not a regular file"),
    "symbolic link": zip_row(Zipped(mode=0o120777),
                             says="0-add.py is a symbolic link"),
    "symbolic link, then what lies below": tar_row(
        header(FOLDER, kind=tarfile.SYMTYPE, link="/etc"),
        tarred(f"{FOLDER}/0-add.py")),
    "symbolic link to a folder": tar_row(
        tarred("more/work/0-add.py"),
        header(f"a/{FOLDER}", kind=tarfile.SYMTYPE, link=f"./b//{FOLDER}"),
        header("a/b", kind=tarfile.SYMTYPE, link="../b/"),
        header("a/c", kind=tarfile.DIRTYPE), tarred("b/x/y"),
        says=f"the folder {FOLDER} is a symbolic link that leads"),
    "symbolic link in a zip": zip_row(
        Zipped(name=b"more/work/0-add.py"),
        Zipped(name=b"more/latest", content=b"work", mode=0o120777),
        Zipped(name=FOLDER.encode(), content=b"more/x/../latest/.",
               mode=0o120777)),
    "symbolic link out of it": tar_row(
        header(FOLDER, kind=tarfile.SYMTYPE, link="/etc"),
        says=f"the folder {FOLDER} is a symbolic link that leads out of"),
    "symbolic link upwards": tar_row(
        header(FOLDER, kind=tarfile.SYMTYPE, link="a/../../etc"),
        says=f"the folder {FOLDER} is a symbolic link that leads out of"),
    "symbolic link to itself": tar_row(
        header(FOLDER, kind=tarfile.SYMTYPE, link=FOLDER),
        says=f"the folder {FOLDER} is a symbolic link that leads to no"),
    "symbolic link to nothing": tar_row(
        header(FOLDER, kind=tarfile.SYMTYPE, link="nothing"),
        says=f"the folder {FOLDER} is a symbolic link that leads to no"),
    "hard link": tar_row(
        tarred("0-add.py"),
        header(kind=tarfile.LNKTYPE, link="0-add.py")),
    "hard link to a hard link": tar_row(
        tarred("0-add.py"), header("b.py", kind=tarfile.LNKTYPE,
                                   link="./0-add.py"),
        header(kind=tarfile.LNKTYPE, link="b.py")),
    "hard link out of it": tar_row(
        header(kind=tarfile.LNKTYPE, link="../../etc/passwd"),
        says="0-add.py is not a regular file"),
    "pipe": tar_row(header(kind=tarfile.FIFOTYPE),
                    says="0-add.py is not a regular file"),
    "device in a zip": zip_row(Zipped(mode=0o020666),
                               says="0-add.py is not a regular file"),
    "device elsewhere": tar_row(header("a", kind=tarfile.CHRTYPE),
                                tarred()),
    "unknown kind of member": tar_row(header("a", kind=b"Z"), tarred()),
    "password": zip_row(Zipped(flags=LOCKED),
                        says="0-add.py is locked with a password"),
    "password elsewhere": zip_row(Zipped(), Zipped(name=b"b", flags=LOCKED)),
    "bzip2": zip_row(Zipped(method=BZIP2), says="0-add.py is packed in a"),
    "bzip2 elsewhere": zip_row(Zipped(), Zipped(name=b"b", method=BZIP2)),
    "damaged": zip_row(Zipped(checksum=1), says="0-add.py is damaged in"),
    "damaged elsewhere": zip_row(Zipped(), Zipped(name=b"b", checksum=1)),
    "damaged extra field": zip_row(Zipped(extra=b"\1\0\xff\xff"),
                                   Zipped(name=b"b", extra=b"\1")),
    "longer than it says": zip_row(Zipped(says=5), says="0-add.py is damag"),
    "shorter than it says": zip_row(Zipped(says=1 << 20),
                                    says="0-add.py is damaged"),
    "overlapping": Row("a.zip", made_zip(*[Zipped()] * 9, at=0)),
    "nowhere": Row("a.zip", made_zip(Zipped(), at=0xFFFFFFF0),
                   says="0-add.py is damaged in the archive"),
    "too large": zip_row(Zipped(content=bytes(MAX_BYTES + 1)),
                         says="0-add.py is larger than 256 KiB"),
    "sparse": tar_row(sparse(FILE, 1 << 40),
                      says="0-add.py is larger than 256 KiB"),
    "sparse elsewhere": tar_row(sparse("zeros.py", 1 << 40), tarred()),
    "negative size": tar_row(changed(header(), 124, b"\xff" * 12),
                             says="0-add.py is another file"),
    "negative size of a link": tar_row(
        changed(header("a", kind=tarfile.SYMTYPE), 124, b"\xff" * 12),
        tarred()),
    "a mode of no number": tar_row(changed(header(), 100, b"nonsense"),
                                   says="is neither a zip nor a tar"),
    "long name": tar_row(
        special(tarfile.GNUTYPE_LONGNAME, f"x/{FILE}\0".encode()),
        tarred("x")),
    "long name by pax": tar_row(pax("path", FILE), tarred("x")),
}

# Made when they are needed, since some take their time.
BOMBS: dict[str, Callable[[], Row]] = {
    "bzip2 that says it is small": lambda: zip_row(
        Zipped(content=bytes(8 << 20), method=BZIP2, says=1000),
        says="0-add.py is packed in a way"),
    "folders 240 deep": lambda: Row(
        "a.tar.gz", made_tgz(*(
            pax("path", f"{number}/" + "d/" * 240 + FILE) + tarred("x")
            for number in range(200))), f"{ABSENT}; there is 0, 1, 10, 100"),
    "a name of 200 megabytes": lambda: Row(
        "a.tar.gz", b"".join([
            gzip.compress(header("about", kind=tarfile.GNUTYPE_LONGNAME,
                                 size=200 << 20)),
            gzip.compress(b"a/" * (5 << 20), 1) * 20,
            gzip.compress(made_tar(tarred()))]),
        "a.tar.gz needs too much memory to unpack"),
    "long names nested": lambda: Row(
        "a.tar.gz", made_tgz(special(
            tarfile.GNUTYPE_LONGNAME, b"a\0") * 5000, tarred()),
        "a.tar.gz is damaged, or holds no tar"),
    "a long directory": lambda: Row("a.zip", long_zip(
        400_000, entry(b"a")), "a.zip holds more than 50000 files"),
    "many members": lambda: Row("a.zip", long_zip(50_001, entry(b"a")),
                                "a.zip holds more than 50000 files"),
    "many members in a tar": lambda: Row(
        "a.tgz", made_tgz(header("a") * 50_001, tarred()),
        "a.tgz holds more than 50000 files"),
    "many folders": lambda: Row(
        "a.zip", made_zip(*(
            Zipped(name="/".join(f"{each}{number}" for each in "abcdefgh")
                   .encode()) for number in range(9000))),
        "a.zip holds more than 50000 folders"),
    "long names": lambda: Row(
        "a.zip", made_zip(*(
            Zipped(name=f"{number:0255}/{'n' * 200}/{'m' * 200}/x".encode())
            for number in range(9_000))),
        "a.zip holds names of more than 16 MiB"),
    "a gigabyte of zeros": lambda: Row(
        "a.tgz", b"".join([
            gzip.compress(header("zeros", size=1 << 30)),
            gzip.compress(bytes(64 << 20), 9) * 16,
            gzip.compress(made_tar(tarred()))]),
        "a.tgz unpacks to more than 512 MiB"),
    "zeros elsewhere": lambda: zip_row(
        Zipped(), Zipped(name=b"zeros.py", content=bytes(16 << 20),
                         method=DEFLATED)),
    "zeros in its place": lambda: zip_row(
        Zipped(content=bytes(16 << 20), method=DEFLATED),
        says="0-add.py is larger than 256 KiB"),
    "a dictionary of a gigabyte": lambda: Row(
        "a.tar.xz", lzma.compress(made_tar(tarred()), filters=[{
            "id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 1 << 30}]),
        "a.tar.xz needs too much memory"),
}

# A grader that does not know a kind, or whose submission is meant, cannot
# tell; the learner is not to blame.
BEYOND = ("RAR", "7z", "zstd", "two repositories")
ROWS = KINDS | NAMES | MEMBERS


class LookingCrew:
    """Passes a task whose file is the right one, and runs nothing."""

    tier = "none"

    def __init__(self, library: Library) -> None:
        self._library = library

    def grade(self, jobs: Iterable[Job]) -> Results:
        for job in jobs:
            yield Graded(job, ungraded.report(
                job.submission.name, self._library,
                self._library.select(["0x00/0"]), self.tier,
                lambda folder, task: look(job.submission, folder, task)))

    def running(self) -> Sequence[tuple[str, float]]:
        return ()

    def close(self) -> None:
        pass


def look(submission: Submission, folder: Folder, task: Task) -> TaskVerdict:
    file = submission.file(task)
    if file is None:
        return verdict.absent(folder, task, "missing",
                              submission.missing(task))
    if file.refused or file.content != SOURCE:
        return verdict.absent(folder, task, "refused", f"{task.file} "
                              f"{file.refused or 'is another file'}")
    return TaskVerdict(task=task, status=verdict.PASS, points=task.points,
                       dimensions=dict.fromkeys(folder.dimensions, "pass"))


@pytest.fixture(scope="module")
def graded(library: Library, tmp_path_factory: pytest.TempPathFactory
           ) -> dict[str, dict[str, Any]]:
    """Return what a cohort of all archives comes to, by their names.

    With it, "says" is what should be said of each.
    """
    root = tmp_path_factory.mktemp("class")
    rows = ROWS | {name: make() for name, make in BOMBS.items()}
    sources = [Source.at(root / str(number) / row.name, name)
               for number, (name, row) in enumerate(rows.items())]
    for source in sources:
        source.path.parent.mkdir()
        source.path.write_bytes(rows[source.name].content)
    honest = root / "zoe" / FILE
    honest.parent.mkdir(parents=True)
    honest.write_bytes(SOURCE)
    cohort = Cohort(sources=[*sources, Source.at(root / "zoe", "zoe")],
                    library=library, tasks=library.select(["0x00/0"]),
                    out=root / "out")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(archives, "LIMITS", SHORT)
        grade(cohort, LookingCrew(library), lambda pace: None)
    lines = (root / "out" / RESULTS).read_text().splitlines()
    return {record["submission"]: record | {
        "says": rows[record["submission"]].says
        if record["submission"] in rows else ""}
        for record in map(json.loads, lines)}


@pytest.mark.parametrize("name", [*ROWS, *BOMBS])
def test_an_archive_has_its_row_and_its_sentence(
        graded: dict[str, dict[str, Any]], name: str) -> None:
    task, = graded[name]["tasks"]
    said = [each["message"] for each in task["failures"]]

    if graded[name]["says"]:
        assert task["status"] == ("error" if name in BEYOND else "fail")
        assert graded[name]["says"] in said[0]
    else:
        assert (task["status"], said) == ("pass", [])


def test_whatever_archives_there_are_the_class_is_graded(
        graded: dict[str, dict[str, Any]]) -> None:
    assert graded.keys() == {*ROWS, *BOMBS, "zoe"}
    assert graded["zoe"]["score"] == {"points": 10.0, "max": 10.0}


def written(path: Path, content: bytes) -> Source:
    path.write_bytes(content)
    return Source.at(path, "ann")


def test_the_mode_counts_where_an_archive_has_one(
        tmp_path: Path, library: Library, unpacker: Unpacker) -> None:
    found = take(written(tmp_path / "a.zip", made_zip(
        Zipped(), Zipped(name=f"{FOLDER}/1.py".encode(), mode=0o100644),
        Zipped(name=f"{FOLDER}/2.py".encode(), mode=0))), library, unpacker)

    assert [file.executable for file in found.folders[FOLDER].values()] == [
        True, False, True]


MISTAKES = {
    "none": FILE, "text added": f"{FILE}.txt",
    "other case": f"{FOLDER}/0-add.PY", "folder misspelt": f"{FILE[3:]}",
    "one folder deep": f"main/{FILE}", "two deep": f"main/main/{FILE}",
    "two deep and misspelt": f"main/main/x{FILE}",
    "too deep": f"a/b/c/d/e/f/g/{FILE}", "nothing": "notes.txt",
}


@pytest.mark.parametrize("place", MISTAKES.values(), ids=MISTAKES)
def test_a_folder_and_its_archive_are_taken_alike(
        tmp_path: Path, library: Library, unpacker: Unpacker,
        place: str) -> None:
    file = tmp_path / "ann" / place
    file.parent.mkdir(parents=True)
    file.write_bytes(SOURCE)
    file.chmod(0o755)
    home = find_home(tmp_path / "ann", library.names) or tmp_path / "ann"
    folder = take(Source.at(home, "ann"), library, unpacker)

    shutil.make_archive(str(tmp_path / "a"), "zip", tmp_path / "ann")
    for archive in (tmp_path / "a.zip", Path(shutil.make_archive(
            str(tmp_path / "b"), "gztar", tmp_path / "ann"))):
        assert take(Source.at(archive, "ann"), library,
                    unpacker) == folder


def test_packages_and_data_are_taken_from_an_archive_too(
        tmp_path: Path, library: Library, unpacker: Unpacker) -> None:
    home = tmp_path / "ann" / "repo"
    for name in ("0-add.py", "lib/__init__.py", "lib/deep/sums.py", "x.csv",
                 "venv/a.py", "mine/pyvenv.cfg", "mine/b.py", ".env"):
        (home / FOLDER / name).parent.mkdir(parents=True, exist_ok=True)
        (home / FOLDER / name).write_text(name)
    for number in range(MAX_FILES + 5):
        (home / FOLDER / f"page_{number}.csv").write_text("a" * number)
    (home / "python-generators-0x00").symlink_to(FOLDER)
    (home / "python-decorators-0x01").symlink_to("../elsewhere")
    folder = take(Source.at(home, "ann"), library, unpacker)

    archive = tmp_path / "a.tgz"
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(tmp_path / "ann", "ann")
    assert "lib/deep/sums.py" in folder.folders[FOLDER]
    assert len(folder.folders) == 2
    assert take(Source.at(archive, "ann"), library, unpacker) == folder


def test_many_large_files_are_taken_in_several_runs(
        tmp_path: Path, library: Library, unpacker: Unpacker) -> None:
    content = os.urandom(MAX_BYTES)
    found = take(written(tmp_path / "a.zip", made_zip(*(
        Zipped(name=f"{FOLDER}/{number}.py".encode(), content=content)
        for number in range(70)))), library, unpacker)

    assert [file.content for file in found.folders[FOLDER].values()
            ] == [content] * 70


def test_only_files_that_tasks_need_are_taken(
        tmp_path: Path, library: Library, unpacker: Unpacker) -> None:
    found = take(written(tmp_path / "a.tar", made_tar(
        tarred(), tarred("README.md"), tarred(f"{FOLDER}/photo.png"),
        tarred(f"{FOLDER}/users.csv"), tarred(f"{FOLDER}/venv/os.py"),
        tarred("venv/os.py"))), library, unpacker)

    assert {name: list(files) for name, files in found.folders.items()} == {
        FOLDER: ["0-add.py", "users.csv"]}


@pytest.mark.parametrize("tier", ["full", "reduced", "none", "fresh"])
def test_every_tier_opens_archives_and_gives_up_one_that_is_slow(
        tmp_path: Path, library: Library, tier: str,
        monkeypatch: pytest.MonkeyPatch) -> None:
    if tier == "fresh":
        monkeypatch.setattr(forking, "FORKS", False)
    with Unpacker("none" if tier == "fresh" else tier,
                  library.names) as unpacker:
        try:
            unpacker.open()
        except UserError as error:
            pytest.skip(error.what)
        found = take(written(tmp_path / "a.zip", made_zip(Zipped())),
                     library, unpacker)
        assert found.folders[FOLDER]["0-add.py"].content == SOURCE
        slow = written(tmp_path / "a.tgz", slow_tgz())
        with monkeypatch.context() as patch:
            patch.setattr(archives, "LIMITS", dataclasses.replace(
                HASTY, wall_seconds=60.0) if tier == "full" else HASTY)
            with pytest.raises(Refused, match="takes more than 1 seconds"):
                take(slow, library, unpacker)
        again = take(Source.at(tmp_path / "a.zip", "ann"), library, unpacker)
        assert again == found


class FakeWall(Wall):
    """Gives answers that were written before."""

    tier = "none"

    def __init__(self, *answers: Outcome | Exception) -> None:
        self.answers = list(answers)

    def wait_ready(self) -> None:
        pass

    def close(self) -> None:
        pass

    def run(self, job: str, request: dict[str, Any],
            limits: Limits = LIMITS, *,
            file: IO[bytes] | None = None,
            bodies: BodyServer | None = None) -> Outcome:
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def ended(*messages: dict[str, Any], cause: str | None = None,
          seconds: float = 0.0) -> Outcome:
    return Outcome(messages=list(messages),
                   ended=Ended(cause=cause, seconds=seconds))


def told(path: object, number: object = 0, kind: object = "file",
         size: object = 1, target: object = "", folders: object = ()
         ) -> Outcome:
    return ended({"files": [[path, number, kind, True, size, target]],
                  "folders": folders}, {"done": True})


@pytest.fixture
def behind(tmp_path: Path, library: Library, monkeypatch: pytest.MonkeyPatch
           ) -> Callable[..., Submission]:
    """Take an archive behind a wall that answers so."""
    def run(*answers: Outcome | Exception) -> Submission:
        fake = FakeWall(*answers)
        monkeypatch.setattr(archives, "open_wall",
                            lambda *words, **options: fake)
        with Unpacker("none", library.names) as unpacker:
            return take(written(tmp_path / "ann.zip", b"x"), library,
                        unpacker)
    return run


@pytest.mark.parametrize("answer", [
    ended(), ended({"files": [], "folders": []}), ended({"done": 1}),
    ended({"files": 1, "folders": []}, {"done": True}),
    ended({"files": [[FILE]], "folders": []}, {"done": True}),
    told(1), told(""), told("/" + FILE), told(f"a/../{FILE}"), told("a//b"),
    told(f"./{FILE}"), told("a\0b"), told("x" * 256), told("a/" * 20 + "b"),
    told(FILE, -1), told(FILE, "0"), told(FILE, True), told(FILE, 1 << 60),
    told(FILE, 0, "sound"), told(FILE, 0, []), told(FILE, size=1.5),
    told(FILE, size=-1),
    told(FILE, target=1), told(FILE, folders=[1]), told(FILE, folders={}),
    told(FILE, folders=["a/.."])],
    ids=lambda answer: repr(answer.messages)[:60])
def test_a_list_that_makes_no_sense_is_not_believed(
        behind: Callable[..., Submission], answer: Outcome) -> None:
    with pytest.raises(GraderError, match="ann.zip holds makes no sense"):
        behind(answer)


@pytest.mark.parametrize("messages", [
    [], [{"number": 1, "content": ""}], [{"number": 0, "content": "?"}],
    [{"number": 0, "content": 1.5}], [{"content": ""}],
    [{"number": 0, "content": "AAAA" * MAX_BYTES}]],
    ids=lambda messages: repr(messages)[:60])
def test_a_content_that_makes_no_sense_is_not_believed(
        behind: Callable[..., Submission],
        messages: list[dict[str, Any]]) -> None:
    with pytest.raises(GraderError, match="ann.zip holds makes no sense"):
        behind(told(FILE), ended(*messages, {"done": True}))


def test_a_reason_is_escaped_and_cut(
        behind: Callable[..., Submission]) -> None:
    with pytest.raises(Refused) as caught:
        behind(ended({"refused": "\x1b[2J" + "x" * 9999}))
    assert "\x1b" not in caught.value.what
    assert len(caught.value.what) < 500


@pytest.mark.parametrize("cause, says", [
    ("timeout", "takes more than 10 seconds to unpack"),
    ("output", "holds more than is ever looked at")])
def test_an_archive_that_outlasts_its_limits_is_refused(
        behind: Callable[..., Submission], cause: str, says: str) -> None:
    with pytest.raises(Refused, match=says):
        behind(ended(cause=cause))


def test_an_archive_may_not_be_slow_again_and_again(
        behind: Callable[..., Submission]) -> None:
    slow = ended({"files": [], "folders": [FOLDER]}, {"done": True},
                 seconds=61.0)
    entries = {"files": [[FILE, 0, "file", True, 1, ""]], "folders": []}

    assert behind(slow).folders == {FOLDER: {}}
    with pytest.raises(Refused, match="takes more than 60 seconds"):
        behind(ended(entries, {"done": True}, seconds=61.0))


def test_a_crash_is_the_archives_if_it_is_seen_twice(
        behind: Callable[..., Submission]) -> None:
    listed = ended({"files": [], "folders": []}, {"done": True})

    assert behind(ended(cause="crashed"), listed).folders == {}
    with pytest.raises(Refused, match="crashes the program"):
        behind(ended(cause="crashed"), ended(cause="crashed"))


def test_a_wall_that_falls_is_put_up_once_more(
        behind: Callable[..., Submission]) -> None:
    down = GraderError("the wall is down", "run it again")
    listed = ended({"files": [], "folders": []}, {"done": True})

    assert behind(down, listed).folders == {}
    with pytest.raises(GraderError, match="the wall is down"):
        behind(down, down)
    with pytest.raises(GraderError, match="could not be read"):
        behind(ended(cause="exited"))


def test_a_file_that_is_too_large_is_not_even_opened(
        behind: Callable[..., Submission],
        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_ARCHIVE", 0)

    with pytest.raises(Refused, match="ann.zip is larger than 0 MiB"):
        behind()


@pytest.mark.skipif(sys.platform == "win32", reason="it has no pipes")
def test_what_the_grader_cannot_read_is_not_refused(
        tmp_path: Path, unpacker: Unpacker) -> None:
    os.mkfifo(tmp_path / "pipe.zip")

    for name, says in (("pipe.zip", "is not a regular file"),
                       ("gone.zip", "cannot be read: No such file")):
        with pytest.raises(UserError, match=f"{name} {says}") as caught:
            with unpacker.tree(tmp_path / name):
                pass
        assert not isinstance(caught.value, Refused)


@pytest.mark.parametrize("name, expected", [
    ("ada.zip", "ada"), ("ada.l.tar.gz", "ada.l"), ("ADA.TGZ", "ADA"),
    (".zip", ".zip")])
def test_a_submission_is_named_like_its_archive(name: str,
                                                expected: str) -> None:
    assert kinds.stem(name) == expected
