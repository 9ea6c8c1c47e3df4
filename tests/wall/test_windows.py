"""The commands, in Pythons that lack what Windows lacks."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

if sys.platform != "linux":
    pytest.skip("it is Linux that is made poor", allow_module_level=True)

from grader.library.library import find_root
from grader.submission.file import SubmittedFile
from grader.tools import typecheck
from tests.conftest import RIGHT_FLOOR
from tests.helpers import traces, windowslike
from tests.helpers.packing import DOS, SOURCE, Zipped, made_zip
from tests.helpers.terminals import PseudoTerminal
from tests.tools.stopwatch import ROOT

FOLDER = "0x00-python_variable_annotations"
# One model of every kind; all of them would take a minute.
MODELS = ("0x00/2", "0x01/1", "0x03/8", "python-generators-0x00/1",
          "python-decorators-0x01/3", "python-context-async-perations-0x02/3")
NAME = "na\u00efve \u6570"
FORGED = (r'{"check": "Test.test_adds", "seen": [], "problem": null}\n'
          r'{"done": true}\n')
HOSTILE = {
    # This ends the run of all the tasks, the first one, at once.
    "0-add.py": ("exited", "import os\ndef add(a, b):\n    os._exit(0)\n"),
    "1-concat.py": ("timeout", "def concat(a, b):\n    while True:\n"
                    "        pass\n"),
    "2-floor.py": ("exited", "import sys\ndef floor(n):\n    sys.exit()\n"),
    "3-to_str.py": ("timeout", "def to_str(n):\n    while True:\n"
                    "        print('x' * 4096)\n"),
    "5-sum_list.py": ("output", "import os\nos.write(3, b'x' * (9 << 20))\n"),
    "6-sum_mixed_list.py": (
        "wrong", f"import os\nprint('{FORGED}', flush=True)\n"
        f"os.write(1, b'{FORGED}')\nos.write(2, b'{FORGED}')\n"
        f"def sum_mixed_list(mxd_lst):\n    return {NAME!r}\n"),
    "7-to_kv.py": ("crashed", "import os\ndef to_kv(k, v):\n    os.abort()\n"),
    "8-make_multiplier.py": ("broken", "import sys\nsys.exit(0)\n"),
    "9-element_length.py": (
        "output", "for n in range(2000):\n    open(str(n), 'w').close()\n"
        "while True:\n    pass\n"),
}

# It removes the file that its first, failed load left open.
OWN_TABLE = """\
import functools, os, sqlite3
conn = sqlite3.connect("users.db")
conn.execute("CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT)")
def log_queries(func):
    @functools.wraps(func)
    def wrapper(*args, **kwargs):
        print(kwargs.get("query") or args[0])
        return func(*args, **kwargs)
    return wrapper
conn.execute("DROP TABLE users")
conn.close()
os.remove("users.db")
"""

Grade = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def windows(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the environment of the poor Pythons.

    They find a copy of mypy's cache, which takes long to make.
    """
    environment = windowslike.environment(tmp_path_factory.mktemp("windows"))
    made = typecheck.warm_cache()
    shutil.copytree(made, Path(environment["XDG_CACHE_HOME"],
                               made.parent.name, made.name))
    return environment


@pytest.fixture
def grade(windows: dict[str, str], tmp_path: Path) -> Grade:
    def call(*words: str | Path, cwd: Path = tmp_path
             ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "grader", *map(str, words)], cwd=cwd,
            env=windows, capture_output=True, text=True, timeout=300)
    return call


