"""The wall around a submission's code, from outside."""
