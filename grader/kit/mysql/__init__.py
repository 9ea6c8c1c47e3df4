"""MySQL without a server: fake drivers over SQLite files.

    server = install(tmp_path)      # mysql.connector, pymysql, MySQLdb
    ...                             # the learner's code runs unmodified
    assert [each.kind for each in server.queries] == ["select"]
    uninstall()

Nothing here starts a thread, opens a socket or reads the clock. A statement
passes from a driver (connector, pymysql) through dbapi to execution, which
has it run by queries, tables, infile or catalogue on the SQLite connections
of a session; translate and the modules below it write its SQL.
"""

from grader.kit.mysql.modules import install, uninstall
from grader.kit.mysql.server import Fetch, Query, Server, Snapshot

__all__ = ["Fetch", "Query", "Server", "Snapshot", "install", "uninstall"]
