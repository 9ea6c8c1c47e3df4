"""One submission to verdicts: every task, every dimension, one report."""
