"""The errors that end in one message to the user, and the exit statuses."""

# Exit statuses: all that was asked for passed; something failed; the call
# is wrong or there is nothing to grade; the grader itself failed.
PASSED, FAILED, MISUSED, BROKEN = 0, 1, 2, 3


class UserError(Exception):
    """The call is wrong or there is nothing to do; exit status 2.

    `what` says what is wrong, `todo` what to do about it, each in one line.
    """

    def __init__(self, what: str, todo: str) -> None:
        super().__init__(what)
        self.what = what
        self.todo = todo

    def __reduce__(self) -> "tuple[type[UserError], tuple[str, str]]":
        # Errors are pickled between processes. By default only `args` would
        # be passed to the constructor, which is one text.
        return type(self), (self.what, self.todo)


class GraderError(UserError):
    """The grader itself failed, never the learner; exit status 3."""
