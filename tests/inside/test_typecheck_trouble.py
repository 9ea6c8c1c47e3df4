"""The types dimension under hostile files, crashes and lost answers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grader.findings.untrusted import Remarks, Untrustworthy, decode
from grader.inside.typecheck import checker, typecheck
from grader.tools import typecheck as types
from grader.tools.tools import Lost
from grader.tools.typecheck import TypedFile
from tests.helpers.annotations import BODY, MODELS, TYPING, ZOOM, typed_file
from tests.helpers.toolbox import Here

BROKEN = {
    "syntax": (b"def floor(n: float) -> int:\n    return (\n", "line 2"),
    "nul": (b"x = 1\n\0\n", "NUL"),
    "latin": (b"# \xe9\n", "not UTF-8"),
    "utf16": ("x = 1\n".encode("utf-16"), "not UTF-8"),
    "codec": (b"# coding: no-such\n", "not UTF-8"),
    "rot13": (b"# coding: rot13\n", "not UTF-8"),
    "brackets": (b"(" * 10_000, "too many nested"),
    "minus": (b"x = " + b"-" * 100_000 + b"1\n", "nested too deeply"),
    "attributes": (b"x = y" + b".a" * 100_000 + b"\n", "too deeply"),
    "sum": (b"x = 1" + b" + 1" * 50_000 + b"\n", "too deeply"),
    "digits": (b"x = " + b"1" * 200_000 + b"\n", "digits"),
    "return": (b"x = 1\nreturn x\n", "line 2: 'return' outside"),
    "async": (b"def f():\n    await f()\n", "line 2: 'await' outside"),
    "python2": (b"print 'hello'\n", "line 1: Missing parentheses"),
}
READABLE = {
    "bom": b"\xef\xbb\xbf" + MODELS["floor"].encode(),
    "crlf": MODELS["floor"].replace("\n", "\r\n").encode(),
    "latin cookie": b"# coding: latin-1\n# \xe9\n" + MODELS["floor"].encode(),
    "deep lists": (MODELS["floor"].encode() + b"x: list = "
                   + b"[" * 90 + b"]" * 90 + b"\n"),
    "deep not": MODELS["floor"].encode() + b"x = " + b"not " * 300 + b"1\n",
    "strange lines": ("x = '\x85 \u2028'  # type: ignore\n"
                      + MODELS["floor"]).encode(),
    "form feed": b"\f\n" + MODELS["floor"].encode(),
    "recursive alias": ("from typing import List\nX = List['X']\n"
                        + MODELS["floor"]).encode(),
}


def said_nothing(remarks: Remarks) -> bool:
    return replace(remarks, traits=()) == Remarks()


def test_a_broken_file_costs_only_itself(mypy_cache: Path) -> None:
    files = [TypedFile(id=id, source=data, model=MODELS["floor"])
             for id, data in [*READABLE.items(),
                              *((id, BROKEN[id][0]) for id in BROKEN)]]
    remarks = types.judge(files, Here(typecheck.run), mypy_cache)
    for id in READABLE:
        assert remarks[id].failures == () and not remarks[id].error, id
    for id, (_, says) in BROKEN.items():
        found, = remarks[id].failures
        assert found.cause == "broken" and says in found.message, found


def test_what_only_mypy_cannot_read_costs_only_itself(
        mypy_cache: Path) -> None:
    text = TYPING + ZOOM + BODY
    files = [typed_file("good", "zoom_array", text),
             typed_file("bad", "zoom_array", text + "x = 1  # type: [\n")]
    remarks = types.judge(files, Here(typecheck.run), mypy_cache)
    assert said_nothing(remarks["good"])
    found, = remarks["bad"].failures
    assert (found.cause, found.line) == ("broken", 6)


def crashing(monkeypatch: pytest.MonkeyPatch, mark: str) -> Here:
    """Return a tool whose mypy crashes over texts that hold a mark."""
    check = checker.check

    def crash(texts: dict[str, str], cache: str | None,
              beside: dict[str, str]) -> checker.Checked:
        if any(mark in text for text in [*texts.values(), *beside.values()]):
            raise RecursionError("too deep")
        return check(texts, cache, beside)

    def run(request: dict[str, Any]) -> object:
        try:
            return typecheck.run(request)
        except RecursionError:
            raise Lost("crashed", "RecursionError: too deep", 1) from None
    monkeypatch.setattr(checker, "check", crash)
    return Here(run)


def test_a_file_that_makes_mypy_crash_fails_alone(
        mypy_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = [typed_file("good", "floor", MODELS["floor"]),
             typed_file("0x00/bad.py", "floor",
                        MODELS["floor"] + "crash = 1\n")]
    remarks = types.judge(files, crashing(monkeypatch, "crash"), mypy_cache)
    assert said_nothing(remarks["good"])
    found, = remarks["0x00/bad.py"].failures
    assert (found.cause, found.message) == (
        "crashed", "mypy itself fails on bad.py (RecursionError: too deep): "
        "write it in a simpler way")


def test_a_module_that_makes_mypy_crash_fails_no_file_that_imports_it(
        mypy_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = typed_file("0x00/it.py", "floor",
                      "import helper\n" + MODELS["floor"])
    file = replace(file, beside={"helper.py": b"crash = 1\n"})
    remarks = types.judge([file], crashing(monkeypatch, "crash"), mypy_cache)
    assert said_nothing(remarks["0x00/it.py"])


def test_a_mypy_that_crashes_over_the_model_too_blames_no_file(
        mypy_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = typed_file("it", "floor", MODELS["floor"])
    remarks = types.judge([file], crashing(monkeypatch, "def"), mypy_cache)
    assert remarks["it"] == Remarks(
        error="mypy did not come to an end: RecursionError: too deep")


def test_the_file_is_refused_when_it_is_too_large(mypy_cache: Path) -> None:
    big = TypedFile(id="big", source=b"#" * 300_000, model=MODELS["floor"])
    remarks = types.judge([big], Here(typecheck.run), mypy_cache)
    assert [one.cause for one in remarks["big"].failures] == ["refused"]


def test_planted_configuration_is_not_read(
        mypy_cache: Path, tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "evil.py").write_text("open('ran', 'w')\n")
    for name in ("mypy.ini", ".mypy.ini", "setup.cfg"):
        (tmp_path / name).write_text(
            "[mypy]\nplugins = ./evil.py\nignore_errors = True\n")
    (tmp_path / "random.py").write_text("uniform: str\n")
    monkeypatch.chdir(tmp_path)
    text = "import random\nx: str = random.uniform(1, 2)\n" + ZOOM + BODY
    file = typed_file("it", "zoom_array", TYPING + text)
    remarks = types.judge([file], Here(typecheck.run), mypy_cache)
    assert ["line 5" in one.message for one in remarks["it"].failures] \
        == [True]
    assert not (tmp_path / "ran").exists()


def test_the_types_are_judged_without_a_cache() -> None:
    file = typed_file("it", "floor", MODELS["floor"])
    assert said_nothing(types.judge([file], Here(typecheck.run))["it"])


def test_a_warm_cache_is_made_once(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(types, "_fill", made.append)
    assert types.warm_cache() == types.warm_cache() == types.cache_path()
    assert len(made) == 1
    assert [path.name for path in (tmp_path / "grade").iterdir()] \
        == [types.cache_path().name]


def test_a_race_for_the_cache_has_no_loser(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))

    def rival_is_first(folder: str) -> None:
        types.cache_path().mkdir()
        (types.cache_path() / "filled").touch()
        Path(folder, "late").touch()

    monkeypatch.setattr(types, "_fill", rival_is_first)
    assert [path.name for path in types.warm_cache().iterdir()] == ["filled"]


def test_a_file_that_ends_the_run_costs_only_itself() -> None:
    asked: list[int] = []

    def run(request: dict[str, Any]) -> object:
        ids = [one["id"] for one in request["files"]]
        asked.append(len(ids))
        if "killer" in ids:
            raise Lost("memory")
        return {"files": {id: {"failures": [], "advice": []} for id in ids}}

    files = [TypedFile(id=id, source=b"", model="")
             for id in ["a", "b", "killer", "c", "d"]]
    remarks = types.judge(files, Here(run))
    assert [id for id in remarks if remarks[id].failures] == ["killer"]
    assert len(remarks) == 5 and len(asked) < 8


FAILURE = {"cause": "wrong", "message": "m", "expected": None, "got": None,
           "line": 1}


@pytest.mark.parametrize("answer", [
    None, [], {}, {"files": []}, {"files": {}},
    {"files": {"it": {}, "other": {}}}, {"files": {"it": None}},
    {"files": {"it": {"failures": [], "advice": [1]}}},
    {"files": {"it": {"failures": ["x"], "advice": []}}},
    {"files": {"it": {"failures": [FAILURE | {"line": "1"}], "advice": []}}},
    {"files": {"it": {"failures": [FAILURE | {"line": True}],
                      "advice": []}}},
    {"files": {"it": {"failures": [FAILURE | {"line": 10 ** 4000}],
                      "advice": []}}},
    {"files": {"it": {"failures": [FAILURE | {"cause": "fine"}],
                      "advice": []}}},
    {"files": {"it": {"failures": [FAILURE | {"cause": []}],
                      "advice": []}}},
    {"files": {"it": {"failures": [FAILURE | {"message": None}],
                      "advice": []}}},
])
def test_an_answer_in_another_form_is_not_believed(answer: object) -> None:
    file = TypedFile(id="it", source=b"", model="")
    with pytest.raises(Untrustworthy):
        decode(answer, ["it"], "types")
    assert types.judge([file], Here(lambda _: answer))["it"].error


def test_texts_of_an_answer_are_cut_and_escaped() -> None:
    message = "\x1b[2J" + "x" * 10_000
    remarks = decode({"files": {"it": {
        "failures": [FAILURE | {"message": message}], "advice": []}}},
        ["it"], "types")
    found, = remarks["it"].failures
    assert found.message.startswith("\\x1b[2Jxxx")
    assert len(found.message) < 500
