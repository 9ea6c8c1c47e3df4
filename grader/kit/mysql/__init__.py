"""MySQL without a server: fake drivers over SQLite files.

    server = install(tmp_path)      # mysql.connector, pymysql, MySQLdb
    ...                             # the learner's code runs unmodified
    assert server.rows_fetched == 1
    uninstall()

Nothing here starts a thread, opens a socket or reads the clock.
"""

from grader.kit.mysql.modules import install, uninstall
from grader.kit.mysql.records import Fetch, Query
from grader.kit.mysql.server import Server, Snapshot

__all__ = ["Fetch", "Query", "Server", "Snapshot", "install", "uninstall"]
