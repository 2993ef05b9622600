"""The write firewall between an app and TMDB, played by another Admit One: the catalogue is theirs, people ours."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import msgspec
import pytest

from admitone.model.faults import Refused
from admitone.sandbox.upstream.firewall import Firewall
from admitone.sandbox.upstream.keeping import Source
from admitone.sandbox.upstream.source import Upstream
from admitone.wire import answers
from tests.clients.served import Served, served
from tests.sandbox.upstream.far import FIGHT_CLUB, Far, answer, opened
from tests.wire.program import front
from tests.world import PASSWORD, World

__all__ = ["served"]

RUBY_SPARKS = 103332
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJhdWQiOiJ4In0.c2lnbmF0dXJl"


def refuse(refusal: Refused) -> tuple[int, bytes]:
    said = answers.refused(refusal)
    return said.status, said.body


class Here:
    """A program that calls a world behind the firewall."""

    def __init__(self, world: World, source: Source) -> None:
        wall = Firewall(front(world), world.house, source, refuse)
        self.key = world.cineshelf.key
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(wall), base_url="http://here.test")

    async def call(self, method: str, path: str, body: Any = None, **query: str) -> httpx.Response:
        return await self.http.request(method, f"/3/{path}", params={"api_key": self.key, **query}, json=body)

    async def get(self, path: str, **query: str) -> httpx.Response:
        return await self.call("GET", path, **query)


@pytest.fixture
def left(monkeypatch: pytest.MonkeyPatch) -> list[httpx.Request]:
    """What left for an upstream."""
    seen: list[httpx.Request] = []
    send = httpx.AsyncClient.send

    async def watch(client: httpx.AsyncClient, request: httpx.Request, **options: Any) -> httpx.Response:
        if request.url.host != "here.test":
            seen.append(request)
        return await send(client, request, **options)

    monkeypatch.setattr(httpx.AsyncClient, "send", watch)
    return seen


@pytest.fixture
async def here(world: World, served: Served) -> AsyncIterator[Here]:
    """A world of four films before a TMDB of thousands."""
    upstream = Upstream(served.origin, served.read_token)
    here = Here(world, upstream)
    yield here
    await here.http.aclose()
    await upstream.aclose()


@pytest.fixture
async def far() -> AsyncIterator[Far]:
    async with opened() as far:
        yield far


@pytest.fixture
async def odd(world: World, far: Far) -> AsyncIterator[Here]:
    """The same world before an upstream that says what it is told to."""
    upstream = Upstream(far.url, TOKEN)
    here = Here(world, upstream)
    yield here
    await here.http.aclose()
    await upstream.aclose()


async def test_a_whole_story_reads_there_and_writes_here(
    here: Here, served: Served, world: World, left: list[httpx.Request]
) -> None:
    token = (await here.get("authentication/token/new")).json()["request_token"]
    login = {"username": "mira", "password": PASSWORD, "request_token": token}
    assert (await here.call("POST", "authentication/token/validate_with_login", login)).status_code == 200
    session = (await here.get("authentication/session/new", request_token=token)).json()["session_id"]
    mine = {"session_id": session}
    assert left == []

    assert (await here.call("POST", f"movie/{RUBY_SPARKS}/rating", {"value": 8.5}, **mine)).status_code == 404
    assert (await here.get(f"movie/{RUBY_SPARKS}", **mine)).json()["title"] == "Ruby Sparks"
    assert (await here.call("POST", f"movie/{RUBY_SPARKS}/rating", {"value": 8.5}, **mine)).status_code == 201
    found = (await here.get("search/tv", query="breaking bad", **mine)).json()["results"]
    assert 1396 in [row["id"] for row in found]
    mark = {"media_type": "tv", "media_id": 1396, "favorite": True}
    assert (await here.call("POST", "account/0/favorite", mark, **mine)).status_code == 201

    [rated] = (await here.get("account/0/rated/movies", **mine)).json()["results"]
    assert (rated["id"], rated["title"], rated["rating"]) == (RUBY_SPARKS, "Ruby Sparks", 8.5)
    details = (await here.get(f"movie/{RUBY_SPARKS}", append_to_response="account_states,external_ids", **mine)).json()
    assert details["account_states"]["rated"] == {"value": 8.5}
    assert "imdb_id" in details["external_ids"]
    assert (await here.call("DELETE", "authentication/session", mine)).json() == {"success": True}
    nothing = await here.get("movie/999999")
    assert (nothing.status_code, nothing.json()["status_code"]) == (404, 34)

    assert {request.method for request in left} == {"GET"}
    assert {request.url.path for request in left} == {f"/3/movie/{RUBY_SPARKS}", "/3/search/tv", "/3/movie/999999"}
    sent = str([(str(request.url), request.headers.raw, request.content) for request in left])
    assert [
        secret
        for secret in (here.key, session, token, PASSWORD, world.cineshelf.credentials.read_token)
        if secret in sent
    ] == []
    assert served.app.rated(served.session) == {}


async def test_whoever_may_not_ask_here_asks_nobody(odd: Here, left: list[httpx.Request]) -> None:
    for key in ("", "0" * 32):
        answered = await odd.get("movie/550", api_key=key)
        assert (answered.status_code, answered.json()["status_code"]) == (401, 7)
    assert left == []


async def test_a_read_token_does_as_well_as_a_key(odd: Here, world: World, left: list[httpx.Request]) -> None:
    bearer = {"Authorization": f"Bearer {world.cineshelf.credentials.read_token}"}
    answered = await odd.http.get("/3/movie/550", headers=bearer)
    assert answered.json()["title"] == "Fight Club"
    assert [request.headers["authorization"] for request in left] == [f"Bearer {TOKEN}"]


async def test_marks_and_headers_are_those_of_the_wire(odd: Here, far: Far) -> None:
    far.says = answer(FIGHT_CLUB, etag='W/"1"', cache_control="public, max-age=60", set_cookie="a=b", x_other="c")
    first = await odd.get("movie/550")
    assert first.json() == FIGHT_CLUB
    assert (first.headers["etag"], first.headers["cache-control"]) == ('W/"1"', "public, max-age=60")
    assert first.headers["access-control-allow-origin"] == "*"
    assert len(first.headers.get_list("content-length")) == 1
    assert {"set-cookie", "x-other"}.isdisjoint(first.headers)
    known = await odd.http.get("/3/movie/550", params={"api_key": odd.key}, headers={"if-none-match": 'W/"1"'})
    assert (known.status_code, known.content) == (304, b"")
    head = await odd.call("HEAD", "movie/550")
    assert (head.status_code, head.content) == (200, b"")


FAILURES = [
    (answer({"status_code": 7}, 401), 502, 47),
    (answer({}, 503), 502, 43),
    (answer({}, 429, retry_after="3"), 429, 25),
    (b"what", 502, 43),
]


async def test_failures_of_the_upstream_are_clear(odd: Here, far: Far) -> None:
    far.hangs_up = True
    for says, status, code in FAILURES:
        far.says = says
        answered = await odd.get("movie/550")
        assert (answered.status_code, answered.json()["status_code"]) == (status, code)
        assert "upstream" in answered.json().get("error", "upstream")
        assert answered.headers.get("retry-after") == ("3" if status == 429 else None)


STRANGE: list[Any] = [
    {"id": -1, "title": "x", "original_title": "x"},
    {"id": 2**40, "title": "x", "original_title": "x"},
    {"id": "550", "title": "x", "original_title": "x"},
    {"id": True, "title": "x", "original_title": "x"},
    {"id": 7, "title": ["x"], "original_title": "x"},
    {"id": 8, "title": "", "original_title": ""},
    {"id": 12, "title": "\0", "original_title": "\0\0", "release_date": "9999-99-99", "popularity": 1e300},
    {"id": 13, "title": "x" * 9000, "original_title": "", "release_date": 7, "popularity": "x"},
    {"results": [None, 1, "x", [], {"id": 14, "media_type": "person", "name": "x", "original_name": "x"}]},
    {"results": {"id": 1}},
    [1],
]


async def test_whatever_an_upstream_says_of_titles_is_handed_on(odd: Here, far: Far) -> None:
    for number, content in enumerate(STRANGE):
        far.says = answer(content)
        answered = await odd.get(f"movie/{number}")
        assert (answered.status_code, msgspec.json.decode(answered.content)) == (200, content)
