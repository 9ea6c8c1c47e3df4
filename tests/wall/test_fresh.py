"""Runs in fresh processes: their ends, their bounds, what they leave."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

if sys.platform != "linux":
    pytest.skip("what is left behind is seen on Linux only",
                allow_module_level=True)

from grader.errors import GraderError, UserError
from grader.inside.limits import Limits
from grader.inside.source import encode
from grader.suites.suite import compiled
from grader.wall import runfolder, freshrun, forking
from grader.wall.forking import Purpose, open_wall
from grader.wall.fresh import FreshWall
from grader.wall.outcome import Outcome
from tests.conftest import RIGHT_FLOOR
from tests.helpers import traces

SUITE = """\
import unittest
from grader.kit.loading import load

class Test(unittest.TestCase):
    def test_it(self):
        load("it.py")
"""
# The kernel counts whole seconds, and Python's start in them: this is one.
SECOND = Limits(cpu_seconds=0.5, wall_seconds=3.0)
# What only a wall-clock ends need not take long here.
QUICK = Limits(cpu_seconds=1.0, wall_seconds=0.2)


@pytest.fixture(autouse=True)
def place(tmp_path: Path) -> Iterator[Path]:
    """Return the folder for runs; hold that nothing stays behind.

    Neither a process nor a folder, a thread or a descriptor. `tmp_path` is
    there first, so that the folder around it is no trace.
    """
    with traces.folder_for_runs() as place:
        before = traces.look(place)
        yield place
        assert traces.left_behind(before, place) == []


@pytest.fixture(scope="module")
def fresh() -> Iterator[FreshWall]:
    with FreshWall("none") as opened:
        opened.wait_ready()
        yield opened


def request(source: str, **others: Any) -> dict[str, Any]:
    return {"files": {"it.py": encode(source.encode())}, "given": {},
            "seed": "1", "suites": [{
                "suite": "test_it", "code": compiled(SUITE, "test_it"),
                "tests": ["test_it.Test.test_it"], "file": "it.py",
                "variants": {}}]} | others


def run(fresh: FreshWall, source: str, limits: Limits = SECOND) -> Outcome:
    return fresh.run("suite", request(source), limits)


def test_a_run_says_what_a_fork_says(fresh: FreshWall) -> None:
    outcome = run(fresh, "x = 1\n")

    assert outcome.ended.cause is None
    assert outcome.messages[0] == {"start": "test_it.Test.test_it"}
    assert outcome.messages[1]["problem"] is None
    assert outcome.messages[-1] == {"done": True}


@pytest.mark.parametrize("source, cause", [
    ("while True: pass", "timeout"),
    ("import os; os._exit(3)", "exited"),
    ("import os; os.abort()", "crashed"),
    ("import os; os.write(3, b'x' * (9 << 20))", "output"),
    ("import os; os.write(3, b'nonsense\\n')", "output"),
    ("for n in range(2000):\n    open(str(n), 'w').close()\n"
     "import time; time.sleep(9)", "output"),
    ("import os\nfor n in range(3):\n    with open(str(n), 'wb') as file:\n"
     "        file.write(bytes(7 << 20))\nimport time; time.sleep(9)",
     "output"),
])
def test_its_end_has_a_cause(fresh: FreshWall, source: str,
                             cause: str) -> None:
    assert run(fresh, source).ended.cause == cause


@pytest.mark.parametrize("source", [
    "import time; time.sleep(9)",
    "import os; os.dup2(os.open('/dev/null', 1), 3)\nwhile True: pass"])
def test_the_grader_ends_what_outlasts_its_time(fresh: FreshWall,
                                                source: str) -> None:
    started = time.monotonic()

    assert run(fresh, source, QUICK).ended.cause == "timeout"
    assert time.monotonic() - started < 5


def test_an_early_exit_has_not_come_to_the_last_message(
        fresh: FreshWall) -> None:
    outcome = run(fresh, "import os; os._exit(0)")

    assert outcome.ended.cause is None
    assert outcome.messages == [{"start": "test_it.Test.test_it"}]


def test_memory_is_limited_where_the_system_can(fresh: FreshWall) -> None:
    outcome = run(fresh, "x = bytearray(1 << 30)")

    assert outcome.messages[1]["problem"]["cause"] == "memory"


def test_what_is_printed_is_no_result(fresh: FreshWall) -> None:
    line = '{"check": "test_it.Test.test_it", "seen": [], "problem": null}\n'
    outcome = run(fresh, f"""\
