"""Finds the MariaDB server program of this machine."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from grader import executables
from grader.errors import UserError

_PROGRAMS = ("mariadbd", "mysqld")
_PLACES = ("/usr/sbin", "/usr/libexec", "/usr/local/sbin",
           "/opt/homebrew/bin")

_TODO = ("install it from https://mariadb.org/download"
         if sys.platform == "win32" else "sudo apt install "
         "mariadb-server-core (macOS: brew install mariadb)")


class MySQLMissing(UserError):
    """This machine has no MariaDB server program."""

    def __init__(self) -> None:
        super().__init__("no MariaDB server program is installed here",
                         _TODO)


def find() -> Path:
    """Return the path of the server program; raises MySQLMissing.

    MySQL's own server is passed over: started without accounts, as the
    grader does, it refuses connections from the network.
    """
    for program in _PROGRAMS:
        found = executables.find(program, _PLACES)
        if found and "MariaDB" in subprocess.run(
                [found, "--version"], capture_output=True, text=True,
                check=False).stdout:
            return Path(found)
    raise MySQLMissing
