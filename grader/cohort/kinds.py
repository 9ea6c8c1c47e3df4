"""Tells by name and first bytes which files are archives of submissions."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from grader.cohort import archives

# A sentence about what is wrong, and one about what to do.
Trouble = tuple[str, str]

# Files that platforms and people put beside submissions.
_NOTES = (".csv", ".tsv", ".txt", ".md", ".rst", ".log", ".json", ".jsonl",
          ".toml", ".yml", ".yaml", ".ini", ".cfg", ".xls", ".xlsx", ".ods",
          ".sh", ".bat", ".ps1")
CLUTTER = ("__MACOSX", "__pycache__", "Thumbs.db")
_FOREIGN = {
    ".rar": "RAR", ".7z": "7z", ".tar.zst": "Zstandard",
    ".tzst": "Zstandard", ".zst": "Zstandard", ".tar.lz4": "LZ4",
    ".lz4": "LZ4", ".tar.lz": "lzip", ".lz": "lzip", ".tar.lzma": "LZMA",
    ".lzma": "LZMA", ".tar.z": "compress", ".z": "compress", ".arj": "ARJ",
    ".ace": "ACE", ".cab": "CAB", ".zipx": "zipx", ".sit": "StuffIt",
    ".sitx": "StuffIt", ".iso": "ISO", ".dmg": "DMG"}
_MAGIC = {
    b"Rar!\x1a\x07": "RAR", b"7z\xbc\xaf\x27\x1c": "7z",
    b"\x28\xb5\x2f\xfd": "Zstandard", b"\x04\x22\x4d\x18": "LZ4",
    b"LZIP": "lzip", b"\x1f\x9d": "compress", b"\x1f\xa0": "compress",
    b"MSCF": "CAB", b"\x60\xea": "ARJ", b"StuffIt": "StuffIt"}
_AN = ("LZ4", "LZMA", "ARJ", "ACE", "ISO")
# Only one file is packed in these, if what is longer does not fit.
_PACKED = (".gz", ".bz2", ".xz")
_OPENED = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"BZh",
           b"\xfd7zXZ\x00")
# Zip archives in all but name, of no source files.
_DOCUMENTS = (".docx", ".pptx", ".odt", ".odp", ".jar", ".whl", ".epub")
ASK = "ask for a folder, or a .zip or .tar.gz of the task folders"


def is_archive(name: str) -> bool:
    """Return whether a name is that of an archive, opened here or not."""
    return stem(name) != name and not name.startswith(".")


def is_handed_in(name: str) -> bool:
    """Return whether a file of that name is a submission, if not a good one.

    Any other may be a list of paths.
    """
    return is_archive(name) or name.lower().endswith((".py", ".py.txt"))


def is_no_submission(name: str) -> bool:
    """Return whether a file or folder of that name is never handed in."""
    return (name.startswith(".") or name in CLUTTER
            or name.lower().endswith(_NOTES))


def stem(name: str) -> str:
    """Return the name of an archive of any kind without its endings."""
    ending = _ending(name, (*archives.SUFFIXES, *_FOREIGN, *_PACKED))
    return name[:len(name) - len(ending)] or name


def trouble(path: Path) -> Trouble | None:
    """Return why a file is no submission to be opened, and what to do.

    None for an archive of a kind that is opened here: by its content if
    that says so, by its name if not. Raises OSError.
    """
    with path.open("rb") as file:
        first = file.read(512)
    is_opened = (first.startswith(_OPENED) or first[257:262] == b"ustar"
                 ) and not path.name.lower().endswith(_DOCUMENTS)
    if is_opened:
        return None
    if kind := _foreign(path.name, first):
        article = "an" if kind in _AN else "a"
        return (f"is {article} {kind} archive, which grade does not open",
                "unpack it, or ask for a .zip")
    if path.name.lower().endswith(archives.SUFFIXES):
        return None
    if path.name.lower().endswith((".py", ".py.txt")):
        return ("is a single file, outside of any task folder",
                "put it into its task folder, in a folder of the learner's")
    return "is neither a folder nor an archive", ASK


def packed(name: str) -> Trouble | None:
    """Return the trouble of a packed single file, which is no archive."""
    if name.lower().endswith(_PACKED) and not name.lower().endswith(
            archives.SUFFIXES):
        return "is one packed file, and not an archive of folders", ASK
    return None


def _foreign(name: str, first: bytes) -> str:
    for magic, kind in _MAGIC.items():
        if first.startswith(magic):
            return kind
    return _FOREIGN.get(_ending(name, _FOREIGN), "")


def _ending(name: str, endings: Iterable[str]) -> str:
    """Return the longest of the endings that a name has, or ""."""
    return max((each for each in endings if name.lower().endswith(each)),
               key=len, default="")
