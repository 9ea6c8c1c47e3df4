"""seed.py: a database, a table, and the rows of a file in it."""

import re
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID

from alx import prodev_database
from alx.prodev_case import ServerCase
from alx.prodev_sqlite import COLUMNS, User
from alx.prodev_table_case import fresh_users, some_users
from grader.kit import Failure, workspace
from grader.kit.live import is_a
from grader.kit.transcript import expects, looks
from grader.kit.values import show

TEXT = r"(var)?char|tinytext|text|mediumtext|longtext"
ID = TEXT + r"|(var)?binary|uuid"
NUMBER = r"decimal|numeric|(tiny|small|medium|big)?int"
FILE = "user_data.csv"
# What comes of taking the characters of a path for rows.
AT_ODDS = ("AttributeError", "IndexError", "TypeError", "ValueError")
PEOPLE = "SELECT name, email, age FROM user_data"
INSERT = ("INSERT INTO user_data (user_id, name, email, age) "
          "VALUES (%s, %s, %s, %s)")
Person = tuple[str, str, float]


class SeedCase(ServerCase):
    """Steps that several checks take."""

    file = "seed.py"

    @looks
    def connection(self, function: str) -> Any:
        """Call a function that connects."""
        made = self.call(getattr(self.task, function))
        if not hasattr(made, "cursor"):
            raise Failure(f"{function}() should return a connection, not "
                          f"{show(made)}{self.after()}",
                          call=f"{function}()", expected="a connection",
                          got=show(made))
        self.addCleanup(close, made)
        return made

    def create_database(self) -> None:
        connection = self.connection("connect_db")
        self.call(self.task.create_database, connection)
        self.close(connection)

    def create_table(self) -> Any:
        """Do all that comes before the rows; return the connection."""
        self.create_database()
        return self.create_table_again()

    def create_table_again(self) -> Any:
        """Call create_table with a connection to the database."""
        connection = self.connection("connect_to_prodev")
        self.call(self.task.create_table, connection)
        return connection

    @looks
    def close(self, connection: Any) -> None:
        """Close a connection of the file's."""
        connection.close()

    @looks
    def answer(self, connection: Any, query: str) -> Any:
        """Return the one value that a query gives over a connection."""
        try:
            cursor = connection.cursor()
            cursor.execute(query)
            return only(cursor.fetchone())
        except Exception as error:
            raise self.raised(
                error, f"{query!r} over connect_to_prodev()") from error

    def insert(self, connection: Any, file: str = FILE) -> None:
        try:
            self.call(self.task.insert_data, connection, file)
        except Failure as failure:
            cause = failure.__cause__
            if cause is not None and is_a(cause, *AT_ODDS):
                failure.message += ": what it is given is the path of a file"
                failure.args = (failure.message,)
            raise

    def people(self) -> list[Person]:
        """Return who is in the table, as another connection sees it."""
        return sorted((row[0], row[1], float(row[2]))
                      for row in self.rows(PEOPLE))

    @looks
    def size(self) -> int:
        """Return how many rows the table holds."""
        return len(self.rows(PEOPLE))

    @looks
    def own_rows(self, connection: Any) -> int:
        """Count the rows that a connection of the file's sees, if it can."""
        try:
            cursor = connection.cursor()
            cursor.execute("SELECT COUNT(*) AS number FROM user_data")
            return int(only(cursor.fetchone()))
        except Exception:
            return 0


class Database(SeedCase):
    """connect_db, create_database and connect_to_prodev."""

    def test_connects_to_the_server(self) -> None:
        self.connection("connect_db")

    def test_creates_the_database(self) -> None:
        self.create_database()
        if not self.is_lite:
            self.assertDatabase("ALX_prodev", self.databases())

    def test_leaves_a_database_that_is_there(self) -> None:
        self.create_database()
        self.create_database()

    def test_connects_to_the_database(self) -> None:
        self.create_database()
        connection = self.connection("connect_to_prodev")
        if self.is_lite:
            return
        chosen = self.answer(connection, "SELECT DATABASE() AS chosen")
        self.assertGot("ALX_prodev", chosen,
                       "the database of connect_to_prodev()")

    def test_connects_to_a_fresh_table_of_the_database(self) -> None:
        self.create_database()
        if self.is_lite:
            return
        table, text = self.fresh_name(), self.fresh_name()
        problem = self.refused(f"CREATE TABLE {table} (text VARCHAR(90))")
        self.assertHolds(problem is None, Failure(
            f"create_database(connection) makes no database ALX_prodev: "
            f"{problem}", call="create_database(connection)",
            expected="ALX_prodev", got=problem))
        self.refused(f"INSERT INTO {table} VALUES (%s)", text)
        connection = self.connection("connect_to_prodev")
        got = self.answer(connection, f"SELECT text FROM {table}")
        self.assertGot(text, got,
                       f"the text of {table} over connect_to_prodev()")

    def fresh_name(self) -> str:
        """Return a fresh name."""
        return f"t{self.random.getrandbits(64):x}"

    @looks
    def databases(self) -> list[str]:
        """Return the databases of the server."""
        return prodev_database.databases()

    @expects
    def assertDatabase(self, expected: str, found: list[str]) -> None:
        """Check that a database is there."""
        printed = self.after()
        self.assertHolds(expected in found, Failure(
            f"create_database(connection) makes no database {expected}"
            f"{printed}", call="create_database(connection)",
            expected=expected, got=show(found)))


