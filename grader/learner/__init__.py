"""The work of the learner's commands."""
