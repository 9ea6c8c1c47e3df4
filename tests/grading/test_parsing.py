"""Our own sources are parsed by several threads at a time."""

from __future__ import annotations

import ast
import gc
import re
import subprocess
import sys
from pathlib import Path

import grader
from grader.parsing import parse

PACKAGE = Path(grader.__file__).parent
# Where each run is a process of its own, with a single thread that parses.
ALONE = ("inside", "kit")
# In a fresh process: what is parsed first is what went wrong.
PROGRAM = """
import gc, sys, threading, time
from grader.parsing import parse

class Loop:
    def __init__(self):
        self.me = self
    def __del__(self):
        time.sleep(0.0001)

def work():
    for _ in range(20):
        [Loop() for _ in range(5)]
        parse("def f(a, b=(1, [2])):\\n    return {a: [b] for _ in b}\\n" * 9)

def hook(args):
    print(args.exc_value)
threading.excepthook = hook
gc.set_threshold(50)
threads = [threading.Thread(target=work) for _ in range(4)]
for each in threads:
    each.start()
for each in threads:
    each.join()
"""


def test_threads_that_collect_garbage_may_parse_at_once() -> None:
    for _ in range(3):
        done = subprocess.run([sys.executable, "-c", PROGRAM],
                              capture_output=True, text=True, timeout=60)
        assert (done.stdout, done.stderr) == ("", "")


def test_garbage_is_collected_again_after_it() -> None:
    assert gc.isenabled()
    assert ast.unparse(parse("x  =  1")) == "x = 1"
    assert gc.isenabled()
    gc.disable()
    try:
        parse("")
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_nothing_else_parses_outside_the_wall() -> None:
    found = [path.relative_to(PACKAGE).as_posix()
             for path in PACKAGE.rglob("*.py")
             if path.relative_to(PACKAGE).parts[0] not in ALONE
             and re.search(r"\bast\.parse\(", path.read_text("utf-8"))]

    assert found == ["parsing.py"]
