"""What a run may read: Python, its libraries and the grader's inside."""

from __future__ import annotations

import functools
import os
import sys

SYSTEM = ("/usr", "/lib", "/lib64", "/lib32", "/etc/ld.so.cache",
          "/etc/localtime", "/dev/random", "/dev/urandom", "/dev/zero")


@functools.cache
def readable_paths() -> tuple[str, ...]:
    """Return where Python, its libraries and the grader's own code lie.

    The package's folder has neighbours that are not for the run, so only
    what runs inside is listed.
    """
    inside = os.path.dirname(os.path.abspath(__file__))
    package = os.path.dirname(inside)
    own = [inside, os.path.join(package, "kit"),
           os.path.join(package, "__init__.py")]
    sites = [path for path in sys.path if os.path.basename(path) in
             ("site-packages", "dist-packages")]
    found = [*SYSTEM, os.path.realpath(sys.base_prefix), *own]
    for site in sites:
        found += _without(site, package)
    real = dict.fromkeys(os.path.realpath(path) for path in found)
    return tuple(path for path in real if os.path.exists(path)
                 and not any(path.startswith(other + "/") for other in real))


def _without(site: str, package: str) -> list[str]:
    """List a folder of packages, or its entries less one that is ours."""
    if os.path.realpath(site) != os.path.dirname(os.path.realpath(package)):
        return [site]
    return [entry.path for entry in os.scandir(site)
            if entry.path != package]
