"""The behaviour dimension: suites, their checks and their twins."""
