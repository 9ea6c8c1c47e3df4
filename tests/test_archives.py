"""Archives: what is unpacked, and what is refused by name."""

from __future__ import annotations

import io
import os
import stat
import tarfile
import zipfile
from pathlib import Path

import pytest

from grader.cohort import archives
from grader.cohort.archives import Refused, stem, unpack
from grader.errors import UserError

FILE = "repo-main/0x00-python_variable_annotations/2-floor.py"
SOURCE = b"#!/usr/bin/env python3\n"


def member(name: str, *, kind: bytes = tarfile.REGTYPE, mode: int = 0o755,
           link: str = "", size: int = 0) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.mode, info.linkname, info.size = kind, mode, link, size
    return info


def tar(path: Path, *members: tarfile.TarInfo, mode: str = "w") -> Path:
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        for info in members:
            content = SOURCE if info.isreg() and not info.size else b""
            info.size = info.size or len(content)
            archive.addfile(info, io.BytesIO(content.ljust(info.size)))
    return path


def zipped(path: Path, names: dict[str, int]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, mode in names.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16 | 0x20
            archive.writestr(info, SOURCE)
    return path


def unpacked(archive: Path) -> list[str]:
    target = archive.parent / "target"
    target.mkdir()
    unpack(archive, target)
    return sorted(str(path.relative_to(target))
                  for path in target.rglob("*") if path.is_file())


@pytest.mark.parametrize("name, mode", [
    ("a.tar", "w"), ("a.tar.gz", "w:gz"), ("a.tgz", "w:gz"),
    ("a.tar.bz2", "w:bz2"), ("a.tar.xz", "w:xz")])
def test_tars_of_every_compression_are_unpacked(
        tmp_path: Path, name: str, mode: str) -> None:
    archive = tar(tmp_path / name, member(FILE), mode=mode)

    assert unpacked(archive) == [FILE]
    assert (tmp_path / "target" / FILE).read_bytes() == SOURCE
    assert os.access(tmp_path / "target" / FILE, os.X_OK)


def test_zips_keep_the_mode_where_they_have_one(tmp_path: Path) -> None:
    other = FILE.replace("2-floor", "0-add")
    third = FILE.replace("2-floor", "1-concat")
    archive = zipped(tmp_path / "a.zip",
                     {FILE: 0o100755, other: 0o100644, third: 0})
    unpacked(archive)

    assert [bool((tmp_path / "target" / name).stat().st_mode & stat.S_IXUSR)
            for name in (FILE, other, third)] == [True, False, True]


def test_only_files_that_tasks_need_are_written(tmp_path: Path) -> None:
    folder = FILE.rpartition("/")[0]
    archive = tar(tmp_path / "a.tar", member(FILE), member("README.md"),
                  member(f"{folder}/photo.png"), member("venv/os.py"),
                  member("venv/python", kind=tarfile.SYMTYPE, link="/usr"))

    assert unpacked(archive) == [FILE]


REFUSED = {
    "upwards": member("../../0x01-python_async_function/a.py"),
    "within": member("0x00-python_variable_annotations/../../a.py"),
    "absolute": member("/etc/passwd"),
    "drive": member("C:/windows/a.py"),
    "backslash": member("..\\..\\a.py"),
    "symbolic link": member(FILE, kind=tarfile.SYMTYPE, link="/etc/passwd"),
    "hard link": member(FILE, kind=tarfile.LNKTYPE, link="secret"),
    "device": member("a", kind=tarfile.CHRTYPE),
    "pipe": member(FILE, kind=tarfile.FIFOTYPE),
}


@pytest.mark.parametrize("info", REFUSED.values(), ids=REFUSED)
def test_a_hostile_tar_is_refused_by_name(tmp_path: Path,
                                          info: tarfile.TarInfo) -> None:
    archive = tar(tmp_path / "ada.tar", info)

    with pytest.raises(Refused, match="ada.tar") as caught:
        unpacked(archive)
    assert isinstance(caught.value, UserError)
    assert not list((tmp_path / "target").rglob("*"))


@pytest.mark.parametrize("name, mode", [
    ("../a.py", 0), ("/a.py", 0), (FILE, 0o120777), (FILE, 0o020666)])
def test_a_hostile_zip_is_refused_by_name(tmp_path: Path, name: str,
                                          mode: int) -> None:
    archive = zipped(tmp_path / "ada.zip", {name: mode})

    with pytest.raises(Refused, match="ada.zip"):
        unpacked(archive)
    assert not list((tmp_path / "target").rglob("*"))


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tgz", "a.tar.xz"])
@pytest.mark.parametrize("content", [b"", b"nonsense" * 200])
def test_a_broken_archive_is_refused(tmp_path: Path, name: str,
                                     content: bytes) -> None:
    archive = tmp_path / name
    archive.write_bytes(content)

    with pytest.raises(Refused, match=name):
        unpacked(archive)


def test_a_truncated_archive_is_refused(tmp_path: Path) -> None:
    archive = tar(tmp_path / "a.tgz", member(FILE, size=100_000),
                  mode="w:gz")
    archive.write_bytes(archive.read_bytes()[:-40])

    with pytest.raises(Refused, match="a.tgz"):
        unpacked(archive)


@pytest.mark.parametrize("name", ["a.tgz", "a.zip"])
def test_a_bomb_is_refused(tmp_path: Path, name: str,
                           monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_TOTAL", 1 << 20)
    archive = tmp_path / name
    if name.endswith("zip"):
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
            file.writestr("zeros", bytes(2 << 20))
    else:
        tar(archive, member("zeros", size=2 << 20), mode="w:gz")

    assert archive.stat().st_size < 100_000
    with pytest.raises(Refused, match="unpacks to more than 1 MiB"):
        unpacked(archive)


def test_a_huge_header_is_refused(tmp_path: Path,
                                  monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_TOTAL", 1 << 20)
    monkeypatch.setattr(archives, "MAX_MEMBERS", 100)
    archive = tar(tmp_path / "a.tgz", member(
        "headers", kind=tarfile.XHDTYPE, size=4 << 20), mode="w:gz")

    with pytest.raises(Refused):
        unpacked(archive)


def test_too_many_members_are_refused(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_MEMBERS", 3)
    archive = zipped(tmp_path / "a.zip", {str(i): 0 for i in range(4)})

    with pytest.raises(Refused, match="more than 3 files"):
        unpacked(archive)


def test_a_huge_directory_is_refused_unread(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = zipped(tmp_path / "a.zip", {str(i): 0 for i in range(4)})
    monkeypatch.setattr(archives, "MAX_DIRECTORY", 100)
    monkeypatch.setattr(zipfile, "ZipFile", None)

    with pytest.raises(Refused, match="holds more than"):
        unpacked(archive)


@pytest.mark.parametrize("name, expected", [
    ("ada.zip", "ada"), ("ada.l.tar.gz", "ada.l"), ("ADA.TGZ", "ADA"),
    (".zip", ".zip")])
def test_a_submission_is_named_like_its_archive(name: str,
                                                expected: str) -> None:
    assert stem(Path(name)) == expected
