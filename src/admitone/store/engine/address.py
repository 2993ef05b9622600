"""This file reads the address of a database: `sqlite:///relative.db`, `sqlite:////absolute.db` or `postgresql://…`."""

from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError


class AddressError(ValueError):
    """The text names no database that we know; the sentence says what it should look like."""


def is_sqlite(url: str) -> bool:
    """Whether `url` names an SQLite file rather than a PostgreSQL database. Raises AddressError for anything else."""
    match urlsplit(url).scheme:
        case "sqlite":
            return True
        case "postgresql" | "postgres":
            return False
    message = "A database address starts with sqlite:/// or postgresql://"
    raise AddressError(message)


def sqlite_path(url: str) -> Path:
    """The file that an SQLite address names. Raises AddressError for one without a path."""
    path = url.removeprefix("sqlite:///")
    if path == url or not path or path == ":memory:":
        message = "An SQLite address names a file: sqlite:///admitone.db or sqlite:////var/lib/admitone/admitone.db"
        raise AddressError(message)
    return Path(path)


def sqlalchemy_url(url: str) -> URL:
    """A PostgreSQL address as SQLAlchemy wants it. Raises AddressError."""
    try:
        return make_url(url).set(drivername="postgresql+asyncpg")
    except ArgumentError as error:
        message = "A PostgreSQL address looks like postgresql://user:password@host:5432/database"
        raise AddressError(message) from error


def masked(url: str) -> str:
    """The address with its password hidden, for logs and people."""
    if is_sqlite(url):
        return url
    read = make_url(url)
    if "password" in read.query:
        read = read.update_query_dict({"password": "***"})
    return read.render_as_string(hide_password=True)
