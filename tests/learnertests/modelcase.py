"""The base class of tests of 0x03's model answers, which are tests."""

from __future__ import annotations

import unittest
from typing import ClassVar

import pytest

from grader.learnertests import judging
from grader.library.library import Folder, Task
from grader.wall.forking import Wall


class ModelCase(unittest.TestCase):
    """Judges a folder's model tests, as they are or weakened, as grade does.
    """

    number: ClassVar[int]
    folder: Folder
    wall: Wall

    @pytest.fixture(autouse=True)
    def take(self, wall: Wall, folder: Folder) -> None:
        """Take the wall that all of these suites share, and the folder."""
        self.wall, self.folder = wall, folder

    @property
    def task(self) -> Task:
        """Return the task that the suite is about."""
        return next(task for task in self.folder.tasks
                    if task.number == self.number)

    def assertAccepted(self) -> None:
        """Check that the model answer passes."""
        self.assertEqual([], self.complaints("", ""))

    def assertBlind(self, old: str, new: str, *faults: str) -> None:
        """Check that the model with `old` replaced misses these faults."""
        complaints_text = "\n".join(self.complaints(old, new))
        for fault in faults:
            self.assertIn(fault, complaints_text)

    def complaints(self, old: str, new: str) -> list[str]:
        """Return the failures of the model with `old` replaced by `new`."""
        files = {path.name: path.read_bytes()
                 for path in self.folder.path.glob("*.py")}
        text = files[self.task.file].decode()
        self.assertIn(old, text, "the model changed")
        files[self.task.file] = text.replace(old, new).encode()
        remarks = judging.judge(self.wall, self.folder, self.task,
                                files, "suite")
        return [failure.message for failure in remarks.failures]
