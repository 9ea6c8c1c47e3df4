"""Findings about a submission, and the decoder of answers from the wall."""
