"""What a learner's commands do and say."""
