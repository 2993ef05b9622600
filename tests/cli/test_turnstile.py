"""A server that is flooded: it turns callers away at once, tells programs and people so, and is open again after it."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from admitone.app import Faces
from admitone.model.shedding import FEW, MANY
from admitone.settings import Settings
from admitone.wire.line.entrance import AWAY, Whole
from admitone.wire.running.turnstile import Turnstile
from tests.world import World

ORIGIN = "http://127.0.0.1:8000"
LOOKS = 1000


class Queue:
    """How long flows wait for the database, as a test wants it."""

    seconds = 0.0

    def waited(self) -> float:
        return self.seconds


@pytest.fixture
def queue() -> Queue:
    return Queue()


@pytest.fixture
def turnstile(queue: Queue) -> Turnstile:
    return Turnstile(queue.waited)


@pytest.fixture
async def caller(world: World, turnstile: Turnstile) -> AsyncIterator[httpx.AsyncClient]:
    faces = Faces(Settings())
    whole = faces.guarded(faces.of(world.house), turnstile)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(whole), base_url=ORIGIN) as client:
        yield client


@pytest.fixture
def flooded(queue: Queue, turnstile: Turnstile) -> None:
    """As many are inside as there is room for, and they have waited for a second, for some time."""
    queue.seconds = 1.0
    fill(turnstile)
    look(turnstile)


def fill(turnstile: Turnstile) -> int:
    """Let callers in until there is no more room; how many they were."""
    return next(number for number in range(2 * MANY) if not turnstile.enter())


def look(turnstile: Turnstile, seconds: float = 0.0) -> None:
    for _ in range(LOOKS):
        turnstile.look(seconds)


async def refusal(caller: httpx.AsyncClient, path: str) -> httpx.Response:
    answer = await caller.get(path)
    assert answer.status_code == 503
    return answer


async def test_programs_for_whom_there_is_no_room_are_told_to_come_back(
    caller: httpx.AsyncClient, turnstile: Turnstile, world: World
) -> None:
    path = f"/3/authentication/token/new?api_key={world.cineshelf.key}"
    assert (await caller.get(path)).status_code == 200
    inside = fill(turnstile)
    answer = await refusal(caller, path)
    for _ in range(inside):
        turnstile.leave()
    assert {(await caller.get(path)).status_code for _ in range(50)} == {200}

    assert answer.json()["status_code"] == 9
    assert answer.headers["retry-after"] == "1"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["content-type"] == "application/json;charset=utf-8"


@pytest.mark.usefixtures("flooded")
async def test_programs_that_write_a_slash_too_many_are_told_as_all_are(caller: httpx.AsyncClient) -> None:
    answer = await refusal(caller, f"{ORIGIN}//3/movie/550")
    assert answer.json()["status_code"] == 9


@pytest.mark.usefixtures("flooded")
async def test_people_are_told_on_a_page_in_their_language(caller: httpx.AsyncClient) -> None:
    caller.headers["accept-language"] = "de"
    page = await refusal(caller, "/login")
    again = await refusal(caller, "/login")

    assert page.headers["retry-after"] == "1"
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert 'lang="de"' in page.text
    assert again.text == page.text


@pytest.mark.usefixtures("flooded")
async def test_whoever_asks_after_its_health_is_answered_in_any_crowd(caller: httpx.AsyncClient) -> None:
    assert 503 not in {(await caller.get("/health/live")).status_code for _ in range(50)}


async def test_a_few_are_let_in_however_long_they_wait_for_each_other(turnstile: Turnstile) -> None:
    inside = fill(turnstile)
    look(turnstile, 1.0)
    for _ in range(inside):
        turnstile.leave()
    assert fill(turnstile) == FEW


@pytest.mark.parametrize(("late", "waited"), [(1.0, 0.0), (0.0, 1.0)])
async def test_fewer_are_let_in_when_the_loop_is_late_or_the_database_is(
    queue: Queue, turnstile: Turnstile, late: float, waited: float
) -> None:
    inside = fill(turnstile)
    queue.seconds = waited
    turnstile.look(late)
    for _ in range(inside):
        turnstile.leave()
    assert FEW < fill(turnstile) < inside


async def test_more_are_let_in_when_nobody_waits(turnstile: Turnstile) -> None:
    inside = fill(turnstile)
    turnstile.look(0.0)
    assert turnstile.enter()
    assert inside == MANY


async def test_it_looks_by_itself(turnstile: Turnstile, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: asyncio.Queue[float] = asyncio.Queue()
    monkeypatch.setattr(turnstile, "look", looks.put_nowait)
    watching = asyncio.create_task(turnstile.watch_for_ever())
    async with asyncio.timeout(20):
        assert all([await looks.get() >= 0 for _ in range(3)])
    watching.cancel()


async def test_each_that_leaves_makes_room(turnstile: Turnstile) -> None:
    fill(turnstile)
    turnstile.leave()
    assert turnstile.enter()
    assert not turnstile.enter()


async def test_an_answer_that_breaks_leaves_all_the_same(turnstile: Turnstile) -> None:
    async def broken(*_: object) -> None:
        raise ZeroDivisionError

    guarded = Faces(Settings()).guarded(Whole(broken, None, (), broken), turnstile)
    for _ in range(MANY + 1):
        with pytest.raises(ZeroDivisionError):
            await guarded({"type": "http", "path": "/3/account"}, broken, broken)  # type: ignore[arg-type]
    assert turnstile.enter()


async def test_who_comes_without_asgi_between_is_counted_and_turned_away_alike(
    turnstile: Turnstile, world: World
) -> None:
    faces = Faces(Settings())
    guarded = faces.guarded(faces.of(world.house), turnstile)
    assert guarded.enter(b"/authenticate/1") is None
    fronts = [guarded.enter(b"/3/account") for _ in range(MANY)]
    assert fronts[0] is not None
    assert fronts[0] is not AWAY
    assert guarded.enter(b"/3/account") is AWAY
    guarded.leave(AWAY)
    assert guarded.enter(b"/3/account") is AWAY
    assert (await AWAY.reply({}, b"")).answer.status == 503
    guarded.leave(fronts[0])
    assert guarded.enter(b"/3/account") is fronts[0]
