"""What a connection of mysql.connector knows about itself."""

from __future__ import annotations

from typing import Any

from grader.kit.mysql.connector_errors import (
    InterfaceError, OperationalError, raised)
from grader.kit.mysql.errors import ServerError
from grader.kit.mysql.functions import VERSION
from grader.kit.mysql.link import Link

# The options of connect, beyond those that begin with ssl_ and pool_.
_OPTIONS = frozenset("""
    database db user username password passwd password1 password2 password3
    host port unix_socket use_unicode charset collation converter_class
    converter_str_fallback autocommit time_zone sql_mode get_warnings
    raise_on_warnings connection_timeout connect_timeout read_timeout
    write_timeout client_flags compress buffered raw tls_ciphersuites
    tls_versions dsn force_ipv6 auth_plugin allow_local_infile
    allow_local_infile_in_path consume_results conn_attrs dns_srv use_pure
    krb_service_principal oci_config_file oci_config_profile
    webauthn_callback kerberos_auth_mode init_command openid_token_file
    failover option_files option_groups
    """.split())


def _switch(name: str) -> property:
    """Return a property for an option that is on or off."""
    def is_on(link: Link) -> bool:
        return bool(link._options.get(name))

    def turn(link: Link, on: bool) -> None:
        link._options[name] = on
    return property(is_on, turn)


class Settings(Link):
    """The options of a connection, and what its session says of itself."""

    def config(self, **options: Any) -> None:
        for name in options:
            if name not in _OPTIONS and not name.startswith(
                    ("ssl_", "pool_")):
                raise AttributeError(f"Unsupported argument '{name}'")
        port = options.get("port")
        try:
            int(port if port is not None else 3306)
        except ValueError:
            raise InterfaceError("TCP/IP port number should be an integer"
                                 ) from None
        self._options.update(options)

    def _raised(self, failure: ServerError) -> Exception:
        return raised(failure)

    def _gone(self) -> Exception:
        return OperationalError("MySQL Connection not available.", 2055)

    @property
    def autocommit(self) -> bool:
        return self.session.autocommit

    @autocommit.setter
    def autocommit(self, on: bool) -> None:
        self._commit_at_once(on)

    @property
    def in_transaction(self) -> bool:
        return self.session.in_transaction

    @property
    def connection_id(self) -> int | None:
        return self._session.number if self._session else None

    raise_on_warnings = _switch("raise_on_warnings")
    get_warnings = _switch("get_warnings")
    user = property(lambda self: self._options.get("user", ""))
    server_host = property(lambda self: self._options.get("host",
                                                          "127.0.0.1"))
    server_port = property(lambda self: int(self._options.get("port")
                                            or 3306))
    server_info = property(lambda self: VERSION)
    charset = property(lambda self: "utf8mb4")
    python_charset = property(lambda self: "utf-8")
    sql_mode = property(lambda self: "STRICT_TRANS_TABLES")
    time_zone = property(lambda self: "SYSTEM")

    def get_server_info(self) -> str:
        return VERSION

    def get_server_version(self) -> tuple[int, ...]:
        return tuple(int(part) for part in VERSION.split("."))

    def set_charset_collation(self, charset: Any = None,
                              collation: Any = None) -> None:
        return None
