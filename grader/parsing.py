"""Python's parser, for our own sources, from several threads at a time."""

from __future__ import annotations

import ast
import gc
import threading

_lock = threading.Lock()


def parse(source: str) -> ast.Module:
    """Return the tree of a source that is known to be sound.

    Until Python 3.12, all threads share one count of how deep a tree is.
    Collecting garbage lets another thread in while one is made, and a tree
    made there leaves the count wrong: SystemError (CPython gh-106905).
    """
    with _lock:
        collects = gc.isenabled()
        gc.disable()
        try:
            return ast.parse(source)
        finally:
            if collects:
                gc.enable()
