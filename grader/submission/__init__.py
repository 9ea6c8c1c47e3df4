"""Finds and copies the files of a submission, without running any."""
