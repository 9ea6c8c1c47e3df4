"""What a process behind the wall finds, by looking from inside."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from grader.inside.jail import readablepaths
from grader.wall import bubblewrap, unixuser
from grader.wall.bubblewrap import command
from grader.wall.interpreter import inside_argv

ROOT = Path(__file__).resolve().parents[2]
ENTRY = ("from grader.inside.jail.probe import main as start; "
         "start(sys.argv[1:])")
SYSTEM_PYTHON = "/usr/bin/python3"


@pytest.fixture(scope="module", autouse=True)
def wall() -> None:
    """Skip where bubblewrap cannot work, whatever our options for it."""
    try:
        done = subprocess.run(
            ["bwrap", "--unshare-pid", "--unshare-net", "--ro-bind", "/",
             "/", "--proc", "/proc", "/usr/bin/true"], capture_output=True,
            text=True)
    except FileNotFoundError:
        pytest.skip("bubblewrap is not installed")
    if done.returncode:
        pytest.skip(f"bubblewrap does not work here: {done.stderr.strip()}")


def test_the_probe_finds_the_wall() -> None:
    probe = bubblewrap.probe()
    assert (probe.ok, probe.todo) == (True, "")
    assert "seccomp" in probe.detail


def inside(program: str) -> list[str]:
    """Return the argv that runs `program` as grader.inside is run."""
    argv = inside_argv("grader.inside.jail.probe:main")
    assert argv[-1].endswith(ENTRY)
    return [*argv[:-1], argv[-1].removesuffix(ENTRY) + "\n" + program]


def look(expression: str, before: str = "", **options: Any) -> Any:
    """Return the value of an expression, evaluated behind a new wall."""
    program = ("import json, os, socket\n" + before +
               "def tried(call, *arguments):\n"
               "    try: return call(*arguments)\n"
               "    except BaseException as error:\n"
               "        return type(error).__name__\n"
               f"print(json.dumps({expression}))")
    done = subprocess.run(command(inside(program), **options),
                          capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def shown() -> set[str]:
    """Return the folders and files that may be seen whole."""
    return {*readablepaths.python_paths(), *readablepaths.site_folders(),
            "/proc",
            *bubblewrap._DEVICES, "/scratch", "/code/grader/__init__.py",
            "/code/grader/inside", "/code/grader/kit"}


WALK = """
found = []
for folder, folders, files in os.walk("/"):
    paths = [os.path.join(folder, name) for name in folders + files]
    found += [path for path in paths if path in whole or
              os.path.basename(path) in files]
    folders[:] = [name for name in folders
                  if os.path.join(folder, name) not in whole]
    found += [folder + "/"] if not paths else []
