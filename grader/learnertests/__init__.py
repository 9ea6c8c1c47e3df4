"""The judging of tests that learners wrote."""
