"""Two server processes on one database are one server: each shows what the other wrote; they count calls together."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from tests.callers import App
from tests.chaos.asks import AppAsks
from tests.chaos.line import Answer, Line
from tests.running import Admitone

MOST = 20
AT_ONCE = 8


@pytest.mark.holds("S19")
def test_what_one_wrote_the_very_next_read_of_the_other_shows(admitone: Admitone) -> None:
    credentials = admitone.add_app("CineShelf", "mira")
    one, other = (App(admitone, admitone.serve(), credentials) for _ in range(2))
    mine = {"session_id": one.session()}

    def of(app: App, path: str) -> list[int]:
        return [row["id"] for row in app.call("GET", f"/3/account/0/{path}", **mine).json()["results"]]

    assert other.account(mine["session_id"]).status_code == 200
    for number in range(1, 16):
        writes, reads = (one, other) if number % 2 else (other, one)
        writes.rate(mine["session_id"], number, number / 2)
        assert reads.rated(mine["session_id"])[number] == number / 2
        for mark, path in (("favorite", "favorite/movies"), ("watchlist", "watchlist/movies")):
            kept = {"media_type": "movie", "media_id": number, mark: True}
            writes.call("POST", f"/3/account/0/{mark}", kept, **mine)
            assert of(reads, path) == [number]
            reads.call("POST", f"/3/account/0/{mark}", kept | {mark: False}, **mine)
            assert of(writes, path) == []
        states = reads.call("GET", f"/3/movie/{number}/account_states", **mine).json()
        assert states == {"id": number, "favorite": False, "rated": {"value": number / 2}, "watchlist": False}
        made = writes.call("POST", "/3/list", {"name": "To See"}, **mine).json()["list_id"]
        assert of(reads, "lists") == [made]
        assert writes.call("POST", f"/3/list/{made}/add_item", {"media_id": number}, **mine).status_code == 201
        assert reads.call("GET", f"/3/list/{made}/item_status", movie_id=number).json()["item_present"] is True
        assert reads.call("DELETE", f"/3/list/{made}", **mine).status_code == 200
        assert writes.call("GET", f"/3/list/{made}").status_code == 404
    assert one.call("DELETE", "/3/authentication/session", mine).status_code == 200
    assert other.account(mine["session_id"]).status_code == 401


@pytest.fixture
async def lines(admitone: Admitone) -> AsyncIterator[list[Line]]:
    """Connections to two servers that let through twenty calls a second, every other one to each."""
    servers = [admitone.serve(env={"ADMITONE_CALLS_BY_NETWORK": str(MOST)}) for _ in range(2)]
    lines = [await Line.open(servers[number % 2].port) for number in range(AT_ONCE)]
    yield lines
    for line in lines:
        await line.close()


async def test_they_let_through_in_no_second_more_than_one_of_them_would(admitone: Admitone, lines: list[Line]) -> None:
    app = AppAsks(admitone.add_app("CineShelf", "mira").api_key)
    answers: list[Answer] = []
    began = int(time.time())
    while sum(answer.status == 429 for answer in answers) < 10 * MOST:
        for line in lines:
            line.ask(app.account("nobody"))
        answers += await asyncio.gather(*(line.answer() for line in lines))
    seconds = int(time.time()) - began + 1
    assert {answer.status for answer in answers} == {401, 429}
    assert sum(answer.status == 401 for answer in answers) <= MOST * seconds
    for answer in answers:
        if answer.status == 429:
            assert answer.headers["retry-after"] == "1"
            assert answer.headers["access-control-allow-origin"] == "*"
            assert answer.json["status_code"] == 25
