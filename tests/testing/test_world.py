"""What a test does with its world: people decide, the clock moves, calls go wrong, the log tells."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import requests

from admitone.testing.control import SandboxError
from admitone.testing.local import LocalSandbox
from admitone.testing.world import World

TMDB = "https://api.themoviedb.org"


class Program:
    """An app under test, which knows TMDB's address only."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.http = httpx.Client(transport=world.transport(), base_url=f"{TMDB}/3/", params={"api_key": world.api_key})

    def get(self, path: str, **query: str) -> Any:
        return self.http.get(path, params=query).json()

    def token(self) -> str:
        return str(self.get("authentication/token/new")["request_token"])

    def exchange(self, token: str) -> Any:
        return self.get("authentication/session/new", request_token=token)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[LocalSandbox]:
    sandbox = LocalSandbox()
    yield sandbox
    sandbox.stop()


@pytest.fixture
def world(sandbox: LocalSandbox) -> Iterator[World]:
    world = sandbox.world()
    yield world
    world.delete()


@pytest.fixture
def program(world: World) -> Iterator[Program]:
    program = Program(world)
    yield program
    program.http.close()


def test_a_person_approves_or_denies(world: World, program: Program) -> None:
    mira, tomas = world.person(), world.person("tomas")
    assert [person.username for person in world.people] == [mira.username, "tomas"]
    approved, denied = program.token(), program.token()
    assert mira.approves(approved) == f"{world.link(approved)}/allow"
    assert tomas.denies(denied, redirect_to="https://app.example/back?a=b").startswith("https://app.example/back?a=b&")
    session = program.exchange(approved)["session_id"]
    assert program.get("account", session_id=session)["username"] == mira.username
    assert program.exchange(denied)["status_code"] == 17
    with pytest.raises(SandboxError) as refused:
        tomas.approves(denied + "0")
    assert (refused.value.status, refused.value.error) == (404, "token_unknown")


def test_a_person_is_signed_in_without_a_page(world: World, program: Program) -> None:
    tomas = world.add_person("tomas", name="Tomas", ratings=[{"media_type": "movie", "id": 550, "value": 8.5}])
    session = tomas.session()
    [rated] = program.get("account/0/rated/movies", session_id=session)["results"]
    assert (rated["id"], rated["rating"]) == (550, 8.5)
    other = world.app("Another app")
    assert (other, world.app("Another app")) == (world.apps[1], other)
    foreign = tomas.session(other.name)
    assert program.get("account", session_id=foreign)["status_code"] == 3
    assert program.get("account", session_id=foreign, api_key=other.api_key)["username"] == "tomas"


def test_people_see_to_requests_by_themselves(world: World, program: Program) -> None:
    world.person().does("approve", times=1)
    assert program.exchange(program.token())["success"] is True
    assert program.exchange(program.token())["success"] is False
    world.script("deny")
    program.token()
    assert world.tokens["request_tokens"][0]["state"] == "denied"


def test_the_clock_is_moved_in_every_way(world: World, program: Program) -> None:
    clock = world.clock
    token = program.token()
    assert not clock.frozen
    began = clock.freeze("2027-01-15T08:00:00Z")
    assert began == datetime(2027, 1, 15, 8, tzinfo=UTC)
    assert clock.frozen
    assert clock.advance(minutes=61) - began == timedelta(minutes=61)
    assert clock.advance(timedelta(hours=1), seconds=1) - began == timedelta(minutes=121, seconds=1)
    assert clock.advance("59s") - began == timedelta(minutes=122)
    assert clock.advance(60) - began == timedelta(minutes=123)
    assert clock.set(began) == clock.now == began
    assert clock.set(datetime(2028, 1, 1, tzinfo=UTC)).year == 2028
    clock.run()
    assert not clock.frozen
    assert program.exchange(token)["success"] is False
    with pytest.raises(SandboxError, match="clock_bad"):
        clock.set("tomorrow")


