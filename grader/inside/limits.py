"""What one run may use."""

from __future__ import annotations

from dataclasses import dataclass


PATIENCE = 3
# Files and folders that a run may have at a time.
ENTRIES = 1024


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one run may use.

    `processes` counts threads too; `forks` says whether there may be more
    processes than the one. Without it nothing can stay behind, and
    `memory_mb`, a limit of each process, is the limit of the whole run.
    What it has to say may be `results_mb` long.
    """

    cpu_seconds: float = 3.0
    wall_seconds: float = 9.0
    memory_mb: int = 512
    file_mb: int = 8
    processes: int = 32
    open_files: int = 64
    forks: bool = False
    results_mb: int = 4

    @property
    def disk_mb(self) -> int:
        """Return how much all the files of the run may hold."""
        return 2 * self.file_mb

    @classmethod
    def within(cls, seconds: float) -> Limits:
        """Return the limits of a run that works for that many seconds.

        The clock on the wall gets more: where other work holds the
        processors, waiting for one is not the submission's fault.
        """
        return cls(cpu_seconds=seconds, wall_seconds=PATIENCE * seconds)
