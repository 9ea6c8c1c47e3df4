"""Turns verdicts into marks: weights, deadlines, decisions of the staff."""
