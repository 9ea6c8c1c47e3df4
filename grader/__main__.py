"""Run the grader as `python -m grader`."""

import sys

if not sys.flags.safe_path:
    # Python puts the current folder first, where a learner's modules may lie.
    del sys.path[0]

import signal  # noqa: E402
import time  # noqa: E402


def start() -> int:
    """Run the command and return its exit status.

    While modules are imported, and after the command, Ctrl-C ends the
    process at once, without a traceback.
    """
    began = time.monotonic()
    # False where the process was started with SIGINT ignored, as by nohup.
    listens = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if listens:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from grader.cli import main

    if listens:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return main(began=began)
    finally:
        if listens:
            signal.signal(signal.SIGINT, signal.SIG_DFL)


if __name__ == "__main__":
    raise SystemExit(start())
