"""What is asked of mypy and pycodestyle, which run inside the wall."""
