"""The graded suites: sent inside to look, judged outside."""
