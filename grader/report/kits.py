"""The work of `grade export`: what services need to run the grader."""

from __future__ import annotations

import io
import tomllib
import zipfile
from collections.abc import Iterator, Sequence
from importlib import metadata
from pathlib import Path

from grader import files
from grader.library.library import Library
from grader.wall.interpreter import PACKAGE

NAME = "fundamentals-grader"
_KIT = Path(__file__).resolve().parent / "export_kit"
_SKIPPED = {"__pycache__", ".mypy_cache", ".pytest_cache"}


def gradescope(library: Library, target: Path,
               selectors: Sequence[str]) -> None:
    """Write an autograder zip: the grader, a library and two scripts.

    Gradescope installs the packages that the grader needs when it builds
    its image. Raises OSError.
    """
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("setup.sh", "run_autograder"):
            _script(archive, name, _text(name, selectors))
        archive.writestr("autograde.py", _text("autograde.py", ()))
        archive.writestr("requirements.txt",
                         "".join(f"{each}\n" for each in requirements()))
        for path in _files(PACKAGE):
            relative = path.relative_to(PACKAGE)
            if relative.parts[0] != "folders":
                archive.write(path, Path("grader") / relative)
        for part in library.parts:
            for path in _files(part):
                archive.write(path, Path("grader", "folders")
                              / path.relative_to(library.root))
    files.write(target, content.getvalue())


def configured(service: str, package: str, selectors: Sequence[str]) -> str:
    """Return the file of a service that installs a package and grades."""
    return _text(f"{service}.yml", selectors).replace("{{package}}", package)


def requirements() -> list[str]:
    """Return what the package depends on, without the extras."""
    try:
        declared = metadata.requires(NAME) or []
    except metadata.PackageNotFoundError:
        project = PACKAGE.parent / "pyproject.toml"
        data = tomllib.loads(project.read_text(encoding="utf-8"))
        declared = data["project"]["dependencies"]
    return [each for each in declared if "extra ==" not in each]


def _text(name: str, selectors: Sequence[str]) -> str:
    text = (_KIT / name).read_text(encoding="utf-8")
    return text.replace("{{tasks}}", "".join(f" {each}"
                                             for each in selectors))


def _script(archive: zipfile.ZipFile, name: str, text: str) -> None:
    info = zipfile.ZipInfo(name)
    info.external_attr = 0o100755 << 16
    archive.writestr(info, text)


def _files(root: Path) -> Iterator[Path]:
    """Yield the files below a folder; of a file, the file itself."""
    for path in sorted(root.rglob("*")) or [root]:
        if path.is_file() and not _SKIPPED & set(path.parts):
            yield path
