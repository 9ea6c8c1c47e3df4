"""Who runs are is decided by who grades, and by what the kernel allows."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.doctor import examine
from grader.wall import bubblewrap, tiers, unixuser
from grader.wall.forking import Purpose, open_wall
from grader.wall.unixuser import RunsAs

if sys.platform != "linux":
    pytest.skip("users are looked at on Linux", allow_module_level=True)

WHOLE = "0 0 4294967295"
ALONE = "0 0 1"
EVERY, DOCKER, NONE = 0x1FFFFFFFFFF, 0xA80425FB, 0


def pretend(monkeypatch: pytest.MonkeyPatch, *, uid: int, ids: str,
            groups: str, capabilities: int, is_open: bool) -> None:
    files = {"/proc/self/uid_map": ids, "/proc/self/setgroups": groups,
             "/proc/self/status": f"Name:\tx\nCapEff:\t{capabilities:016x}"}
    monkeypatch.setattr(os, "geteuid", lambda: uid)
    monkeypatch.setattr(unixuser, "_read", files.__getitem__)
    monkeypatch.setattr(unixuser, "_is_open_to_all", lambda: is_open)


@pytest.mark.parametrize(
    "uid, ids, groups, capabilities, is_open, walled, unwalled", [
        (1000, WHOLE, "allow", NONE, True, "SELF", "SELF"),
        (0, WHOLE, "allow", EVERY, True, "NOBODY", "NOBODY"),
        (0, WHOLE, "allow", EVERY, False, "NOBODY", "READER"),
        (0, WHOLE, "allow", DOCKER, True, "NOBODY", "NOBODY"),
        (0, WHOLE, "allow", DOCKER, False, "NOBODY", "ROOT"),
        (0, WHOLE, "allow", NONE, True, "ROOT", "ROOT"),
        (0, ALONE, "deny", EVERY, True, "ROOT", "ROOT"),
        (0, "0 1000 1", "deny", EVERY, True, "SELF", "SELF"),
        (0, "0 1000 1\n1 100000 65536", "allow", EVERY, True, "NOBODY",
         "NOBODY"),
    ])
def test_root_becomes_nobody_where_it_can(
        uid: int, ids: str, groups: str, capabilities: int, is_open: bool,
        walled: str, unwalled: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, uid=uid, ids=ids, groups=groups,
            capabilities=capabilities, is_open=is_open)
    assert unixuser.walled() is RunsAs[walled]
    assert unixuser.unwalled() is RunsAs[unwalled]


def test_only_walls_that_are_not_whole_have_a_caution() -> None:
    assert tiers.caution("full", False) == tiers.caution("full", True) == ""
    assert tiers.caution("reduced", False) == ""
    for tier in "reduced", "none":
        assert f"isolation {tier}, and the code ran as root" in tiers.caution(
            tier, True)
    assert "your own work only" in tiers.caution("none", False)


def test_a_run_that_would_be_root_gets_no_full_wall(
        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unixuser, "walled", lambda: RunsAs.ROOT)
    monkeypatch.setattr(unixuser, "unwalled", lambda: RunsAs.ROOT)
    probe = bubblewrap.probe()
    assert (probe.ok, probe.detail) == (False, unixuser.AS_ROOT)
    with open_wall("auto", Purpose(kinds=[])) as wall:
        assert wall.tier != "full"
        assert "ran as root" in wall.caution


def test_the_doctor_says_what_then_happens() -> None:
    found = {probe.name: probe.detail for probe in examine()}
    with open_wall("auto", Purpose(kinds=[])) as wall:
        assert found["isolation"] == wall.tier
    assert found["left open"]


def test_root_of_a_namespace_with_one_user_can_grade(
        submission: Path) -> None:
    words = ["unshare", "-Ur", sys.executable, "-m", "grader"]
    if shutil.which("unshare") is None or subprocess.run(
            [*words[:2], "true"], capture_output=True).returncode:
        pytest.skip("no user namespace can be made here")
    done, said = (subprocess.run([*words, *more], capture_output=True,
                                 text=True, timeout=60) for more in
                  (["check", str(submission), "0x00/2"], ["doctor"]))
    assert (done.returncode, done.stderr) == (0, "")
    tier = next(line.split()[-1] for line in said.stdout.splitlines()
                if line.startswith("ok  isolation:"))
    assert f"isolation {tier}; " in done.stdout
    # To the kernel it is root still, unless it is somebody outside.
    assert ("ran as root" in done.stdout) == (os.geteuid() == 0)
