"""Finds the MariaDB server program of this machine."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from grader import executables
from grader.errors import UserError

# The second is the older name of MariaDB's server, and that of MySQL's.
_PROGRAMS = ("mariadbd", "mysqld")
# Folders to look in besides PATH, which often lacks those for system programs.
_PLACES = ("/usr/sbin", "/usr/libexec", "/usr/local/sbin",
           "/opt/homebrew/bin")

# What to do without one.
_TODO = ("install it from https://mariadb.org/download"
         if sys.platform == "win32" else "sudo apt install "
         "mariadb-server-core (macOS: brew install mariadb)")


class MariaDBMissing(UserError):
    """This machine has no MariaDB server program."""

    def __init__(self) -> None:
        super().__init__("no MariaDB server program is installed here",
                         _TODO)


def find() -> Path:
    """Return the path of the server program; raises MariaDBMissing.

    MySQL's own server does not count. The grader starts a server without
    accounts, and MySQL's then refuses connections from the network.
    """
    for program in _PROGRAMS:
        found = executables.find(program, _PLACES)
        if found and "MariaDB" in subprocess.run(
                [found, "--version"], capture_output=True, text=True,
                check=False).stdout:
            return Path(found)
    raise MariaDBMissing