"""


def test_a_walk_finds_exactly_the_allowed_paths() -> None:
    whole = shown()
    # A folder that lies in another shown one is not met on the way.
    outer = {path for path in whole
             if not readablepaths.is_below(path, whole - {path})}
    found = look("found", before=f"whole = {whole!r}\n{WALK}")
    assert sorted(found) == sorted(outer)


def test_nothing_of_the_grader_but_its_inside_is_there() -> None:
    assert sorted(look("os.listdir('/code/grader')")) == [
        "__init__.py", "inside", "kit"]
    beside, keys = look("[tried(os.listdir, %r), tried(os.listdir, %r)]" % (
        str(ROOT), os.path.expanduser("~/.ssh")))
    # A virtual environment in the checkout is where the libraries are.
    assert beside in ("FileNotFoundError", [".venv"])
    assert keys == "FileNotFoundError"


def test_a_hidden_folder_is_empty(tmp_path: Path) -> None:
    for name in ("course/suite.py", "course/.venv/lib/package.py",
                 "course/results", "free/file"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("text")
    os.chmod(tmp_path, 0o755)
    course, site = tmp_path / "course", tmp_path / "course/.venv/lib"
    found = look(
        f"sorted(path for path, _, names in os.walk({str(tmp_path)!r})"
        " if names or path.endswith('course'))",
        readable=[tmp_path, site], hidden=[course, tmp_path / "absent"])
    assert found == list(map(str, [course, site, tmp_path / "free"]))
    assert look(f"open({str(course / 'results')!r}).read()",
                readable=[tmp_path]) == "text"
    assert look(f"tried(open, {str(course / 'results')!r})",
                readable=[tmp_path], hidden=[course / "results"]
                ) == "PermissionError"


def test_a_readable_folder_is_there_and_read_only(tmp_path: Path) -> None:
    os.chmod(tmp_path, 0o777)
    (tmp_path / "file").write_text("text")
    found = look(f"[open({str(tmp_path / 'file')!r}).read(), "
                 f"tried(open, {str(tmp_path / 'new')!r}, 'w')]",
                 readable=[tmp_path])
    assert found == ["text", "OSError"]
    assert os.listdir(tmp_path) == ["file"]


def test_nothing_can_be_written_anywhere() -> None:
    found = look("""[path for path in ('/', '/usr', '/code', '/scratch',
        '/dev', '/etc', '/tmp', '/root', '/home', '/proc', '/dev/shm')
        if tried(os.mkdir, path + '/planted') is None]""")
    assert found == []


def test_the_environment_is_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "token")
    monkeypatch.setenv("PYTHONPATH", "/planted")
    names = look("sorted(os.environ)")
    assert set(names) <= {"HOME", "LANG", "PATH", "PWD", "TMPDIR",
                          "LC_CTYPE"}
    assert look("'/planted' in __import__('sys').path") is False


def test_it_runs_as_nobody_in_particular() -> None:
    said = look("[os.getuid(), os.geteuid(), open('/proc/self/status')"
                ".read()]")
    status = dict(line.split(":\t", 1) for line in said[2].splitlines()
                  if ":\t" in line)
    assert said[0] == said[1] != 0
    assert [status[name] for name in ("CapInh", "CapPrm", "CapEff",
                                      "CapAmb")] == ["0" * 16] * 4
    assert status["NoNewPrivs"] == "1"


def test_root_is_not_root_for_the_kernel_either() -> None:
    if os.geteuid() != 0:
        pytest.skip("the grader is not run by root")
    with subprocess.Popen(command(inside("import time; print(flush=True);"
                                         "time.sleep(60)")),
                          stdout=subprocess.PIPE) as process:
        assert process.stdout and process.stdout.readline()
        owners = {_owner(pid) for pid in _descendants(process.pid)
                  if "python" in _name(pid)}
        process.kill()
    assert owners == {unixuser.NOBODY}


def _descendants(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    children = [int(word) for word in text.split()]
    return children + [other for child in children
                       for other in _descendants(child)]


def _name(pid: int) -> str:
    return Path(f"/proc/{pid}/comm").read_text()


def _owner(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines
                    if line.startswith("Uid:")).split()[1])


def test_the_network_is_not_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert look("[n for _, n in socket.if_nameindex()]") == ["lo"]
        assert look("tried(socket.create_connection, "
                    f"('127.0.0.1', {port}), 1)") == "ConnectionRefusedError"


def test_other_processes_and_the_host_name_are_not_there() -> None:
    processes, name = look("[[p for p in os.listdir('/proc') "
                           "if p.isdigit()], socket.gethostname()]")
    assert len(processes) <= 3
    assert name == "wall"


def test_a_run_inside_has_every_layer() -> None:
    said = bubblewrap.try_wall()
    assert {"session", "rlimits", "capabilities", "seccomp"} <= set(
        said["private"]["layers"])


def test_the_wall_falls_with_the_grader() -> None:
    program = ("import subprocess, sys, time, os\n"
               "subprocess.Popen(sys.argv[1:])\n"
               "time.sleep(60)\n")
    asleep = inside("import sys, time; print('up', flush=True); "
                    "time.sleep(60)")
    with subprocess.Popen([sys.executable, "-c", program, *command(asleep)],
                          stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"up\n"
        process.send_signal(signal.SIGKILL)
        # Everybody in the wall holds the pipe: it ends with the last.
        ready, _, _ = select.select([process.stdout], [], [], 20)
        assert ready and process.stdout.read() == b""


def test_an_ordinary_user_gets_a_wall_too() -> None:
    if os.geteuid() != 0:
        pytest.skip("the other tests ran as an ordinary user")
    version = subprocess.run(
        [SYSTEM_PYTHON, "-c", "import sys; print(*sys.version_info[:2])"],
        capture_output=True, text=True).stdout.split()
    if list(map(int, version)) < [3, 11]:
        pytest.skip("no Python of the system is new enough")
    if not all(step.stat().st_mode & 0o001
               for step in (ROOT, *ROOT.parents)):
        pytest.skip("an ordinary user cannot read the grader here")
    program = (f"import sys; sys.path.insert(0, {str(ROOT)!r}); import json;"
               "from grader.wall import bubblewrap;"
               "print(json.dumps(bubblewrap.try_wall())); import subprocess;"
               "import os; python = os.path.realpath(sys.executable);"
               "argv = [python, '-I', '-c', sys.argv[1]];"
               "subprocess.run(bubblewrap.command(argv))")
    planting = ("import os\nfor path in '/', '/code/grader', '/scratch':\n"
                "    try: os.mkdir(path + '/planted')\n"
                "    except OSError: print('refused')")
    done = subprocess.run([SYSTEM_PYTHON, "-B", "-c", program, planting],
                          user=12345, group=12345, extra_groups=[], cwd="/",
                          capture_output=True, text=True, timeout=60)
    first, *others = done.stdout.splitlines()
    said = json.loads(first)
    assert others == ["refused"] * 3
    assert said["uid"] == 1000
    assert "seccomp" in said["private"]["layers"]


def test_a_missing_program_is_a_reason(
        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    probe = bubblewrap.probe()
    assert (probe.ok, probe.todo) == (False, "sudo apt install bubblewrap")


@pytest.mark.parametrize("last, todo", [
    ("bwrap: setting up uid map: Permission denied", "AppArmor"),
    ("bwrap: No permissions to create a new namespace", "seccomp"),
    ("bwrap: Can't mount proc on /newroot/proc: Operation not permitted",
     "systempaths"),
])
def test_a_refused_wall_says_what_to_do(
        last: str, todo: str, tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch) -> None:
    fake = tmp_path / "bwrap"
    fake.write_text(f'#!/bin/sh\necho "{last}" >&2\nexit 1\n')
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    probe = bubblewrap.probe()
    assert not probe.ok
    assert probe.detail == last
    assert todo in probe.todo
