"""seed.py: a database, a table, and the rows of a file in it."""

import re
from contextlib import suppress
from typing import Any

from grader.kit import Failure, mysql_table, workspace
from grader.kit.server import ServerCase
from grader.kit.users_table import COLUMNS, some_users
from grader.kit.values import show

TEXT = r"(var)?char|tinytext|text|mediumtext|longtext"
ID = TEXT + r"|(var)?binary|uuid"
NUMBER = r"decimal|numeric|(tiny|small|medium|big)?int"
FILE = "user_data.csv"
# What comes of taking the characters of a path for rows.
AT_ODDS = (AttributeError, IndexError, TypeError, ValueError)
PEOPLE = "SELECT name, email, age FROM user_data"


class SeedCase(ServerCase):
    """Steps that several checks take."""

    file = "seed.py"

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
        connection.close()

    def create_table(self) -> Any:
        """Do all that comes before the rows; return the connection."""
        self.create_database()
        connection = self.connection("connect_to_prodev")
        self.call(self.task.create_table, connection)
        return connection

    def insert(self, connection: Any, file: str = FILE) -> None:
        try:
            self.call(self.task.insert_data, connection, file)
        except Failure as failure:
            if isinstance(failure.__cause__, AT_ODDS):
                failure.message += ": what it is given is the path of a file"
                failure.args = (failure.message,)
            raise


class Database(SeedCase):
    """connect_db, create_database and connect_to_prodev."""

    def test_connects_to_the_server(self) -> None:
        self.connection("connect_db")

    def test_creates_the_database(self) -> None:
        self.create_database()
        if self.lite.used:
            return
        if "ALX_prodev" not in (found := mysql_table.databases()):
            raise Failure("create_database(connection) makes no database "
                          f"ALX_prodev{self.after()}",
                          call="create_database(connection)",
                          expected="ALX_prodev", got=show(found))

    def test_leaves_a_database_that_is_there(self) -> None:
        self.create_database()
        self.create_database()

    def test_connects_to_the_database(self) -> None:
        self.create_database()
        connection = self.connection("connect_to_prodev")
        if self.lite.used:
            return
        cursor = connection.cursor()
        cursor.execute("SELECT DATABASE() AS chosen")
        self.assertGot("ALX_prodev", only(cursor.fetchone()),
                       "the database of connect_to_prodev()")


class Table(SeedCase):
    """create_table makes the table as the statement describes it."""

    def setUp(self) -> None:
        super().setUp()
        self.create_table().close()

    def columns(self) -> dict[str, tuple[Any, ...]]:
        """Return type, null and key of each column, in lower case."""
        if self.lite.used:
            found = self.rows("PRAGMA table_info(user_data)")
            return {row[1].lower(): (
                row[2].lower(), "no" if row[3] or row[5] else "yes",
                "pri" if row[5] else "") for row in found}
        return {str(row[0]).lower(): tuple(_text(cell) for cell in row[1:4])
                for row in self.rows("SHOW COLUMNS FROM user_data")}

    def column(self, name: str) -> tuple[Any, ...]:
        found = self.columns()
        if name not in found:
            raise Failure(f"user_data has no column {name}{self.after()}",
                          call="create_table(connection)",
                          expected=", ".join(COLUMNS), got=", ".join(found))
        return found[name]

    def assertKind(self, pattern: str, name: str, expected: str) -> None:
        kind = self.column(name)[0]
        if not self.lite.used and not re.match(pattern, kind):
            raise Failure(f"create_table(connection) should make user_data."
                          f"{name} {expected}, not {kind}",
                          call="create_table(connection)",
                          expected=f"{name} {expected}", got=kind)

    def assertNotNull(self, name: str) -> None:
        if self.column(name)[1] != "no":
            raise Failure("create_table(connection) should make user_data."
                          f"{name} NOT NULL", call="create_table(connection)",
                          expected=f"{name} NOT NULL",
                          got=f"{name} may be NULL")

    def test_user_id_is_the_primary_key(self) -> None:
        self.assertGot("pri", self.column("user_id")[2],
                       "the key of user_data.user_id")

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


class Rows(SeedCase):
    """insert_data(connection, data) inserts the rows of a CSV file."""

    def people(self) -> list[tuple[Any, ...]]:
        """Return who is in the table, as another connection sees it."""
        return sorted((row[0], row[1], float(row[2]))
                      for row in self.rows(PEOPLE))

    def assertPeople(self, wanted: list[tuple[Any, ...]], call: str) -> None:
        got = self.people()
        if len(got) != len(wanted):
            hint = (": is it committed?" if not got else "")
            raise Failure(
                f"after {call} the table holds {len(got)} rows, not "
                f"{len(wanted)}{hint}{self.after()}", call=call,
                expected=f"{len(wanted)} rows", got=f"{len(got)} rows")
        for one, other in zip(sorted(wanted), got):
            self.assertGot(one, other, f"a row after {call}")

    def test_inserts_the_thousand_rows_of_the_file(self) -> None:
        self.insert(self.create_table())
        call = f"insert_data(connection, {FILE!r})"
        self.assertGot(1000, len(self.people()), f"the number of rows after "
                                                 f"{call}{self.after()}")
        self.assertPeople(of_csv(), call)
        self.advise_mysql()

    def test_inserts_the_rows_of_another_file(self) -> None:
        people = [(user[1], user[2], float(user[3]))
                  for user in some_users(self.random.randint(20, 60))]
        write_csv("others.csv", people)
        self.insert(self.create_table(), "others.csv")
        self.assertPeople(people, "insert_data(connection, 'others.csv')")

    def test_a_second_call_doubles_nothing(self) -> None:
        self.insert(self.create_table())
        self.insert(self.connection("connect_to_prodev"))
        self.assertGot(1000, len(self.people()), "the number of rows after a "
                                                 "second insert_data")

    def test_create_table_leaves_the_rows_that_are_there(self) -> None:
        self.insert(self.create_table())
        connection = self.connection("connect_to_prodev")
        self.call(self.task.create_table, connection)
        connection.close()
        self.assertGot(1000, len(self.people()), "the number of rows after a "
                                                 "second create_table")


def close(connection: Any) -> None:
    """Close a connection, or give it back to its pool."""
    with suppress(Exception):
        connection.close()


def only(row: Any) -> Any:
    """Return the one value of a row, dict or tuple."""
    return next(iter(row.values())) if isinstance(row, dict) else row[0]


def _text(cell: Any) -> str:
    return (cell.decode() if isinstance(cell, bytes) else str(cell)).lower()


def of_csv() -> list[tuple[str, str, float]]:
    """Return the people of user_data.csv, without the csv module."""
    lines = (workspace() / FILE).read_text().splitlines()[1:]
    fields = (line.strip('"').split('","') for line in lines)
    return [(name, email, float(age)) for name, email, age in fields]


def write_csv(name: str, people: list[tuple[str, str, float]]) -> None:
    """Write a file in the form of user_data.csv."""
    lines = ['"name","email","age"\n']
    lines += [f'"{n}","{e}","{a:g}"\n' for n, e, a in people]
    (workspace() / name).write_text("".join(lines))
