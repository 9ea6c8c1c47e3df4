"""Judges tests that learners wrote, by right and wrong given code."""
