"""The work of `grade doctor`: tries out what this machine offers.

Isolation, tools and databases are tried, not looked up, since a kernel or a
container may refuse what is installed.
"""

from __future__ import annotations

import importlib
import os
import sys
import tempfile
from importlib import metadata
from typing import Any

from grader import PYTHON, mariadb
from grader.wall import bubblewrap, unixuser
from grader.wall.interpreter import inside_argv
from grader.wall.proberesult import ProbeResult
from grader.wall.tiers import FORKS, LEFT_OPEN
from grader.wall.unixuser import RunsAs

_OLDEST = (3, 11)
_DRIVERS = {"mysql.connector": "mysql-connector-python",
            "pymysql": "PyMySQL", "MySQLdb": "mysqlclient"}
# What a fresh process is held to, by README's section on limits.
_BOUNDS = ("time, output and files are bounded, memory and processes are not"
           if sys.platform == "win32" else
           "time, output, files and descriptors are bounded, memory is not")
_BECOME = {
    RunsAs.SELF: "only in this user namespace, so runs may stay it",
    RunsAs.NOBODY: "runs become nobody",
    RunsAs.READER: "runs become nobody, who may read this Python",
    RunsAs.ROOT: "without the wall runs stay root, since they cannot "
                   "change users here or another could not read this Python",
}
_NEEDED = "use Linux 5.13 or newer with Landlock on (it is by default)"


def examine() -> list[ProbeResult]:
    """Try everything, in about a quarter of a second; return the results.
    """
    wall, shared = bubblewrap.probe(), run_unwalled()
    best = _best(wall, shared)
    return [
        _python(), ProbeResult("isolation", True, best), wall,
        *_layers(shared), *_user(),
        ProbeResult("left open", True, LEFT_OPEN[best]),
        _package("mypy", "mypy", "pip install mypy"),
        _package("pycodestyle", "pycodestyle", "pip install pycodestyle"),
        _drivers(), _server(),
        _package("watchfiles", "watchfiles", "pip install watchfiles"),
        _package("dask", "distributed",
                 "pip install 'fundamentals-grader[cluster]'"),
    ]


def run_unwalled() -> dict[str, Any]:
    """Return the answer of grader.inside.jail.probe without a wall."""
    with tempfile.TemporaryDirectory(prefix="grade-") as scratch:
        # The probe may run as nobody, who must be able to write here.
        os.chmod(scratch, 0o777)
        return bubblewrap.run_probe(inside_argv(
            "grader.inside.jail.probe:main", [scratch], walled=False))


def _names(answer: dict[str, Any]) -> list[str]:
    names: list[str] = answer.get("shared", {}).get("layers", [])
    return names


def _is_reduced(answer: dict[str, Any]) -> bool:
    """Return whether the layers of the tier "reduced" are on."""
    on = {name.split()[0] for name in _names(answer)}
    return {"rlimits", "landlock", "seccomp"} <= on


def _best(wall: ProbeResult, shared: dict[str, Any]) -> str:
    if wall.ok:
        return "full"
    return "reduced" if _is_reduced(shared) else "none"


def _python() -> ProbeResult:
    return ProbeResult("python", sys.version_info >= _OLDEST, PYTHON,
                       "" if sys.version_info >= _OLDEST
                       else "use Python 3.11 or newer")


def _layers(shared: dict[str, Any]) -> list[ProbeResult]:
    """Report the layers that also work without the wall."""
    if not FORKS:
        return [ProbeResult("runs", True,
                            f"each in a fresh process: {_BOUNDS}")]
    answer = shared.get("shared", shared)
    if "error" in answer:
        return [ProbeResult("layers", False, answer["error"], _NEEDED)]
    names = {name.split()[0]: name for name in answer["layers"]}
    probes = []
    for name in ("rlimits", "landlock", "seccomp"):
        ok = name in names
        probes.append(ProbeResult(name, ok, names.get(name, "not there"),
                                  "" if ok else _NEEDED))
    private = shared["private"].get("error", "")
    return [*probes, ProbeResult("namespaces", not private,
                                 private or "each run has its own")]


def _user() -> list[ProbeResult]:
    """Report, if root grades, which user runs have without a wall."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return []
    who = unixuser.unwalled()
    return [ProbeResult("user", who is not RunsAs.ROOT,
                        f"root; {_BECOME[who]}",
                        "run grade as an ordinary user")]


def _package(name: str, module: str, todo: str) -> ProbeResult:
    try:
        importlib.import_module(module)
        return ProbeResult(name, True, _version(name, module))
    except Exception as error:
        missing = isinstance(error, ModuleNotFoundError)
        return ProbeResult(name, False,
                           "not installed" if missing else f"broken: {error}",
                           todo)


def _version(*names: str) -> str:
    """Return the version of the first name that is a distribution's.

    A module and its distribution often have different names.
    """
    for name in names:
        try:
            return metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return "version unknown"


def _drivers() -> ProbeResult:
    found = [probe.name + " " + probe.detail for probe in
             (_package(package, module, "")
              for module, package in _DRIVERS.items()) if probe.ok]
    if found:
        return ProbeResult("mysql drivers", True, ", ".join(found))
    return ProbeResult("mysql drivers", False, "none; the stand-in is used",
                       "pip install mysql-connector-python")


def _server() -> ProbeResult:
    try:
        return ProbeResult("mariadb", True, str(mariadb.find()))
    except mariadb.MariaDBMissing as missing:
        return ProbeResult("mariadb", False, "no server program; the "
                           "stand-in is used", missing.todo)
