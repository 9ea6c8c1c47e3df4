"""Isolates the runs of a submission's code; this side is the grader's."""
