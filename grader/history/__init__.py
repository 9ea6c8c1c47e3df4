"""What a git repository held at a moment, read as data of a stranger's."""
