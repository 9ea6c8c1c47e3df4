"""Grades a submission on Gradescope; run it with python -I.

Usage: autograde.py SUBMISSION RESULTS [TASK ...], or check ... as in grade.
With -I Python imports nothing from the current folder or from PYTHONPATH,
where the submission may have modules. The grader lies beside this file.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from grader.cli import main  # noqa: E402
from grader.cohort.taking import find_home  # noqa: E402
from grader.errors import MISUSED  # noqa: E402
from grader.library.library import load_library  # noqa: E402


def autograde(submission: Path, results: Path, tasks: list[str]) -> int:
    """Write Gradescope's results; return its exit status.

    If the grader itself fails, it writes no results. Gradescope then says
    that the autograder failed, instead of recording 0 points.
    """
    # An uploaded archive may hold one folder that holds all the rest.
    home = find_home(submission, load_library().names) or submission
    messages = io.StringIO()
    with contextlib.redirect_stderr(messages):
        status = main(["check", str(home), *tasks,
                       "--format", "gradescope", "--output", str(results)])
    if status == MISUSED:
        results.write_text(json.dumps({
            "score": 0, "output": messages.getvalue()[:5000],
            "output_format": "text", "tests": []}), encoding="utf-8")
    elif status > MISUSED:
        results.unlink(missing_ok=True)
        print(messages.getvalue() or "a task could not be judged: run the "
              "autograder again", file=sys.stderr)
    return int(status > MISUSED)


if __name__ == "__main__":
    words = sys.argv[1:]
    raise SystemExit(main(words) if words[0] == "check" else autograde(
        Path(words[0]), Path(words[1]), words[2:]))