import os, sys
line = {line!r}
print(line, flush=True)
os.write(1, line.encode())
os.write(2, line.encode())
sys.__stdout__.write(line)
sys.__stdout__.flush()
os.system('echo {{"done": true}}')
raise ValueError("the end")
""")

    assert [list(each)[0] for each in outcome.messages] == [
        "start", "check", "done"]
    assert "the end" in str(outcome.messages[1]["problem"])


def test_the_request_cannot_be_read_again(fresh: FreshWall) -> None:
    outcome = run(fresh, "import sys\nassert sys.stdin.read() == ''\n"
                         "assert input")

    assert outcome.messages[1]["problem"] is None, outcome.messages


def test_a_stray_that_holds_the_results_holds_up_nobody(
        fresh: FreshWall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(freshrun, "_LAST_WORDS_SECONDS", 0.2)
    outcome = run(fresh, "import os, time\nstray = os.fork()\n"
                         "if not stray:\n    os.setsid()\n"
                         "    time.sleep(600)\n    os._exit(0)\n"
                         "while os.getsid(stray) != stray:\n    pass\n"
                         "os.write(3, b'{\"stray\": %d}\\n' % stray)\n")
    stray, = [each["stray"] for each in outcome.messages if "stray" in each]
    is_there = traces.words(stray) != []
    os.kill(stray, signal.SIGKILL)

    assert outcome.messages[-1] == {"done": True}
    assert is_there


def test_any_folder_is_removed(fresh: FreshWall) -> None:
    run(fresh, """\
import os
top = os.getcwd()
os.makedirs("a/b")
os.chmod("a/b", 0)
os.chmod("a", 0)
for _ in range(900):
    os.mkdir("d")
    os.chdir("d")
os.chmod(top, 0)
""")


def test_a_folder_counts_all_that_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "file").write_bytes(bytes((1 << 20) - 9))
    os.symlink("/", tmp_path / "link")

    assert not runfolder.is_outgrown(tmp_path, 1)
    (tmp_path / "more").write_bytes(bytes(9))
    assert runfolder.is_outgrown(tmp_path, 1)
    assert not runfolder.is_outgrown(tmp_path / "gone", 1)


def test_closing_the_wall_ends_what_runs_in_it(place: Path) -> None:
    fresh = FreshWall("none")

    def close_it() -> None:
        while not list(place.glob("*/begun")):
            time.sleep(0.01)
        fresh.close()

    thread = threading.Thread(target=close_it, daemon=True)
    thread.start()
    with pytest.raises(GraderError, match="the wall is down"):
        run(fresh, "import time\nopen('begun', 'w').close()\n"
                   "time.sleep(60)", Limits(wall_seconds=60))
    thread.join()
    with pytest.raises(GraderError, match="the wall is down"):
        run(fresh, "x = 1")


def test_what_does_not_start_is_the_graders_own_fault(
        fresh: FreshWall, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(GraderError, match="set up: KeyError: 'no-such'"):
        fresh.run("no-such", {})
    monkeypatch.setattr(freshrun, "inside_argv",
                        lambda *words, **options: ["/bin/false"])
    with pytest.raises(GraderError, match="Python ended with status 1"):
        fresh.run("suite", {})
    monkeypatch.setattr(freshrun, "inside_argv",
                        lambda *words, **options: ["/no/such/python"])
    with pytest.raises(GraderError, match="could not be started"):
        fresh.run("suite", {})


def test_what_never_starts_is_given_up(
        fresh: FreshWall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(freshrun, "START_SECONDS", 0.3)
    monkeypatch.setattr(freshrun, "inside_argv",
                        lambda *words, **options: ["/bin/sleep", "60"])

    # More than any pipe holds.
    with pytest.raises(GraderError, match="could not be set up"):
        fresh.run("suite", request("x" * (4 << 20)))


@pytest.mark.parametrize("tier", ["full", "reduced"])
def test_there_is_no_other_tier(monkeypatch: pytest.MonkeyPatch,
                                tier: str) -> None:
    monkeypatch.setattr(forking, "FORKS", False)
    with open_wall("auto", Purpose(kinds=["suite"])) as opened:
        assert (type(opened), opened.tier) == (FreshWall, "none")
    with pytest.raises(UserError, match=f"{tier}: only Linux has it"):
        open_wall(tier, Purpose(kinds=["suite"]))


def test_tools_answer_too(fresh: FreshWall) -> None:
    source = encode(RIGHT_FLOOR.encode())
    ask = fresh.answer("style", Limits(memory_mb=1024))

    assert ask({"files": [{"id": "a", "source": source}]}) == {
        "files": {"a": {"failures": [], "advice": []}}}
