"""What it costs to tell how many people use an app does not grow with them."""

import json
import sqlite3
from typing import Any

import asyncpg
import pytest

from admitone.model.apps import COUNTED
from admitone.store.engine.address import sqlite_path
from admitone.store.sessions import PEOPLE
from tests.store.test_statements import COMPILATIONS

# Of each app: how many people have it connected, and the sessions of how many have ended.
LIVE = {1: 3, 2: COUNTED, 3: COUNTED + 1, 4: 4 * COUNTED}
ENDED = {1: 4 * COUNTED, 4: COUNTED}
MOST = 5 * COUNTED
NUMBERS = "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {})"
ACCOUNTS = f"""{NUMBERS.format(MOST)}
    INSERT INTO accounts (id, object_id, username, username_key, name, iso_639_1, iso_3166_1, include_adult,
    gravatar_hash, made_at) SELECT n, 'o' || n, 'p' || n, 'p' || n, '', 'en', 'US', 0, '', 1 FROM numbers"""
APP = """INSERT INTO apps (id, public_id, name, name_key, website, kind, owner_id, first_party, accepted, made_at)
    VALUES ({0}, 'a{0}', 'a{0}', 'a{0}', '', 'website', 1, 0, 1, 1)"""
SESSIONS = """{numbers} INSERT INTO sessions (digest, app_id, account_id, network, made_at, used_at, ended_at)
    SELECT {digest}, {app}, {first} + n, '', 1, 1, {ended} FROM numbers"""
DIGEST = {"sqlite": "CAST('{0}/' || n AS BLOB)", "postgresql": "('{0}/' || n)::bytea"}


def filling(engine: str) -> list[str]:
    made = [ACCOUNTS, *map(APP.format, LIVE)]
    for app, live in LIVE.items():
        for first, number, ended in ((0, live, "NULL"), (live, ENDED.get(app, 0), "2")):
            if number:
                digest = DIGEST[engine].format(f"{app}/{ended}")
                of = {"app": app, "first": first, "ended": ended, "digest": digest}
                made.append(SESSIONS.format(numbers=NUMBERS.format(number), **of))
    return made


async def test_the_people_of_an_app_are_counted_up_to_a_bound_and_no_session_is_read_beyond(
    database_url: str,
) -> None:
    measure = on_sqlite if database_url.startswith("sqlite") else on_postgres
    counted, work = await measure(database_url)
    assert counted == {1: 3, 2: COUNTED, 3: COUNTED + 1, 4: COUNTED + 1}
    assert work[4] == pytest.approx(work[3], rel=0.01)
    assert work[1] < work[2] / 20  # of those that have ended none is looked at


async def on_sqlite(url: str) -> tuple[dict[int, int], dict[int, int]]:
    """What was counted for each app, and the steps of SQLite's machine that it took."""
    connection = sqlite3.connect(sqlite_path(url))
    counted, work = {}, dict.fromkeys(LIVE, 0)
    try:
        for statement in filling("sqlite"):
            connection.execute(statement)
        sql, order = COMPILATIONS[0][1][PEOPLE]
        for app in LIVE:

            def step(app: int = app) -> None:
                work[app] += 1

            connection.set_progress_handler(step, 1)
            counted[app] = connection.execute(sql, order({"app_id": app})).fetchone()[0]
            connection.set_progress_handler(None, 0)
    finally:
        connection.close()
    return counted, work


async def on_postgres(url: str) -> tuple[dict[int, int], dict[int, int]]:
    """What was counted for each app, and the rows that were read for it, by the plan that serves every app."""
    connection = await asyncpg.connect(url)
    counted, work = {}, {}
    try:
        for statement in filling("postgresql"):
            await connection.execute(statement)
        await connection.execute("ANALYZE")
        await connection.execute("SET plan_cache_mode = force_generic_plan")
        sql, _ = COMPILATIONS[1][1][PEOPLE]
        await connection.execute(f"PREPARE people AS {sql}")
        for app in LIVE:
            counted[app] = await connection.fetchval(f"EXECUTE people({app})")
            plan = json.loads(await connection.fetchval(f"EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE people({app})"))
            work[app] = rows_read(plan[0]["Plan"])
    finally:
        await connection.close()
    return counted, work


def rows_read(node: dict[str, Any]) -> int:
    """What the leaves of a plan read, also what they threw away."""
    if within := node.get("Plans"):
        return sum(map(rows_read, within))
    return int(node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * int(node["Actual Loops"])
