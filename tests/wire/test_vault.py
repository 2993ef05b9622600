"""Greps the vault (law 8): after a whole story, no secret ever issued is in the database's files or in the log."""

import base64
import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote, quote_plus

import asyncpg
import pytest
import structlog

from admitone.store.engine.address import is_sqlite, sqlite_path
from tests.vault import change
from tests.wire.conftest import Log
from tests.wire.dumps import dump
from tests.wire.story import Story
from tests.world import World

SECRETS = 51
HEX = re.compile(r"(?:[0-9a-f]{2})+")


def spellings(secret: str) -> list[bytes]:
    """The ways in which a secret could stand somewhere."""
    texts = [secret, secret.upper(), quote(secret, safe=""), quote_plus(secret), secret[::-1]]
    raws = [secret.encode(), secret.encode("utf-16-le")]
    if HEX.fullmatch(secret):
        raws.append(bytes.fromhex(secret))
    found = [*(text.encode() for text in texts), *raws]
    for raw in raws:
        found += [base64.b64encode(raw).rstrip(b"="), base64.urlsafe_b64encode(raw).rstrip(b"="), raw.hex().encode()]
    return list(dict.fromkeys(found))


class Vault:
    """A house's database, as a thief would have it: every cell, and every byte on the disk."""

    def __init__(self, world: World, url: str) -> None:
        self._world = world
        self._url = url
        self._first_log = ""

    async def open(self) -> None:
        """Remember where the write-ahead log stands, so that only this test's part of it is searched."""
        if not is_sqlite(self._url):
            connection = await asyncpg.connect(self._url)
            self._first_log = await connection.fetchval("SELECT pg_walfile_name(pg_current_wal_insert_lsn())")
            await connection.close()

    async def places(self) -> dict[str, bytes]:
        """Everything there is, by where it is."""
        cells = [cell for rows in (await dump(self._world.house)).values() for row in rows for cell in row]
        rows = b"\n".join(cell if isinstance(cell, bytes) else str(cell).encode() for cell in cells)
        return {"rows": rows, **_read(await self._files())}

    async def _files(self) -> list[Path]:
        if is_sqlite(self._url):
            path = sqlite_path(self._url)
            return [path.with_name(path.name + ending) for ending in ("", "-wal", "-shm")]
        connection = await asyncpg.connect(self._url)
        await connection.execute("CHECKPOINT")
        folder = await connection.fetchval("SHOW data_directory")
        number = await connection.fetchval("SELECT oid FROM pg_database WHERE datname = current_database()")
        # Beyond where it stands now there are files for later, full of what was long before.
        now = "pg_walfile_name(pg_current_wal_insert_lsn())"
        logs = await connection.fetch(
            f"SELECT name FROM pg_ls_waldir() WHERE name BETWEEN $1 AND {now}", self._first_log
        )
        await connection.close()
        return _of_server(Path(folder), number, [row["name"] for row in logs])


def _of_server(folder: Path, database: int, logs: list[str]) -> list[Path]:
    """The files of one database, of the write-ahead log, and what lies beside them: settings, the server's own log."""
    found = [
        *(folder / "base" / str(database)).iterdir(),
        *(folder / "pg_wal" / log for log in logs),
        *folder.iterdir(),
    ]
    assert len(logs) > 0
    return [path for path in found if path.is_file()]


def _read(files: list[Path]) -> dict[str, bytes]:
    assert all(path.stat().st_size for path in files[:1])
    return {path.name: path.read_bytes() for path in files}


def found(secrets: Iterable[str], places: dict[str, bytes]) -> list[str]:
    """Which secrets are where, and how they are spelled there."""
    return [
        f"{secret[:6]}… as {spelling[:12]!r}… in {place}"
        for secret in sorted(secrets)
        for spelling in spellings(secret)
        for place, content in places.items()
        if spelling in content
    ]


def lines_of(log: Log) -> dict[str, bytes]:
    """The log as it stands in the file, and as a program that reads JSON sees it."""
    return {"log": log.text.encode(), "log, read": "".join(map(str, log.lines())).encode()}


@pytest.mark.timeout(400)  # the write-ahead log has what all other tests wrote meanwhile as well
@pytest.mark.holds("S1", "S2", "F20")
async def test_no_secret_is_in_the_database_or_the_log(
    world: World, database_url: str, logged: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault, story = Vault(world, database_url), Story(world)
    await vault.open()
    await story.tell(monkeypatch)
    assert len(story.secrets) == SECRETS
    assert len(logged.lines("request")) > 100
    assert found(story.secrets, {**await vault.places(), **lines_of(logged)}) == []


async def test_the_search_finds_a_secret_however_it_is_kept(world: World, database_url: str) -> None:
    vault = Vault(world, database_url)
    await vault.open()
    planted: dict[str, bytes] = {}
    for number in range(len(spellings("00" * 20))):
        secret = hashlib.sha256(bytes([number])).hexdigest()
        planted[secret] = spellings(secret)[number % len(spellings(secret))]
    assert found(planted, await vault.places()) == []
    for spelling in planted.values():
        blob = f"x'{spelling.hex()}'" if is_sqlite(database_url) else f"'\\x{spelling.hex()}'::bytea"
        change(database_url, f"INSERT INTO limits (bucket, empty_at) VALUES ({blob}, 1)")
    searched = await vault.places()
    on_disk = {name: content for name, content in searched.items() if name != "rows"}
    for secret in planted:
        assert found({secret}, {"rows": searched["rows"]})
        assert found({secret}, on_disk)


def test_the_search_finds_a_secret_in_the_log(logged: Log) -> None:
    structlog.get_logger().info("said", word="orbital lemon teapot")
    assert found({"orbital lemon teapot"}, lines_of(logged))
