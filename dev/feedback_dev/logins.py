"""Logins on a PostgreSQL that was given rather than embedded."""

import psycopg
from psycopg import sql
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from feedback_dev.children import CannotRun

_ROLES = ("feedback_app", "feedback_system")
_POSTGRESQL = ("postgresql", "postgres")
_OLDEST = 150_000
_SET_OPTION_SINCE = 160_000


def check(url: str) -> None:
    """Make sure that the server answers and is not too old.

    Raises:
        CannotRun: it does not, or is.
    """
    try:
        with _connect(url) as connection:
            version = connection.info.server_version
    except (psycopg.Error, ArgumentError) as error:
        raise CannotRun(f"The database cannot be used: {str(error).splitlines()[0]}") from error
    if version < _OLDEST:
        raise CannotRun(f"PostgreSQL {version // 10_000} is too old; 15 or newer is needed.")


def admit(service_url: str, *, by: str) -> None:
    """Let the login of `service_url` take the two roles that migrations make, as the owner's login `by`.

    Grants only what is missing: an owner who may not grant is enough where the roles were granted beforehand.
    """
    service = make_url(service_url)
    if service.username is None:
        return
    with _connect(by) as connection:
        # Until version 16 every member may take a role; since then only one granted with the option SET.
        privilege = "SET" if connection.info.server_version >= _SET_OPTION_SINCE else "MEMBER"
        for role in _ROLES:
            row = connection.execute("SELECT pg_has_role(%s, %s, %s)", [service.username, role, privilege]).fetchone()
            if row != (True,):
                connection.execute(
                    sql.SQL("GRANT {} TO {}").format(sql.Identifier(role), sql.Identifier(service.username))
                )


def _connect(url: str) -> psycopg.Connection:
    address = make_url(url)
    if address.get_backend_name() not in _POSTGRESQL:
        raise CannotRun(f"The database must be PostgreSQL, not {address.get_backend_name()}.")
    plain = address.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True, connect_timeout=5)
