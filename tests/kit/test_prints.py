"""The streams that a program prints to while the grader listens."""

from __future__ import annotations

import io
import json
import subprocess
import sys

import pytest

from grader.kit import prints
from grader.kit.prints import PrintedText, of_a_program

# What learners' programs do with the standard streams.
PROGRAMS = (
    'print("plain")',
    'import sys; sys.stdout.reconfigure(encoding="utf-8"); print("\\u00e9")',
    'import sys; sys.stdout.reconfigure(line_buffering=True); print("a")',
    'import sys; sys.stdout.buffer.write(b"bytes\\n")',
    'import sys; sys.stdout.buffer.raw.write(b"raw bytes\\n")',
    'import sys; sys.stdout.writelines(["a\\n", "b\\n"])',
    'import sys; print(sys.stdout.fileno(), sys.stderr.fileno())',
    'import sys; print(sys.stdout.closed, sys.stdout.isatty())',
    'import sys; print(sys.stdout.newlines, sys.stdout.line_buffering)',
    'import sys; print(sys.stdout.name, sys.stdout.mode)',
    'import sys; print(sys.stdout.writable(), sys.stdout.readable())',
    'import sys; print(sys.stdout.seekable(), type(sys.stdout).__name__)',
    'import sys; print(type(sys.stdout.buffer).__name__)',
    'import sys; print("kept", flush=True); sys.stdout.close()',
    'import sys; sys.stderr.close(); print("on")',
    'import sys; print("to the other one", file=sys.stderr)',
    'import sys; print("behind the scenes", file=sys.__stdout__)',
    'import sys; sys.stdout = sys.__stdout__; print("put back")',
    'import io, sys\n'
    'sys.stdout = io.TextIOWrapper(sys.stdout.buffer, "utf-8")\n'
    'print("wrapped \\u00e9")',
    'import io, sys\n'
    'sys.stdout = io.TextIOWrapper(sys.stdout.detach(), "utf-8")\n'
    'print("detached \\u00e9")',
    'import codecs, sys\n'
    'sys.stdout = codecs.getwriter("utf-8")(sys.stdout.detach())\n'
    'print("by a codec \\u00e9")',
    'import sys\n'
    'sys.stdout = open(sys.stdout.fileno(), "w", encoding="utf-8",'
    ' buffering=1)\n'
    'print("opened again")',
    'import os, sys; os.write(sys.stdout.fileno(), b"past all streams\\n")',
    'import os, sys; print("first", flush=True)\n'
    'os.write(sys.stdout.fileno(), b"second\\n")',
    'import sys\n'
    'with sys.stdout as out:\n'
    '    print("with", file=out)',
    'import sys, traceback\n'
    'try:\n'
    '    1 / 0\n'
    'except ZeroDivisionError:\n'
    '    traceback.print_exc(limit=0, file=sys.stdout)',
    'import faulthandler; faulthandler.enable(); print("enabled")',
    'import sys; print(repr(sys.stdin.read()), sys.stdin.isatty())',
    'import sys; print(sys.stdin.fileno(), sys.stdin.readline() == "")',
    'try:\n'
    '    input("prompt ")\n'
    'except EOFError:\n'
    '    print("nobody answers")',
    'import sys\n'
    'try:\n'
    '    sys.stdout.write(b"no text")\n'
    'except TypeError as error:\n'
    '    print(error)',
    'import sys; sys.stdin.close()',
)
HARNESS = """\
import json, os, sys
from pathlib import Path
from grader.kit import prints
results = os.dup(1)
prints.keep_descriptors(Path())
said = []
for program in json.loads(sys.argv[1]):
    out, err = prints.PrintedText("stdout"), prints.PrintedText("stderr")
    with out.in_place(), err.in_place():
        with prints.of_a_program():
            exec(compile(program, "program", "exec"), {})
        out_text, err_text = out.text(), err.text()
    said.append([out_text, err_text])
os.write(results, json.dumps(said).encode())
"""


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Return what is heard of each program, all run in one process."""
    done = subprocess.run(
        [sys.executable, "-c", HARNESS, json.dumps(PROGRAMS)],
        capture_output=True, check=True, stdin=subprocess.DEVNULL,
        cwd=tmp_path_factory.mktemp("scratch"))
    return dict(zip(PROGRAMS, json.loads(done.stdout), strict=True))


@pytest.mark.parametrize("program", PROGRAMS)
def test_what_a_program_prints_is_heard_as_python_prints_it(
        program: str, heard: dict[str, list[str]]) -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-X", "utf8", "-c", program],
        capture_output=True, check=True, stdin=subprocess.DEVNULL)

    assert heard[program] == [done.stdout.decode().replace("\r\n", "\n"),
                              done.stderr.decode().replace("\r\n", "\n")]


def test_a_beginning_is_kept_however_much_is_printed() -> None:
    with prints.kept_by_call(10) as output:
        for number in range(100_000):
            print(number)
        assert output.text() == "0\n1\n2\n3\n4\n"


def test_a_call_starts_with_nothing_printed() -> None:
    with prints.kept_by_call(100) as output:
        print("before")
        prints.forget_call()
        print("after")
        assert output.text() == "after\n"


def test_a_letter_in_two_pieces_is_heard_as_one() -> None:
    output = PrintedText("stdout")

    for byte in "\u20ac".encode():
        output.stream.buffer.write(bytes([byte]))
        output.stream.buffer.flush()

    assert output.text() == "\u20ac"


def test_a_stream_that_a_suite_redirects_stays_redirected() -> None:
    with PrintedText("stdout").in_place() as _, of_a_program():
        pass
    output = PrintedText("stdout")
    with output.in_place():
        sys.stdout = own = io.StringIO()
        with of_a_program():
            print("here")

    assert own.getvalue() == "here\n"
    assert output.text() == ""


def test_python_has_its_own_streams_back_in_the_end() -> None:
    before = sys.stdout, sys.__stdout__

    with PrintedText("stdout").in_place(), of_a_program():
        sys.stdout.close()

    assert (sys.stdout, sys.__stdout__) == before
