"""Parses sources of the library, safely from several threads."""

from __future__ import annotations

import ast
import gc
import threading

_lock = threading.Lock()


def parse(source: str) -> ast.Module:
    """Return the syntax tree of a source; raises SyntaxError.

    Until Python 3.12 all threads share one counter of the depth of a tree.
    If garbage is collected while a tree is made, another thread may run and
    make one too, which leaves the counter wrong: SystemError (CPython
    gh-106905). So one thread parses at a time, and collects no garbage.
    """
    with _lock:
        collects = gc.isenabled()
        gc.disable()
        try:
            return ast.parse(source)
        finally:
            if collects:
                gc.enable()