def test_a_fault_meets_one_call_unless_it_is_told_otherwise(world: World, program: Program) -> None:
    def statuses() -> list[int]:
        return [program.http.get("configuration").status_code for _ in range(3)]

    world.faults.add("/3/configuration", status=429, retry_after=7)
    assert program.http.get("movie/550").status_code == 200
    assert statuses() == [429, 200, 200]
    world.faults.add(status=503, times=2)
    assert statuses() == [503, 503, 200]
    world.faults.add(status=500, times=None)
    with world.faults.during(status=501):
        assert [each["rule"]["status"] for each in world.faults.rules] == [500, 501]
    assert [each["rule"]["status"] for each in world.faults.rules] == [500]
    world.faults.clear()
    assert statuses() == [200, 200, 200]


def test_connections_are_cut_and_answers_are_slow(world: World, program: Program) -> None:
    world.faults.add(drop=True)
    with pytest.raises(httpx.RemoteProtocolError):
        program.http.get("configuration")
    world.faults.add(truncate=True)
    with pytest.raises(httpx.RemoteProtocolError):
        program.http.get("configuration")
    world.faults.add(delay=timedelta(minutes=1))
    with pytest.raises(httpx.ReadTimeout):
        program.http.get("configuration", timeout=0.2)


def test_the_log_tells_what_happened_and_no_secret(world: World, program: Program) -> None:
    token = program.token()
    program.exchange(token)
    first, second = world.log
    assert (first.status, second.status, second.fault) == (200, 401, "token_pending")
    assert world.log.refused == [second] == world.log[1:]
    assert len(world.log) == len(world.log.calls) == 2
    told = str(world.log)
    assert "Nobody has approved this request token yet." in told
    assert [secret for secret in (token, world.api_key) if secret in told] == []
    shown = f"{world!r} {world.person()!r} {world.app()!r}"
    assert [secret for secret in (world.api_key, world.read_token, world.person().password) if secret in shown] == []


def test_a_reset_world_is_as_it_was(world: World, program: Program) -> None:
    token = program.token()
    world.add_titles({"media_type": "movie", "id": 424242, "title": "Nothing"})
    assert program.get("movie/424242")["title"] == "Nothing"
    world.reset()
    assert program.get("movie/424242")["status_code"] == 34
    assert program.token() == token
    assert list(world.mail) == []


def test_a_world_is_kept_as_a_text_and_is_the_same_again(sandbox: LocalSandbox, world: World, program: Program) -> None:
    token = program.token()
    then = world.clock.freeze()
    snapshot = world.snapshot()
    world.person().approves(token)
    world.restore(snapshot)
    assert program.exchange(token)["status_code"] == 17
    world.delete()
    again = sandbox.restored(snapshot)
    assert (again.name, again.api_key, again.clock.now) == (world.name, world.api_key, then)
    again.person().approves(token)
    assert program.exchange(token)["success"] is True


def test_a_session_of_requests_is_led(world: World) -> None:
    with world.redirect() as session:
        for address in (
            f"{TMDB}/3/movie/550",
            "http://api.themoviedb.org/3/movie/550",
            "https://api.tmdb.org/3/movie/550",
        ):
            answer = session.get(address, params={"api_key": world.api_key})
            assert answer.json()["title"] == "Fight Club"
            assert answer.url.startswith(address)
        page = session.get("https://www.themoviedb.org/authenticate/nothing")
        assert page.headers["content-type"].startswith("text/html")
    mine = requests.Session()
    assert world.redirect(mine) is mine


async def test_a_client_of_httpx_is_led_and_may_be_async(world: World) -> None:
    async with httpx.AsyncClient(transport=world.transport(), base_url=TMDB) as client:
        calls = (client.get("/3/movie/550", params={"api_key": world.api_key}) for _ in range(5))
        assert {answer.json()["title"] for answer in await asyncio.gather(*calls)} == {"Fight Club"}
    with httpx.Client(transport=world.transport()) as client:
        direct = client.get(f"{world.base_url}/3/movie/550", params={"api_key": world.api_key})
        assert direct.json()["id"] == 550


def test_nobody_there_and_nothing_understood_are_told(sandbox: LocalSandbox, world: World) -> None:
    with pytest.raises(SandboxError, match="world_unknown"):
        world.control.call("GET", "/worlds/nothing")
    with pytest.raises(SandboxError) as refused:
        world.faults.add()
    assert refused.value.status == 422
    with pytest.raises(SandboxError, match="profile"):
        sandbox.world(profile="nothing")
