"""Puts the library into the wheel; an editable install has it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class TaskFolders(BuildHookInterface[Any]):
    """Adds every folder that has a manifest as grader/folders/NAME.

    Beside them comes start.md, what the course says to its learners.
    """

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version != "editable":
            course = Path(self.root, "start.md")
            build_data["force_include"][str(course)] = (
                f"grader/folders/{course.name}")
            for manifest in Path(self.root).glob("*/tasks.toml"):
                folder = manifest.parent
                for path in folder.rglob("*"):
                    inside = path.relative_to(self.root)
                    if path.is_file() and not any(
                            part.startswith((".", "__pycache__"))
                            for part in inside.parts):
                        build_data["force_include"][str(path)] = (
                            f"grader/folders/{inside}")
