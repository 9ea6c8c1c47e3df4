"""What a graded suite imports; it holds no answers."""

from grader.kit.case import TaskCase
from grader.kit.failure import Failure
from grader.kit.load import Siblings, give, load, workspace

__all__ = ["Failure", "Siblings", "TaskCase", "give", "load", "workspace"]
