"""Virtual time: code that waits for hours takes no real time."""
