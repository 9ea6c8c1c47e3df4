"""The limits of time, memory, files and processes of one run."""

from __future__ import annotations

from dataclasses import dataclass


# How many seconds on the clock a run gets for each second of processor time.
PATIENCE = 3
# Files and folders that a run may have at a time.
ENTRIES = 1024


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Resources granted to one run; `_mb` stands for megabytes of 2**20.

    `processes` counts threads too. `forks` allows more than one process;
    without it no process can stay behind, and `memory_mb`, which the kernel
    counts for each process, is the limit of the whole run. `file_mb` is the
    limit of one file, `results_mb` that of all messages of the run.
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
        """Return how many megabytes all files of the run may hold."""
        return 2 * self.file_mb

    @classmethod
    def within(cls, seconds: float) -> Limits:
        """Return limits with these seconds of processor time.

        On the clock a run has PATIENCE times as many: on a busy machine it
        waits for a processor.
        """
        return cls(cpu_seconds=seconds, wall_seconds=PATIENCE * seconds)
