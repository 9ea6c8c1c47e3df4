"""Asks mypy and pycodestyle, which run inside the wall, about files."""
