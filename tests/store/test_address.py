"""Which texts name a database."""

from pathlib import Path

import pytest

from admitone.store.engine.address import AddressError, is_sqlite, masked, sqlite_path


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///admitone.db", "admitone.db"),
        ("sqlite:////var/lib/admitone/admitone.db", "/var/lib/admitone/admitone.db"),
        ("sqlite:///a folder/with spaces.db", "a folder/with spaces.db"),
    ],
)
def test_an_sqlite_address_names_a_file(url: str, path: str) -> None:
    assert is_sqlite(url)
    assert sqlite_path(url) == Path(path)


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///", "sqlite:///:memory:", "sqlite:admitone.db", "sqlite://db"])
def test_an_sqlite_address_without_a_file_is_refused(url: str) -> None:
    with pytest.raises(AddressError, match="names a file"):
        sqlite_path(url)


@pytest.mark.parametrize("url", ["postgresql://a:b@host:5432/db", "postgres://host/db", "postgresql:///db?host=/run"])
def test_a_postgresql_address_is_known(url: str) -> None:
    assert not is_sqlite(url)


@pytest.mark.parametrize("url", ["", "admitone.db", "mysql://host/db", "sqlite+aiosqlite:///x.db", "//host/db"])
def test_any_other_address_is_refused(url: str) -> None:
    with pytest.raises(AddressError, match="starts with"):
        is_sqlite(url)


def test_an_address_is_shown_without_its_password() -> None:
    assert masked("postgresql://ann:hunter2@host:5432/db") == "postgresql://ann:***@host:5432/db"
    assert "hunter2" not in masked("postgresql:///db?host=/run&password=hunter2")
    assert masked("sqlite:///admitone.db") == "sqlite:///admitone.db"
