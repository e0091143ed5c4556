"""The address of a database; its password must appear in no message."""

import re
from collections.abc import Mapping

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from runner.errors import UsageError

_CONNECTION = {"connect_timeout": "3", "tcp_user_timeout": "5000", "application_name": "workshop"}
"""Defaults that an address may override: no connection may hold up an app for long."""


def read_address(url: str) -> tuple[str, str]:
    """An address in libpq's form, and the password in it, "" for none.

    Raises:
        UsageError: the text is not a database's address.
    """
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError as error:
        # A part that libpq quotes in its error may be the password.
        said = re.sub('".*"', '"…"', first_line(error))
        raise UsageError(
            f"this is not a database address: {said}",
            remedy="it looks like postgresql://USER@HOST/DATABASE",
        ) from None
    if _is_unclear(url, parts):
        raise UsageError(
            "this is not a database address: it is not clear where the password ends",
            remedy="write %40 for @, %2F for / and %3A for : in a password or a host, "
            "or keep the password in a file .pgpass",
        )
    return make_conninfo("", **{**_CONNECTION, **parts}), str(parts.get("password") or "")


def _is_unclear(url: str, parts: Mapping[str, object]) -> bool:
    """True if libpq may have taken a part of the password for the host, port or database, and would quote it."""
    scheme, separator, rest = url.partition("://")
    if not separator or "=" in scheme:
        # Each value has its name.
        return False
    hosts = str(parts.get("host") or "").split(",")
    if rest.partition("/")[0].count("@") < 2:
        # So a host that begins with @ was meant: the name of an abstract socket.
        hosts = [host.removeprefix("@") for host in hosts]
    port = str(parts.get("port") or "")
    return any("@" in name for name in (*hosts, str(parts.get("dbname") or ""))) or not re.fullmatch(
        "[0-9,]*", port
    )


def first_line(error: Exception) -> str:
    """The first line of an error's message."""
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
