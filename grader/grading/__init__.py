"""Grades one submission: from its files to the verdicts on its tasks."""
