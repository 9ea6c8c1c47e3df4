"""The generators folder: wrong answers are named, bad input is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from grader.grading.grading import Grader
from grader.grading.verdict import TaskVerdict
from grader.kit.loops import has_functions, lines_of_loops
from grader.library.library import Library, find_root
from grader.submission.file import SubmittedFile
from grader.submission.submission import Submission

Grade = Callable[[str, dict[str, str]], TaskVerdict]

FOLDER = "python-generators-0x00"
HERE = find_root() / FOLDER
STREAM = "0-stream_users.py"

CONNECT = '''\
import mysql.connector
def rows(sql, *values):
    db = mysql.connector.connect(host="localhost", user="u", password="p",
                                 database="ALX_prodev")
    cursor = db.cursor(dictionary=True)
    cursor.execute(sql, values)
    return cursor
'''

BATCHES = '''
def stream_users_in_batches(batch_size):
    cursor = rows("SELECT * FROM user_data")
    while batch := cursor.fetchmany(batch_size):
        yield batch
'''

PAGES = '''
def paginate_users(page_size, offset):
    return rows("SELECT * FROM user_data LIMIT %s OFFSET %s", page_size,
                offset).fetchall()
'''

AGES = '''
def stream_user_ages():
    for row in rows("SELECT age FROM user_data"):
        yield row["age"]
'''

# A cursor keeps no connection open in mysql.connector: somebody must.
KEPT = CONNECT.replace("return cursor", "kept.append(db)\n    return cursor")
KEPT = KEPT.replace("def rows", "kept = []\ndef rows")

# File, what stands in it after `rows`, the check that says no, its words.
WRONG = [
    ("0-stream_users.py", '''
def stream_users():
    yield from rows("SELECT * FROM user_data").fetchall()
''', "test_does_not_read_the_table_at_once", "fetchall() of 2100 rows"),
    ("0-stream_users.py", '''
def stream_users():
    yield from list(rows("SELECT * FROM user_data"))
''', "test_does_not_read_the_table_at_once", "2100 rows fetched"),
    ("0-stream_users.py", '''
def stream_users():
    return rows("SELECT * FROM user_data").fetchall()
''', "test_returns_a_generator", "[{"),
    ("0-stream_users.py", '''
def stream_users():
    while True:
        for row in rows("SELECT * FROM user_data"):
            yield row
''', "test_yields_every_user_once", "user0@example.com"),
    ("0-stream_users.py", '''
def stream_users():
    for row in [0]:
        for row in rows("SELECT * FROM user_data"):
            yield row
''', "test_holds_one_loop_at_most", "2 (lines"),
    ("1-batch_processing.py", '''
def stream_users_in_batches(batch_size):
    cursor = rows("SELECT * FROM user_data")
    while len(batch := cursor.fetchmany(batch_size)) == batch_size:
        yield batch
def batch_processing(batch_size):
    for batch in stream_users_in_batches(batch_size):
        for user in batch:
            if user["age"] > 25: print(user)
''', "test_keeps_the_last_batch_that_is_not_full", "[]"),
    ("1-batch_processing.py", BATCHES + '''
def batch_processing(batch_size):
    for batch in stream_users_in_batches(batch_size):
        for user in batch:
            if user["age"] >= 25: print(user)
''', "test_leaves_out_users_of_25_and_under", "a user of 25"),
    ("1-batch_processing.py", BATCHES + '''
def batch_processing(batch_size):
    for user in next(stream_users_in_batches(batch_size)):
        if user["age"] > 25: print(user)
''', "test_prints_the_users_over_25", "not this one"),
    ("2-lazy_paginate.py", PAGES + '''
def lazy_paginate(page_size):
    offset = 0
    while page := paginate_users(page_size, offset):
        yield page
''', "test_yields_pages_of_the_size_asked_for", "the same page twice"),
    ("2-lazy_paginate.py", PAGES + '''
def lazy_paginate(page_size):
    pages = []
    while page := paginate_users(page_size, len(pages) * page_size):
        pages.append(page)
    yield from pages
''', "test_fetches_a_page_only_when_it_is_asked_for", "237 rows fetched"),
    ("2-lazy_paginate.py", PAGES + '''
def lazy_paginate(page_size):
    yield paginate_users(page_size, 0)
''', "test_keeps_the_last_page_that_is_not_full", "[]"),
    ("4-stream_ages.py", AGES + '''
def average():
    ages = list(stream_user_ages())
    print("Average age of users:", sum(ages) / len(ages))
''', "test_prints_a_line_with_the_average", "nothing printed"),
    ("4-stream_ages.py", AGES + '''
print("Average age of users:", rows(
    "SELECT AVG(age) AS mean FROM user_data").fetchone()["mean"])
''', "test_does_not_average_in_sql", "AVG(age)"),
    ("4-stream_ages.py", '''
def stream_user_ages():
    for row in rows("SELECT age FROM user_data").fetchall():
        yield row["age"]
print("Average age of users: 48.83")
''', "test_does_not_read_the_table_at_once", "fetchall() of 2100 rows"),
    ("4-stream_ages.py", AGES.replace('yield row["age"]', "yield row"),
     "test_yields_numbers", "{'age':"),
]


@pytest.mark.parametrize(
    ("file", "body", "check", "got"), WRONG,
    ids=[f"{file[:6]} {check[5:]}" for file, _, check, _ in WRONG])
def test_wrong_answers_fail_in_words(grade: Grade, file: str, body: str,
                                     check: str, got: str) -> None:
    verdict = grade(file, {file: KEPT + body})
    found = [each for each in verdict.failures if each.check == check]
    assert found, verdict.failures
    assert got in (found[0].got or ""), found[0]
    assert found[0].call and found[0].expected


@pytest.fixture
def grade(grader: Grader, library: Library) -> Grade:
    """Grade one file, handed in among others."""
    def run(file: str, files: dict[str, str]) -> TaskVerdict:
        submission = Submission(name="test", folders={FOLDER: {
            name: SubmittedFile(content=source.encode(), executable=True)
            for name, source in files.items()}})
        tasks = library.select([f"{FOLDER}/{file}"])
        return grader.grade(submission, tasks).tasks[0]
    return run


SEED = (HERE / "seed.py").read_text()


@pytest.mark.parametrize(("old", "new", "check"), [
    ("uuid.uuid5(uuid.NAMESPACE_URL, f\"mailto:{email}\")", "uuid.uuid4()",
     "test_a_second_call_doubles_nothing"),
    ("    connection.commit()\n", "",
     "test_inserts_the_thousand_rows_of_the_file"),
    ("VARCHAR(255) NOT NULL,\n        age", "VARCHAR(255),\n        age",
     "test_email_is_text_and_required"),
    ("    _run(connection, TABLE)", "    _run(connection, 'DROP TABLE IF "
     "EXISTS user_data')\n    _run(connection, TABLE)",
     "test_create_table_leaves_the_rows_that_are_there"),
    ("CREATE DATABASE IF NOT EXISTS", "CREATE DATABASE",
     "test_leaves_a_database_that_is_there"),
    ("import mysql.connector\n", "import psycopg2\n",
     "test_connects_to_the_server"),
])
def test_wrong_seeds_fail_in_words(grade: Grade, old: str, new: str,
                                   check: str) -> None:
    assert old in SEED
    source = SEED.replace(old, new)
    verdict = grade("seed.py", {"seed.py": source})
    assert check in [each.check for each in verdict.failures]


def test_postgresql_is_named_as_the_reason(grade: Grade) -> None:
    verdict = grade(STREAM, {STREAM: "import psycopg2\n"})
    assert "PostgreSQL" in verdict.failures[0].message


def test_sqlite_passes_with_advice(grade: Grade) -> None:
    source = '''\
import sqlite3
def stream_users():
    db = sqlite3.connect("ALX_prodev.db")
    yield from db.execute("SELECT * FROM user_data")
'''
    verdict = grade(STREAM, {STREAM: source})
    assert verdict.status == "pass", verdict.failures
    assert any("sqlite3" in remark for remark in verdict.advice)


def test_a_broken_seed_is_not_the_other_files_fault(grade: Grade) -> None:
    verdict = grade(STREAM, {"seed.py": "import nothing_of_the_kind\n",
                             STREAM: (HERE / STREAM).read_text()})
    assert verdict.status == "pass", verdict.failures
    assert any("nothing_of_the_kind" in each for each in verdict.advice)


def test_loops_outside_functions_and_in_main_do_not_count() -> None:
    source = b"""
for one in []: pass
def main():
    for two in []: pass
def f():
    while [three for three in ()]:
        for four in (): pass
"""
    assert lines_of_loops(source) == [6, 7]


@pytest.mark.parametrize("source, has_one", [
    (b"", False), (b"for n in []:\n    pass\n", False),
    (b"def rows():\n    yield 1\n", True),
    (b"class Rows:\n    def __iter__(self):\n        yield 1\n", True),
])
def test_a_file_without_a_function_keeps_no_limit(source: bytes,
                                                  has_one: bool) -> None:
    assert has_functions(source) is has_one
