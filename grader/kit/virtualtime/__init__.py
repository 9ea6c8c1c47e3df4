"""A clock that jumps: code that waits for hours takes no time."""
