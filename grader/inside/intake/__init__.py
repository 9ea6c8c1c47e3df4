"""Inside the wall: archives that were handed in, opened member by member."""
