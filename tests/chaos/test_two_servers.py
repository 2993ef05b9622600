"""Two servers share one PostgreSQL: a token is good for one session, whichever is asked, however often at once."""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from admitone.app import open_house
from admitone.flows import accounts, apps, consents, request_tokens
from admitone.model.request_tokens import Decision
from admitone.settings import Settings
from tests.chaos.test_kills import ask, doubled
from tests.databases import PostgresDatabases
from tests.running import Admitone, Nursery, program
from tests.world import NETWORK

ROUNDS = int(os.environ.get("ADMITONE_ROUNDS", "500"))
AT_ONCE = 16


@pytest.fixture
def shared(nursery: Nursery, tmp_path: Path, postgres_databases: PostgresDatabases) -> Iterator[Admitone]:
    with program(nursery, tmp_path, postgres_databases.fresh()) as admitone:
        admitone.add_account("mira")
        yield admitone


async def approved(admitone: Admitone, public_id: str) -> list[str]:
    """As many approved tokens as there are rounds, made through the flows on the same database and key ring."""
    async with open_house(Settings(database=admitone.database, key_ring=str(admitone.key_ring))) as house:
        mira = await house.read(accounts.find, "mira")
        app = await house.read(apps.find, public_id)

        async def one() -> str:
            token = await house.write(request_tokens.issue, app.id, NETWORK)
            await house.write(consents.decide, token.text, mira.id, Decision.APPROVE)
            return token.text

        return [await one() for _ in range(ROUNDS)]


async def race(urls: list[str], key: str, tokens: list[str]) -> list[int]:
    """Exchange each token many times at once, at both servers; how many exchanges of each were granted."""
    limits = httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE)
    async with httpx.AsyncClient(timeout=60, trust_env=False, limits=limits) as http:

        async def exchange(url: str, token: str) -> bool:
            query = {"api_key": key, "request_token": token}
            answer = await http.get(f"{url}/3/authentication/session/new", params=query)
            assert answer.status_code in {200, 401}, answer.text
            return answer.status_code == 200

        granted = []
        for token in tokens:
            calls = (exchange(urls[number % len(urls)], token) for number in range(AT_ONCE))
            granted.append(sum(await asyncio.gather(*calls)))
        return granted


@pytest.mark.timeout(600)
def test_two_servers_give_one_session_for_a_token(shared: Admitone) -> None:
    app = shared.add_app("CineShelf", "mira")
    tokens = asyncio.run(approved(shared, app.app))
    urls = [shared.serve().url, shared.serve().url]
    granted = asyncio.run(race(urls, app.api_key, tokens))
    assert granted == [1] * ROUNDS
    assert doubled(shared.database) == 0
    assert ask(shared.database, "SELECT count(*) FROM sessions") == str(ROUNDS)
