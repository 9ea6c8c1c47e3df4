"""Puts the task folders into the wheel; an editable install has them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class TaskFolders(BuildHookInterface[Any]):
    """Adds every folder that has a manifest as grader/folders/NAME.

    Beside them come the package that their suites share, with what names
    it, and start.md and end.md, what the course says to its learners.
    """

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version != "editable":
            described = Path(self.root) / "library.toml"
            for path in (described, Path(self.root) / "start.md",
                         Path(self.root) / "end.md"):
                build_data["force_include"][str(path)] = (
                    f"grader/folders/{path.name}")
            support = tomllib.loads(described.read_text("utf-8"))["support"]
            for folder in (Path(self.root) / support, *(
                    each.parent
                    for each in Path(self.root).glob("*/tasks.toml"))):
                for path in folder.rglob("*"):
                    inside = path.relative_to(self.root)
                    if path.is_file() and not any(
                            part.startswith((".", "__pycache__"))
                            for part in inside.parts):
                        build_data["force_include"][str(path)] = (
                            f"grader/folders/{inside}")
