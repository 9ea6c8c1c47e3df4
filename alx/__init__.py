"""What the suites of this course share: its databases, its given code.

`users` is the SQLite table of the decorators and context managers,
`user_data` the MySQL table of the generators, `delays` the wait_random of
the coroutines. What any course can use is in grader.kit.
"""
