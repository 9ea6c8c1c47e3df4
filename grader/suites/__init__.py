"""The graded suites: they observe inside the wall and compare outside."""
