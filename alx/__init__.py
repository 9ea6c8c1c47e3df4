"""What the suites of this course share: its databases, its given code.

`users_...` is about users.db, the SQLite database of the decorators and
context managers; `prodev_...` about ALX_prodev, the MySQL database of the
generators, with its table user_data. `delays` stands in for the wait_random
of the coroutines. What any course can use is in grader.kit.
"""
