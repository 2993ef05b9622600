"""Spread over many servers by the keys of docs/shards.py, what is called most asks one server with each statement."""

import asyncio
import json
import sys
from dataclasses import replace
from typing import Any

import asyncpg
import pytest
from sqlalchemy import BindParameter, bindparam, delete, exists, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql.elements import ClauseElement

from admitone.flows import consents
from admitone.model.request_tokens import Decision
from admitone.model.sessions import TOUCH_MS
from admitone.store.engine.statements import Statement
from admitone.store.schema import accounts, apps, list_items, lists, ratings, request_tokens, sessions, titles, votes
from admitone.store.tables import metadata
from admitone.wire.door import Door
from admitone.wire.exchange import Request
from docs.shards import COUNT, KEYS, SIMULATED, WIDE, Reach, hash_of_bytes, loose, shard_of_number, spread
from tests.databases import PostgresDatabases
from tests.flows.counting import CountingStore
from tests.sharding.reading import Route, route
from tests.world import PASSWORD, World

DIGEST: BindParameter[bytes] = bindparam("digest")
ACCOUNT: BindParameter[int] = bindparam("account_id")
SIGNED = 1 << 31
POSTGRES = postgresql.dialect()


def test_every_table_has_a_key_or_is_on_every_server() -> None:
    assert set(KEYS) == set(metadata.tables)
    assert [name for name, key in KEYS.items() if key and key not in metadata.tables[name].c] == []


def names() -> dict[Statement[Any], str]:
    """What the store's modules call their statements."""
    return {
        value: f"{path.removeprefix('admitone.store.')}.{name}"
        for path, module in list(sys.modules.items())
        if path.startswith("admitone.store.")
        for name, value in vars(module).items()
        if isinstance(value, Statement)
    }


