"""What a graded suite imports; it holds no answers.

Each name is imported when it is first asked for. Half of the grader takes
single modules of this package, and needs neither unittest nor asyncio.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.kit.case import TaskCase
    from grader.kit.failure import Failure
    from grader.kit.loading import Siblings, load
    from grader.kit.scratch import give, workspace
    from grader.kit.timed import TimedCase
    from grader.kit.virtualtime.clock import Clock, Wait
    from grader.kit.virtualtime.patches import virtual_time
else:
    _MODULES = {
        "Clock": "virtualtime.clock",
        "Failure": "failure",
        "Siblings": "loading",
        "TaskCase": "case",
        "TimedCase": "timed",
        "Wait": "virtualtime.clock",
        "give": "scratch",
        "load": "loading",
        "virtual_time": "virtualtime.patches",
        "workspace": "scratch",
    }

    # For the type checker this would be an attribute of every name.
    def __getattr__(name):
        if name not in _MODULES:
            raise AttributeError(f"module {__name__} has no {name}")
        return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)

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