@pytest.fixture(scope="module")
def started(windows: dict[str, str],
            tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a blank workspace, written by such a Python."""
    place = tmp_path_factory.mktemp("started") / "made"
    subprocess.run([sys.executable, "-m", "grader", "start", place],
                   env=windows, check=True, capture_output=True)
    return place


@pytest.fixture
def made(started: Path, tmp_path: Path) -> Path:
    """Return a copy of the blank workspace."""
    return shutil.copytree(started, tmp_path / "made")


@pytest.fixture
def hasty(tmp_path: Path) -> Path:
    """Return a library of one folder, where what hangs may not for long."""
    folder = shutil.copytree(find_root() / FOLDER,
                             tmp_path / "hasty" / FOLDER)
    manifest = folder / "tasks.toml"
    head, *tasks = manifest.read_text().split("[[task]]")
    hanging = [name for name, row in HOSTILE.items() if "timeout" in row]
    manifest.write_text(head + "".join(
        f"[[task]]\nseconds = {0.1 if hangs else 1.0}{task}" for task in tasks
        for hangs in [any(f'"{name}"' in task for name in hanging)]))
    return folder.parent


def report(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert done.stderr == ""
    data: dict[str, Any] = json.loads(done.stdout)
    return data


def test_it_is_as_poor_as_it_claims(windows: dict[str, str]) -> None:
    tries = {"import fcntl": "ModuleNotFoundError",
             "import os; os.fork()": "AttributeError",
             "import signal; signal.SIGKILL": "AttributeError",
             "import subprocess; subprocess.Popen('x', pass_fds=[1])":
             "ValueError"}
    program = ("import sys\nprint(sys.platform)\nfor each in sys.argv[1:]:\n"
               "    try:\n        exec(each)\n"
               "    except Exception as error:\n"
               "        print(type(error).__name__)")
    said = subprocess.run([sys.executable, "-c", program, *tries], env=windows,
                          capture_output=True, text=True).stdout

    assert said.split() == ["win32", *tries.values()]


def test_what_is_written_is_utf8(windows: dict[str, str],
                                 made: Path) -> None:
    name = f"2-floor {NAME}.py"
    (made / FOLDER / "2-floor.py").rename(made / FOLDER / name)
    done = subprocess.run(
        [sys.executable, "-m", "grader", "check", made, "0x00/2"],
        env=windows | {"PYTHONIOENCODING": "cp1252"}, capture_output=True)

    assert (done.returncode, done.stderr) == (1, b"")
    assert name in done.stdout.decode("utf-8")


def test_a_cache_for_mypy_is_made(windows: dict[str, str],
                                  tmp_path: Path) -> None:
    # mypy itself has nothing to do with it, and would take seconds.
    program = ("from pathlib import Path\n"
               "from grader.tools import typecheck\n"
               "typecheck._fill = lambda at: Path(at, 'it').write_text('')\n"
               "print(*typecheck.warm_cache().iterdir())")
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True,
        env=windows | {"XDG_CACHE_HOME": str(tmp_path)})

    made, = tmp_path.glob("grade/mypy-*/*")
    assert done.stdout.split() == [str(made)], done.stderr


def test_models_pass_and_the_tier_is_said(windows: dict[str, str],
                                          tmp_path: Path) -> None:
    # A learner's test is tried less often here, to save starts of Python.
    program = ("from grader import cli\n"
               "from grader.learnertests import judging\n"
               "judging.LEAST = 1\nraise SystemExit(cli.main())")
    data = report(subprocess.run(
        [sys.executable, "-c", program, "check", find_root(), *MODELS,
         "--format", "json"], cwd=tmp_path, env=windows, capture_output=True,
        text=True))

    assert {task["file"]: task["failures"] for task in data["tasks"]
            if task["status"] != "pass"} == {}
    assert len(data["tasks"]) == len(MODELS)
    assert data["isolation"] == "none"


def test_each_wrong_answer_has_its_cause(grade: Grade, made: Path,
                                         hasty: Path) -> None:
    for name, (_, source) in HOSTILE.items():
        (made / FOLDER / name).write_text(source)

    numbers = [f"0x00/{name.partition('-')[0]}" for name in HOSTILE]
    data = report(grade("check", made, *numbers, "--format", "json",
                        "--library", hasty))

    causes = {task["file"]: next(
        (each["cause"] for each in task["failures"]
         if each["dimension"] == "behaviour"), None)
        for task in data["tasks"]}
    expected = {name: cause for name, (cause, _) in HOSTILE.items()}
    assert causes == expected
    assert repr(NAME) in {each["got"] for task in data["tasks"]
                          for each in task["failures"]}


def test_a_file_that_was_left_open_is_in_nobodys_way(grade: Grade,
                                                     made: Path) -> None:
    (made / "python-decorators-0x01" / "0-log_queries.py").write_text(
        OWN_TABLE)

    task, = report(grade("check", made, "python-decorators-0x01/0",
                         "--format", "json"))["tasks"]

    assert task["dimensions"]["behaviour"] == "pass", task["failures"]


@pytest.mark.parametrize("words, says", [
    (["list"], "0x00-python_variable_annotations"),
    (["show", "0x00/2"], "floor"), (["hint", "0x00/2"], "Hint 1"),
    (["doctor"], "isolation: none"),
    ([], "Next: "),
    (["completion", "bash"], "complete")])
def test_the_quick_commands_answer(grade: Grade, made: Path,
                                   words: list[str], says: str) -> None:
    done = grade(*words, cwd=made)

    assert (done.returncode, done.stderr) == (0 if words else 2, "")
    assert says in done.stdout
    assert words != ["doctor"] or "memory and processes are not" in done.stdout


def test_a_better_tier_and_a_server_are_refused(grade: Grade,
                                                made: Path) -> None:
    for words in (["check", made, "--require-isolation", "full"],
                  ["mysql"]):
        done = grade(*words)
        assert done.returncode == 2
        assert "only" in done.stderr
        assert len(done.stderr.splitlines()) == 2


def test_a_cohort_is_graded_once(grade: Grade, made: Path) -> None:
    file = made / FOLDER / "2-floor.py"
    file.write_text(RIGHT_FLOOR)
    file.chmod(0o600)
    words = "cohort", made, "--out", made / "out", "--task", "0x00/2"

    first, second = grade(*words), grade(*words)

    assert (first.returncode, second.returncode) == (0, 0), first.stderr
    assert "1 graded and 0 known of 1" in first.stdout
    assert "isolation none" in first.stdout
    assert "0 graded and 1 known of 1" in second.stdout
    results = (made / "out" / "results.jsonl").read_bytes()
    assert b"\r" not in results
    # Nor is anything said of modes, which Windows lacks.
    assert [(task["status"], task["advice"])
            for task in json.loads(results)["tasks"]] == [("pass", [])]
    assert "made,10,10,10" in (made / "out" / "grades.csv").read_text()


def test_an_archive_is_opened_in_a_process_of_its_own(
        windows: dict[str, str], tmp_path: Path) -> None:
    archive = tmp_path / "ann.zip"
    archive.write_bytes(made_zip(Zipped(name=f"{FOLDER}\\0-add.py".encode(),
                                        system=DOS, mode=0)))
    program = ("import sys\nfrom pathlib import Path\n"
               "from grader.cohort.archives import Unpacker\n"
               "from grader.library.library import load_library\n"
               "known = load_library().names\n"
               "with Unpacker('auto', known) as unpacker:\n"
               "    with unpacker.tree(Path(sys.argv[1])) as tree:\n"
               "        print(sys.platform, unpacker.open().tier)\n"
               "        place = sys.argv[2], '0-add.py'\n"
               "        print(tree.read([place])[place])\n")
    done = subprocess.run(
        [sys.executable, "-c", program, archive, FOLDER], env=windows,
        cwd=ROOT, capture_output=True, text=True)

    assert done.stdout.splitlines() == ["win32 none", repr(SubmittedFile(
        content=SOURCE, executable=True))], done.stderr


def test_watch_takes_keys_and_saves(windows: dict[str, str],
                                    made: Path) -> None:
    with PseudoTerminal([sys.executable, "-m", "grader", "watch", "0x00"],
                        made, 24, **windows) as terminal:
        terminal.expect("0. Basic annotations - add")
        terminal.press("h")
        terminal.expect("Hint 1 of 2")
        (made / FOLDER / "2-floor.py").write_text(RIGHT_FLOOR)
        terminal.expect("2-floor.py passes.")
        terminal.press("q")
        assert terminal.leave() == 1


def test_a_grader_that_is_killed_ends_its_runs(windows: dict[str, str],
                                               made: Path) -> None:
    file = made / FOLDER / "2-floor.py"
    file.write_text("import time\nopen('there', 'w').close()\n"
                    "while True:\n    time.sleep(0.1)\n")
    with traces.folder_for_runs() as folder:
        grader = subprocess.Popen(
            [sys.executable, "-m", "grader", "check", made, "0x00/2"],
            env=windows | {"TMPDIR": str(folder)},
            stdout=subprocess.DEVNULL)
        until(lambda: list(folder.glob("*/there")))
        below = traces.below(grader.pid)
        os.kill(grader.pid, signal.SIGKILL)
        grader.wait()
        assert below
        until(lambda: not any(map(traces.words, below)))


def until(there: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not there():
        assert time.monotonic() < deadline
        time.sleep(0.05)
