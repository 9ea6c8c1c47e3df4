"""The tiers of isolation, best first, and what may be asked for."""

import sys

TIERS = ("full", "reduced", "none")
CHOICES = (*TIERS, "auto")
# Windows has no fork, and on macOS the system's own libraries may crash in
# a process that was forked and goes on (github.com/python/cpython/77906).
FORKS = sys.platform != "win32" and sys.platform != "darwin"
