"""The tiers of isolation, and what each of them leaves possible."""

import sys

# The best first; "auto" takes the first one that works.
TIERS = ("full", "reduced", "none")
CHOICES = (*TIERS, "auto")
# Windows has no fork, and on macOS the system's own libraries may crash in
# a process that was forked and goes on (github.com/python/cpython/77906).
FORKS = sys.platform != "win32" and sys.platform != "darwin"

# The ways by which one run can still pass something to another.
_SHARED = "timing (caches of processor and files), and numbers of pipes"
LEFT_OPEN = {"full": f"between runs: {_SHARED}",
             "reduced": f"between runs: {_SHARED}; which processes and files "
             "there are",
             "none": "everything: a run may do what its user may"}


def caution(tier: str, as_root: bool) -> str:
    """Return the warning that every report must carry, or ""."""
    if as_root and tier != "full":
        return (f"isolation {tier}, and the code ran as root: use this for "
                "your own work only")
    return (f"isolation {tier}, so the code could do anything: use this for "
            "your own work only" if tier == "none" else "")
