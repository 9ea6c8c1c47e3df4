"""The behaviour dimension: suites, and what their checks see."""
