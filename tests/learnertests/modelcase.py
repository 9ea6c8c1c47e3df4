"""The base class of tests of 0x03's model answers, which are tests."""

from __future__ import annotations

import unittest
from typing import ClassVar

from grader.learnertests import judging
from grader.library.library import Folder, Task, load_library
from grader.wall.forking import Wall, open_wall


class ModelCase(unittest.TestCase):
    """Judges a folder's model tests, as they are or weakened, as grade does.
    """

    number: ClassVar[int]
    folder: ClassVar[Folder]
    wall: ClassVar[Wall]

    @classmethod
    def setUpClass(cls) -> None:
        library = load_library()
        cls.folder = library.folder("0x03-Unittests_and_integration_tests")
        cls.wall = open_wall("auto", ["suite"], packages=library.packages,
                             modules=library.modules)
        cls.addClassCleanup(cls.wall.close)

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
