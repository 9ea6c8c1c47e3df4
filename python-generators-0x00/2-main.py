#!/usr/bin/env python3
"""Print the users over 25; pipe it into `head -n 5` to see the first."""

import os
import sys

try:
    __import__("1-batch_processing").batch_processing(50)
    sys.stdout.flush()
except BrokenPipeError:
    # head has read enough; nothing may be written any more, at exit either.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
except (ImportError, SyntaxError, OSError, ValueError) as error:
    sys.exit(f"1-batch_processing.py: {error}")
