"""The learners of a class, and which submission each one handed in."""
