#!/usr/bin/env bash
# Run once, when Gradescope builds the image.
set -euo pipefail
source=${AUTOGRADER:-/autograder}/source
if command -v apt-get >/dev/null; then
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends bubblewrap python3 python3-venv
fi
python3 -I -c 'import sys
sys.exit(sys.version_info < (3, 11) and
         "Python 3.11 or newer is needed: choose Ubuntu 24.04 or later")'
python3 -I -m venv "$source/.venv"
"$source/.venv/bin/python" -I -m pip install --quiet -r "$source/requirements.txt"
# What the grader finds out once about its suites and types stays in the image.
(cd "$source" && .venv/bin/python -I autograde.py check grader/folders{{tasks}})