class Hot:
    """CineShelf and Mira, calling; every statement is written down."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._store = CountingStore(world.house.store)
        self._house = replace(world.house, store=self._store)
        self._door = Door(self._house, "http://127.0.0.1")

    async def every(self) -> dict[str, list[Statement[Any]]]:
        """Each of the calls that are made most, and what it asks of the database."""
        said, world = {}, self._world
        for decision in Decision:
            token = (await self._call("/3/authentication/token/new"))["request_token"]
            said["token/new"] = self._said()
            await self._house.read(consents.look, token, world.mira.id)
            said["approve page"] = self._said()
            await self._house.write(consents.decide, token, world.mira.id, decision)
            said[decision.value] = self._said()
        token = await world.token(world.cineshelf)
        login = {"username": "mira", "password": PASSWORD, "request_token": token}
        await self._call("/3/authentication/token/validate_with_login", body=login)
        said["login"] = self._said()
        session = (await self._call("/3/authentication/session/new", f"&request_token={token}"))["session_id"]
        said["session/new"] = self._said()
        mine = f"&session_id={session}"
        await self._call("/3/movie/550/rating", mine, {"value": 8.5})
        said["rating"] = self._said()
        world.clock.advance(TOUCH_MS + 1)
        await self._call("/3/account", mine)
        said["account"] = self._said()
        await self._call("/3/movie/550/account_states", mine)
        said["account_states"] = self._said()
        await self._call("/3/account/0/rated/movies", mine)
        said["rated films"] = self._said()
        return said

    def _said(self) -> list[Statement[Any]]:
        return [statement for statements in self._store.said() for statement in statements]

    async def _call(self, path: str, query: str = "", body: dict[str, Any] | None = None) -> Any:
        sent = json.dumps(body).encode() if body else b""
        headers = {"content-type": "application/json"} if body else {}
        asked = f"api_key={self._world.cineshelf.key}{query}".encode()
        request = Request("POST" if body else "GET", path.encode(), asked, headers, sent, "203.0.113.7", secure=True)
        answer = (await self._door.serve(request, "here")).answer
        assert answer.status in {200, 201}, answer.body
        return json.loads(answer.body)


async def test_what_is_called_most_asks_one_server_but_where_it_is_told(world: World) -> None:
    """Held in both ways: what asks more stands in the table, and what stands in the table asks more."""
    called, found = names(), {}
    for call, statements in (await Hot(world).every()).items():
        assert statements, call
        for statement in statements:
            if (reach := route(statement.clause_in(POSTGRES)).reach) is not Reach.ONE:
                found[called.get(statement, str(statement.clause))] = reach
    assert found == {name: wide.reach for name, wide in WIDE.items()}


@pytest.mark.parametrize(
    ("clause", "found"),
    [
        (select(sessions.c.id).where(sessions.c.digest == DIGEST), Route(Reach.ONE, frozenset({"digest"}))),
        (select(sessions.c.id).where(sessions.c.id == bindparam("session_id")), Route(Reach.ALL)),
        (select(titles.c.title), Route(Reach.ONE)),
        (select(func.count()).select_from(ratings), Route(Reach.ALL)),
        (select(sessions.c.id).where(sessions.c.digest != DIGEST), Route(Reach.ALL)),
        (select(sessions.c.id).where(sessions.c.digest >= DIGEST), Route(Reach.ALL)),
        (select(sessions.c.id).where(sessions.c.digest.in_(select(request_tokens.c.digest))), Route(Reach.ALL)),
        (select(sessions.c.id).where(or_(sessions.c.digest == DIGEST, sessions.c.id > 0)), Route(Reach.ALL)),
        (select(sessions.c.id).where(~(sessions.c.digest == DIGEST)), Route(Reach.ALL)),
        (select(sessions.c.id, sessions.c.digest == DIGEST), Route(Reach.ALL)),
        # An outer join keeps the rows of its left side whatever it demands of them.
        (
            select(accounts.c.id).select_from(accounts.outerjoin(ratings, accounts.c.id == ACCOUNT)),
            Route(Reach.ALL),
        ),
        (
            select(accounts.c.id)
            .select_from(accounts.outerjoin(ratings, ratings.c.account_id == accounts.c.id))
            .where(accounts.c.id == ACCOUNT),
            Route(Reach.ONE, frozenset({"account_id"})),
        ),
        # What is not there demands nothing of what is.
        (
            select(accounts.c.id).where(
                ~exists().where(ratings.c.account_id == ACCOUNT, ratings.c.account_id == accounts.c.id)
            ),
            Route(Reach.ALL),
        ),
        (
            select(accounts.c.id).where(
                accounts.c.id == ACCOUNT, exists().where(ratings.c.account_id == accounts.c.id)
            ),
            Route(Reach.ONE, frozenset({"account_id"})),
        ),
        (
            select(accounts.c.id)
            .select_from(sessions.join(accounts, accounts.c.id == sessions.c.account_id))
            .where(sessions.c.digest == DIGEST),
            Route(Reach.NEXT, frozenset({"digest"})),
        ),
        # Two that name each other's key are not found by it.
        (
            select(lists.c.id)
            .select_from(lists.join(accounts, accounts.c.id == lists.c.account_id).join(list_items))
            .where(lists.c.id == bindparam("list_id"), list_items.c.list_id == bindparam("list_id")),
            Route(Reach.ALL),
        ),
        (
            select(accounts.c.id, sessions.c.id).where(accounts.c.id == ACCOUNT, sessions.c.digest == DIGEST),
            Route(Reach.TWO, frozenset({"account_id", "digest"})),
        ),
        (select(apps.c.id).select_from(apps.join(accounts, accounts.c.id == apps.c.owner_id)), Route(Reach.ALL)),
        (update(sessions).values(used_at=1).where(sessions.c.id == bindparam("which")), Route(Reach.ALL)),
        (update(sessions).values(digest=DIGEST), Route(Reach.ALL)),
        (delete(ratings).where(ratings.c.account_id == ACCOUNT), Route(Reach.ONE, frozenset({"account_id"}))),
        (update(votes).values(people=1).where(votes.c.media_id == bindparam("media_id")), Route(Reach.COPIES)),
        (insert(ratings).values(account_id=ACCOUNT, halves=1), Route(Reach.ONE, frozenset({"account_id"}))),
        (insert(ratings).values(account_id=select(func.max(accounts.c.id)).scalar_subquery()), Route(Reach.ALL)),
        (
            insert(sessions).from_select(["digest"], select(request_tokens.c.digest)),
            Route(Reach.ALL),
        ),
    ],
)
def test_a_statement_without_its_key_is_noticed(clause: ClauseElement, found: Route) -> None:
    assert route(clause) == found


def test_what_is_not_understood_is_not_believed() -> None:
    both = select(sessions.c.id).where(sessions.c.digest == DIGEST).union(select(sessions.c.id))
    moved = update(ratings).values(halves=1).where(ratings.c.account_id == ACCOUNT, accounts.c.id == ACCOUNT)
    for clause in (both, moved):
        with pytest.raises(NotImplementedError):
            route(clause)


def test_what_no_server_can_hold_alone_is_told() -> None:
    found = loose()
    assert found["sessions"] == (["access_digest", "id", "token_digest"], ["account_id → accounts"], False)
    assert found["events"].empty
    assert "ratings" not in found  # all of it lies with its account
    assert "titles" not in found


@pytest.mark.parametrize(
    ("name", "number", "most"),
    [
        ("sessions and tokens, by digest", 50_000, 1.1),
        ("accounts, by number", 50_000, 1.1),
        ("ratings, by account; one person has 50,000", 50_000, 2.5),
    ],
)
def test_shards_are_even(name: str, number: int, most: float) -> None:
    found = spread(SIMULATED[name](number))
    assert 1 <= found.ratio <= most
    assert found.mean * COUNT >= number


def test_a_key_that_few_rows_differ_in_is_not_even() -> None:
    assert spread((shard_of_number(row % 10), 1) for row in range(5_000)).ratio > 3


def test_the_hashes_are_those_of_postgresql(postgres_databases: PostgresDatabases) -> None:
    numbers = [0, 1, 2, 5_000_000, 1 << 31, (1 << 40) + 7, -1, -(1 << 40)]
    address = postgres_databases.fresh()
    texts = ["x" * length for length in range(1, 40)] + ["0123456789abcdef" * 2]

    async def asked() -> tuple[list[int], list[int]]:
        connection = await asyncpg.connect(address)
        try:
            of_numbers = await connection.fetch("SELECT hashint8(n) FROM unnest($1::bigint[]) AS n", numbers)
            of_texts = await connection.fetch("SELECT hashtext(t) FROM unnest($1::text[]) AS t", texts)
            return [row[0] for row in of_numbers], [row[0] for row in of_texts]
        finally:
            await connection.close()

    of_numbers, of_texts = asyncio.run(asked())
    assert [shard_of_number(number) for number in numbers] == [(said + SIGNED) * COUNT >> 32 for said in of_numbers]
    assert [hash_of_bytes(text.encode()) for text in texts] == [said & 0xFFFFFFFF for said in of_texts]