class Table(SeedCase):
    """create_table makes the table as the statement describes it."""

    def setUp(self) -> None:
        super().setUp()
        self.close(self.create_table())

    @looks
    def columns(self) -> dict[str, tuple[str, ...]]:
        """Return type, null and key of each column, in lower case."""
        if self.lite.used:
            found = self.rows("PRAGMA table_info(user_data)")
            return {row[1].lower(): (
                row[2].lower(), "no" if row[3] or row[5] else "yes",
                "pri" if row[5] else "") for row in found}
        return {str(row[0]).lower(): tuple(_text(cell) for cell in row[1:4])
                for row in self.rows("SHOW COLUMNS FROM user_data")}

    def column(self, name: str) -> tuple[str, ...]:
        """Return the same of one column, which must be there."""
        found, printed = self.columns(), self.after()
        self.assertHolds(name in found, Failure(
            f"user_data has no column {name}{printed}",
            call="create_table(connection)", expected=", ".join(COLUMNS),
            got=", ".join(found)))
        return found.get(name, ("", "", ""))

    @expects
    def assertKind(self, pattern: str, name: str, expected: str) -> None:
        """Check the type of a column."""
        kind, is_free = self.column(name)[0], self.is_lite
        if self.transcript.compares and not is_free:
            self.assertHolds(re.match(pattern, kind), Failure(
                f"create_table(connection) should make user_data.{name} "
                f"{expected}, not {kind}", call="create_table(connection)",
                expected=f"{name} {expected}", got=kind))

    def assertNotNull(self, name: str) -> None:
        """Check that a column must have a value."""
        null = self.column(name)[1]
        self.assertHolds(null == "no", Failure(
            f"create_table(connection) should make user_data.{name} NOT NULL",
            call="create_table(connection)", expected=f"{name} NOT NULL",
            got=f"{name} may be NULL"))

    def test_user_id_is_the_primary_key(self) -> None:
        key = self.column("user_id")[2]
        self.assertGot("pri", key, "the key of user_data.user_id")

    def test_user_id_can_hold_a_uuid(self) -> None:
        self.assertKind(ID, "user_id", "CHAR(36) or another that holds a "
                                       "UUID")

    def test_name_is_text_and_required(self) -> None:
        self.assertKind(TEXT, "name", "VARCHAR")
        self.assertNotNull("name")

    def test_email_is_text_and_required(self) -> None:
        self.assertKind(TEXT, "email", "VARCHAR")
        self.assertNotNull("email")

    def test_age_is_a_number_and_required(self) -> None:
        self.assertKind(NUMBER, "age", "DECIMAL")
        self.assertNotNull("age")

    def test_holds_a_fresh_user(self) -> None:
        columns = self.columns()
        # What a further column needs only the file's insert_data tells.
        if columns.keys() != {*COLUMNS}:
            return
        [(uuid, *rest)] = fresh_users(self.seed, 1, 1)
        user = (id_for(columns["user_id"][0], uuid), *rest)
        self.assertHeld(user)
        people = self.people()
        self.assertGot([person(user)], people,
                       "the rows that the table holds")

    def assertHeld(self, user: tuple[Any, ...]) -> None:
        """Check that a row goes into the table, once and as a whole."""
        call = "create_table(connection)"
        problem = self.refused(INSERT, *user)
        self.assertHolds(problem is None, Failure(
            f"after {call} the table does not hold {show(user)}: {problem}",
            call=call, expected="a row inserted", got=problem))
        again = self.refused(INSERT, *user)
        self.assertHolds(again, Failure(
            f"after {call} the table holds {show(user)} twice", call=call,
            expected="user_id as the primary key", got="the same id twice"))
        for name in COLUMNS[1:]:
            empty = self.refused(
                f"UPDATE user_data SET {name} = NULL WHERE email = %s",
                user[2])
            self.assertHolds(empty, Failure(
                f"after {call} the table holds a user without {name}",
                call=call, expected=f"{name} NOT NULL",
                got=f"{name} may be NULL"))


