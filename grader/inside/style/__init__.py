"""Inside the wall: pycodestyle, docstrings and shebangs."""
