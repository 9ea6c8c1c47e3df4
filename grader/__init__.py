"""Grade Python fundamentals exercises: behaviour, types and style."""

import sys

# The Python that judges, such as "3.11.7".
PYTHON = ".".join(map(str, sys.version_info[:3]))
__version__ = "0.1.0"