class Rows(SeedCase):
    """insert_data(connection, data) inserts the rows of a CSV file."""

    @expects
    def assertPeople(self, wanted: list[Person], got: list[Person],
                     call: str) -> None:
        """Check who is in the table."""
        printed = self.after()
        if not self.transcript.compares:
            return
        hint = (": is it committed?" if not got else "")
        self.assertHolds(len(got) == len(wanted), Failure(
            f"after {call} the table holds {len(got)} rows, not "
            f"{len(wanted)}{hint}{printed}", call=call,
            expected=f"{len(wanted)} rows", got=f"{len(got)} rows"))
        for one, other in zip(sorted(wanted), got):
            self.assertGot(one, other, f"a row after {call}")

    def test_inserts_the_thousand_rows_of_the_file(self) -> None:
        connection = self.create_table()
        self.insert(connection)
        call = f"insert_data(connection, {FILE!r})"
        people, printed = self.people(), self.after()
        own = self.own_rows(connection)
        self.assertHolds(people or not own, Failure(
            f"after {call} another connection sees none of the {own} rows: "
            "is a commit missing?", call=call, expected="1000 rows to stay",
            got=f"{own} rows that are not committed"))
        self.assertGot(1000, len(people),
                       f"the number of rows after {call}{printed}")
        self.assertPeople(of_csv(), people, call)
        self.advise_mysql()

    def test_inserts_the_rows_of_another_file(self) -> None:
        users = some_users(40)
        self.see(lambda: write_csv("others.csv", users))
        self.insert(self.create_table(), "others.csv")
        people = self.people()
        self.assertPeople(list(map(person, users)), people,
                          "insert_data(connection, 'others.csv')")

    def shorten(self) -> None:
        """Leave 40 rows in the file: enough where all are one to a check.

        It keeps its name, which some files have by heart.
        """
        self.see(lambda: write_csv(FILE, some_users(40)))

    def test_a_second_call_doubles_nothing(self) -> None:
        self.shorten()
        self.insert(self.create_table())
        self.insert(self.connection("connect_to_prodev"))
        size = self.size()
        self.assertGot(40, size, "the number of rows after a second "
                                 "insert_data")

    def test_create_table_leaves_the_rows_that_are_there(self) -> None:
        self.shorten()
        self.insert(self.create_table())
        self.close(self.create_table_again())
        size = self.size()
        self.assertGot(40, size, "the number of rows after a second "
                                 "create_table")

    def test_inserts_fresh_rows_and_keeps_them(self) -> None:
        users = fresh_users(self.seed, 20, 60)
        wanted = list(map(person, users))
        self.see(lambda: write_csv("fresh.csv", users))
        call = "insert_data(connection, 'fresh.csv')"
        self.insert(self.create_table(), "fresh.csv")
        people = self.people()
        self.assertPeople(wanted, people, call)
        again = self.create_table_again()
        people = self.people()
        self.assertPeople(wanted, people,
                          f"{call} and create_table(connection)")
        self.insert(again, "fresh.csv")
        people = self.people()
        self.assertPeople(wanted, people, f"{call}, twice,")


def close(connection: Any) -> None:
    """Close a connection, or give it back to its pool."""
    with suppress(Exception):
        connection.close()


def only(row: Any) -> Any:
    """Return the one value of a row, dict or tuple."""
    return next(iter(row.values())) if isinstance(row, dict) else row[0]


def _text(cell: Any) -> str:
    return (cell.decode() if isinstance(cell, bytes) else str(cell)).lower()


def id_for(kind: str, uuid: str) -> Any:
    """Return an id for a column of that type, out of a UUID."""
    id, size = UUID(uuid), re.search(r"\((\d+)\)", kind)
    if re.match(TEXT, kind):
        return id.hex[:int(size[1]) if size else None]
    if re.match("(var)?binary", kind):
        return id.bytes[:int(size[1]) if size else None]
    return uuid if kind == "uuid" else id.int % 10 ** 9


def person(user: tuple[Any, ...]) -> Person:
    """Return what is in the file of a user."""
    return user[1], user[2], float(user[3])


def of_csv() -> list[Person]:
    """Return the people of user_data.csv, without the csv module."""
    # Of the library's own: outside the wall there is no workspace.
    path = Path(__file__).parent.parent / FILE
    lines = path.read_text().splitlines()[1:]
    fields = (line.strip('"').split('","') for line in lines)
    return [(name, email, float(age)) for name, email, age in fields]


def write_csv(name: str, users: tuple[User, ...]) -> None:
    """Write a file in the form of user_data.csv."""
    lines = ['"name","email","age"\n']
    lines += [f'"{n}","{e}","{a}"\n' for _, n, e, a in users]
    (workspace() / name).write_text("".join(lines))
