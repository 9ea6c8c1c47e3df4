"""What the suites of this course share."""
