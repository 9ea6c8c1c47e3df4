"""Inside the wall: the normal form of a file, to compare it with others'."""
