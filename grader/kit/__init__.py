"""What a graded suite imports; it holds no answers."""

from grader.kit.case import TaskCase
from grader.kit.failure import Failure
from grader.kit.load import Siblings, load
from grader.kit.scratch import give, workspace
from grader.kit.timed import TimedCase
from grader.kit.virtualtime.clock import Clock, Wait
from grader.kit.virtualtime.patches import virtual_time

__all__ = [
    "Clock",
    "Failure",
    "Siblings",
    "TaskCase",
    "TimedCase",
    "Wait",
    "give",
    "load",
    "virtual_time",
    "workspace",
]
