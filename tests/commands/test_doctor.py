"""The doctor reports what it tried, and which tier comes of it."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from grader import doctor, mariadb
from grader.errors import UserError
from grader.wall import bubblewrap
from grader.wall.forking import Purpose, open_wall
from grader.wall.proberesult import ProbeResult

GOOD = ProbeResult("wall", True, "bubblewrap")
BAD = ProbeResult("wall", False, "no permission", "allow user namespaces")
LAYERS: dict[str, Any] = {
    "uid": 1000, "private": {"error": "unshare: Operation not permitted"},
    "shared": {"layers": ["session", "rlimits", "landlock 4", "seccomp"]}}
FEW: dict[str, Any] = {
    "uid": 1000, "private": {"error": "only Linux has namespaces"},
    "shared": {"layers": ["session", "rlimits"]}}


def pretend(monkeypatch: pytest.MonkeyPatch, wall: ProbeResult,
            said: dict[str, Any]) -> None:
    monkeypatch.setattr(bubblewrap, "probe", lambda: wall)
    monkeypatch.setattr(doctor, "run_unwalled", lambda: said)


@pytest.mark.parametrize("wall, said, tier", [
    (GOOD, LAYERS, "full"), (GOOD, FEW, "full"), (BAD, LAYERS, "reduced"),
    (BAD, FEW, "none"), (BAD, {"error": "it said nothing"}, "none"),
])
def test_auto_takes_the_best_tier_there_is(
        wall: ProbeResult, said: dict[str, Any], tier: str,
        monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, wall, said)
    assert {p.name: p.detail for p in doctor.examine()}["isolation"] == tier


def test_a_tier_asked_for_by_name_is_taken_or_refused(
        monkeypatch: pytest.MonkeyPatch) -> None:
    with open_wall("none", Purpose(kinds=[])) as wall:
        assert wall.tier == "none"
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(UserError, match="full: bwrap") as caught:
        open_wall("full", Purpose(kinds=[]))
    assert "grade doctor" in caught.value.todo


def test_the_layers_are_reported_one_by_one(
        monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, BAD, FEW)
    found = {probe.name: probe for probe in doctor.examine()}
    assert found["rlimits"].ok
    assert not found["landlock"].ok and found["landlock"].todo
    assert not found["seccomp"].ok
    assert found["namespaces"].detail == "only Linux has namespaces"


def test_every_probe_that_fails_says_what_to_do() -> None:
    probes = doctor.examine()
    assert {probe.name for probe in probes} >= {
        "python", "isolation", "wall", "mypy", "pycodestyle",
        "mysql drivers", "mariadb", "watchfiles", "dask"}
    for probe in probes:
        assert probe.detail, probe
        assert "\n" not in probe.detail + probe.todo
        assert probe.ok or probe.todo, probe


def test_this_linux_offers_the_layers_it_really_has() -> None:
    if sys.platform != "linux":
        pytest.skip("the layers are Linux's")
    said = doctor.run_unwalled()
    assert "rlimits" in said["shared"]["layers"]


def test_tools_are_reported_with_their_versions() -> None:
    found = {probe.name: probe for probe in doctor.examine()}
    for name in ("mypy", "pycodestyle"):
        assert found[name].ok
        assert found[name].detail[0].isdigit()


def test_a_tool_that_is_missing_or_broken_is_reported(
        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mypy", None)
    found = {probe.name: probe for probe in doctor.examine()}
    assert (found["mypy"].ok, found["mypy"].detail) == (
        False, "not installed")


def test_a_machine_without_a_server_is_told_which_package(
        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(mariadb, "_PLACES", ())
    found = {probe.name: probe for probe in doctor.examine()}
    assert "apt install mariadb-server-core" in found["mariadb"].todo
