"""Inside the wall: the checks of a suite, run to look at a submission."""
