"""Nothing that was ever given out can be found in the files of the database."""

import asyncio
from pathlib import Path

import asyncpg
import pytest

from admitone.flows import accounts, apps, logins, sessions, visits
from admitone.flows.logins import Attempt
from admitone.model.request_tokens import Decision
from admitone.store.engine.address import is_sqlite, sqlite_path
from tests.databases import Databases, PostgresDatabases
from tests.store.aside import fault_of
from tests.world import NETWORK, PASSWORD, World

ADDRESS = "203.0.113.7"


async def issued(world: World) -> list[str]:
    """Everything secret that comes up while much happens."""
    house, app = world.house, world.cineshelf
    tokens = [await world.token(app) for _ in range(3)]
    await world.decide(tokens[1], world.mira)
    await world.decide(tokens[2], world.tomas, Decision.DENY)
    sessions_ = [await world.session(app, world.mira) for _ in range(2)]
    await house.write(sessions.end, app.app.id, sessions_[1], NETWORK)
    attempt = Attempt("mira", PASSWORD, ADDRESS)
    visits_ = [(await visits.sign_in(house, attempt, remember=remember)).text for remember in (True, False)]
    await house.write(visits.sign_out, visits_[1])
    wrong = "a wrong password that somebody typed"
    await fault_of(logins.check(house, attempt._replace(password=wrong)))
    typed_too_early = "a password in the place of a name"
    await fault_of(logins.check(house, attempt._replace(username=typed_too_early)))
    await logins.validate_with_login(house, app.app.id, tokens[0], attempt)
    rotated = await house.write(apps.rotate, app.app.public_id, 1000)
    new = "the new password of Mira"
    await accounts.set_password(house, "mira", new, end_sessions=False)
    credentials = [*app.credentials, *world.reelsync.credentials, *rotated]
    return [*tokens, *sessions_, *visits_, *credentials, PASSWORD, wrong, typed_too_early, new]


async def folder_of(url: str, databases: PostgresDatabases) -> Path:
    """Where PostgreSQL keeps this database, with everything written out to it."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("CHECKPOINT")
        found = await connection.fetchval("SELECT oid FROM pg_database WHERE datname = current_database()")
    finally:
        await connection.close()
    return databases._folder / "base" / str(found)


def content(paths: list[Path]) -> bytes:
    return b"\n".join(path.read_bytes() for path in paths)


async def files(url: str, databases: Databases) -> bytes:
    """Every byte that is kept."""
    if is_sqlite(url):
        path = sqlite_path(url)
        return await asyncio.to_thread(content, list(path.parent.glob(f"{path.name}*")))
    assert isinstance(databases, PostgresDatabases)
    folder = await folder_of(url, databases)
    return await asyncio.to_thread(lambda: content(list(folder.iterdir())))


@pytest.mark.holds("S1")
async def test_no_secret_is_in_the_files_of_the_database(world: World, database_url: str, databases: Databases) -> None:
    secrets = await issued(world)
    kept = await files(database_url, databases)
    assert len(secrets) == 17
    for known in ("Mira Okafor", world.cineshelf.app.public_id, "token approved by login", world.mira.object_id):
        assert known.encode() in kept  # else we looked in the wrong place
    for secret in secrets:
        for written in {secret.encode(), secret.upper().encode(), secret.encode("utf-16-le")}:
            assert written not in kept
        if len(secret) % 2 == 0 and set(secret) <= set("0123456789abcdef"):
            assert bytes.fromhex(secret) not in kept


async def test_looking_finds_what_is_kept_in_clear(world: World, database_url: str, databases: Databases) -> None:
    name = "0123456789abcdef" * 2
    await world.house.write(apps.add, apps.Registration(name, "mira"))
    assert name.encode() in await files(database_url, databases)


async def test_a_hint_of_a_key_is_its_last_four_digits_and_no_more(
    world: World, database_url: str, databases: Databases
) -> None:
    kept = await files(database_url, databases)
    assert world.cineshelf.key[-4:].encode() in kept
    assert world.cineshelf.key[-5:].encode() not in kept
