"""mysql.connector's connect, and its pools of connections."""

from __future__ import annotations

from typing import Any

from grader.kit.mysql.connector import MySQLConnection
from grader.kit.mysql.connector_errors import PoolError


class PooledMySQLConnection:
    """A connection lent by a pool; closing gives it back."""

    def __init__(self, pool: MySQLConnectionPool,
                 connection: MySQLConnection) -> None:
        self._pool = pool
        self._cnx: MySQLConnection | None = connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cnx, name)

    def __enter__(self) -> PooledMySQLConnection:
        return self

    def __exit__(self, *details: object) -> None:
        self.close()

    @property
    def pool_name(self) -> str:
        return self._pool.pool_name

    def close(self) -> None:
        if self._cnx is not None:
            self._pool.add_connection(self._cnx)
            self._cnx = None


class MySQLConnectionPool:
    """Lends connections; PoolError when none is left."""

    def __init__(self, pool_size: int = 5, pool_name: str | None = None,
                 pool_reset_session: bool = True, **options: Any) -> None:
        self.pool_size = pool_size
        self.pool_name = pool_name or "pool"
        self._free = [MySQLConnection(**(options or {"host": "localhost"}))
                      for _ in range(pool_size)]

    def get_connection(self) -> PooledMySQLConnection:
        if not self._free:
            raise PoolError("Failed getting connection; pool exhausted", -1)
        connection = self._free.pop(0)
        if not connection.is_connected():
            connection.reconnect()
        return PooledMySQLConnection(self, connection)

    def add_connection(self, connection: MySQLConnection) -> None:
        connection.unread_result = False
        connection.session.finish("ROLLBACK")
        self._free.append(connection)


_POOLS: dict[str, MySQLConnectionPool] = {}


def forget_pools() -> None:
    """Start without pools: a new server knows none of their connections."""
    _POOLS.clear()


def connect(*args: Any, **options: Any
            ) -> MySQLConnection | PooledMySQLConnection:
    """Open a connection; pool_name and pool_size lend one of a pool."""
    named = options.pop("pool_name", None)
    size = options.pop("pool_size", None)
    options.pop("pool_reset_session", None)
    if named is None and size is None:
        # Without any option the driver does not connect.
        return MySQLConnection(**options)
    key = named or "pool"
    if key not in _POOLS:
        _POOLS[key] = MySQLConnectionPool(size or 5, key, **options)
    return _POOLS[key].get_connection()
