"""`grade cohort`: grades many submissions, and reports on all of them."""
