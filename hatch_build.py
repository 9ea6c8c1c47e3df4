"""Puts the task folders into the wheel; an editable install has them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class TaskFolders(BuildHookInterface[Any]):
    """Adds every folder that has a manifest as grader/folders/NAME.

    Beside them come the package that their suites share, with what names
    it, and start.md and end.md, what the course says to its learners, and
    the libraries beside it.
    """

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version != "editable":
            root = Path(self.root)
            for path in self._library(root):
                build_data["force_include"][str(path)] = (
                    f"grader/folders/{path.relative_to(root)}")

    def _library(self, root: Path) -> Iterator[Path]:
        """Yield the files of a library, and of those that it names."""
        described = root / "library.toml"
        yield from filter(Path.is_file, (
            described, root / "start.md", root / "end.md"))
        keys = tomllib.loads(described.read_text("utf-8"))
        for folder in (root / keys["support"],
                       *(each.parent for each in root.glob("*/tasks.toml"))):
            for path in folder.rglob("*"):
                # Nor what the mains leave behind.
                if path.is_file() and path.suffix not in (
                        ".db", ".log") and not any(
                            part.startswith((".", "__pycache__"))
                            for part in path.relative_to(root).parts):
                    yield path
        for name in keys.get("more", ()):
            yield from self._library(root / name)
