"""Run the grader as `python -m grader`."""

import sys

if not sys.flags.safe_path:
    # Python puts the current folder first, where a learner's modules may lie.
    del sys.path[0]

from grader.cli import main  # noqa: E402

if __name__ == "__main__":
    raise SystemExit(main())
