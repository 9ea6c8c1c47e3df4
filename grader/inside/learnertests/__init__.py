"""Inside the wall: the tests that learners wrote, run on given code."""
