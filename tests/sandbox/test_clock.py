"""A world's clock: moved over HTTP while it runs, and all that expires obeys it, with no eye on the wall's."""

import time
from typing import Any

import pytest

from admitone.sandbox.clock import MovableClock
from tests.sandbox.developer import Developer, InWorld

AT = "2027-01-15T08:00:00Z"


@pytest.fixture
async def world(developer: Developer) -> InWorld:
    return await developer.world(clock=AT)


@pytest.fixture
def poisoned(world: InWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever looks at the wall clock from here on sees a time that has nothing to do with this world."""
    monkeypatch.setattr(time, "time_ns", lambda: 4_000_000_000_000_000_000)
    monkeypatch.setattr(time, "time", lambda: 4_000_000_000.0)


async def advance(world: InWorld, by: str | float) -> None:
    await world.control("POST", "/clock", {"advance": by})


async def test_it_is_set_advanced_stopped_and_let_run(world: InWorld) -> None:
    assert (await world.control("GET", "/clock"))["now"] == "2027-01-15T08:00:00.000Z"
    assert (await world.control("POST", "/clock", {"advance": "1h30m"}))["now"] == "2027-01-15T09:30:00.000Z"
    assert (await world.control("POST", "/clock", {"advance": 0.25}))["now"] == "2027-01-15T09:30:00.250Z"
    order = {"set": "2026-01-01T00:00:00+01:00", "advance": "1d"}
    assert (await world.control("POST", "/clock", order))["now"] == "2026-01-01T23:00:00.000Z"
    running = await world.control("POST", "/clock", {"freeze": False})
    assert running["frozen"] is False
    assert 0 <= running["now_ms"] - 1767308400000 < 60_000


@pytest.mark.parametrize(
    "order",
    [
        {"advance": "61"},
        {"advance": "-5m"},
        {"advance": -1},
        {"advance": "1m and a bit"},
        {"advance": "999999999999w"},
        {"advance": 1e300},
        {"set": "yesterday"},
        {"set": "0001-01-01T00:00:00Z"},
        {"set": "9999-12-31T23:59:59-23:00"},
        {"freeze": "yes"},
        {"backwards": True},
    ],
)
async def test_an_order_that_cannot_be_is_refused(world: InWorld, order: dict[str, Any]) -> None:
    answer = await world.control("POST", "/clock", order, 422)

    assert answer["error"] in ("clock_bad", "body_bad")
    assert (await world.control("GET", "/clock"))["now"] == "2027-01-15T08:00:00.000Z"


async def test_a_running_clock_lets_people_act_by_themselves(developer: Developer) -> None:
    world = await developer.world()
    await world.control("PUT", "/script", {"script": [{"does": "approve", "after": 0.01}]})
    token = await world.token()
    await world.inside.log.wait(1, 30)

    assert (await world.exchange(token)).status_code == 200


@pytest.mark.usefixtures("poisoned")
async def test_a_request_token_of_the_third_generation_lives_an_hour(world: InWorld) -> None:
    first, second = await world.token(), await world.token()
    await advance(world, "59m59s")
    await world.control("POST", "/approvals", {"request_token": first})
    await world.control("POST", "/approvals", {"request_token": second})
    assert (await world.exchange(first)).status_code == 200
    await advance(world, "1s")
    assert (await world.exchange(second)).status_code == 401
    assert (await world.log())[-1]["fault"] == "token_expired"


@pytest.mark.usefixtures("poisoned")
async def test_a_request_token_of_the_fourth_generation_lives_a_quarter(world: InWorld) -> None:
    http, bearer = world.developer.http, {"Authorization": f"Bearer {world.made['read_token']}"}

    async def new() -> str:
        made = await http.post("/4/auth/request_token", json={}, headers=bearer)
        text: str = made.json()["request_token"]
        return text

    first, second = await new(), await new()
    for token in (first, second):
        await world.control("POST", "/approvals", {"request_token": token})
    await advance(world, "14m59s")
    assert (await http.post("/4/auth/access_token", json={"request_token": first}, headers=bearer)).status_code == 200
    await advance(world, "1s")
    assert (await http.post("/4/auth/access_token", json={"request_token": second}, headers=bearer)).status_code != 200


@pytest.mark.usefixtures("poisoned")
async def test_a_guest_session_lives_an_hour_from_its_last_use(world: InWorld) -> None:
    guest = (await world.call("GET", "/3/authentication/guest_session/new")).json()["guest_session_id"]
    for _ in range(3):
        await advance(world, "59m")
        rated = await world.call("POST", "/3/movie/550/rating", {"value": 5}, guest_session_id=guest)
        assert rated.status_code == 201
    await advance(world, "61m")
    rated = await world.call("POST", "/3/movie/550/rating", {"value": 5}, guest_session_id=guest)
    assert rated.status_code == 401


@pytest.mark.usefixtures("poisoned")
async def test_the_window_of_a_limit_passes_on_it(world: InWorld) -> None:
    async def login(password: str) -> int:
        values = {"username": "mira", "password": password, "request_token": await world.token()}
        answer = await world.call("POST", "/3/authentication/token/validate_with_login", values)
        return answer.status_code

    while await login("wrong") != 429:
        pass
    assert await login(world.made["people"][0]["password"]) == 429
    await advance(world, "1d")
    assert await login(world.made["people"][0]["password"]) == 200


@pytest.mark.usefixtures("poisoned")
async def test_a_visit_and_a_form_end_on_it(world: InWorld) -> None:
    http, token = world.developer.http, await world.token()

    async def page() -> str:
        answer = await http.get(f"/authenticate/{token}", follow_redirects=True)
        return answer.text

    sign_in = await page()
    key = sign_in.partition('name="form_key" value="')[2].partition('"')[0]
    asked = str((await http.get(f"/authenticate/{token}")).headers["location"])
    person = world.made["people"][0]
    form = {"form_key": key, "username": person["username"], "password": person["password"]}
    origin = {"origin": "http://127.0.0.1:8000"}
    signed_in = await http.post(asked, data=form, headers=origin)
    assert signed_in.status_code == 303, signed_in.text
    assert "Approve" in await page()
    await advance(world, "13h")
    late = await world.token()
    form_key = (await http.get(f"/authenticate/{late}")).text.partition('name="form_key" value="')[2].partition('"')[0]
    await advance(world, "59m59s")
    assert (await http.post(f"/authenticate/{late}", data={"form_key": form_key}, headers=origin)).status_code < 500
    await advance(world, "60d")
    answer = await http.get(f"/authenticate/{await world.token()}")
    assert answer.headers["location"].startswith("/signin")


class Ticking:
    """A wall clock that goes on whenever somebody looks."""

    def __init__(self) -> None:
        self.ms = 1_800_000_000_000

    def now(self) -> int:
        self.ms += 1
        return self.ms


def test_a_clock_stands_at_the_very_instant_it_was_set_to() -> None:
    clock = MovableClock(Ticking(), 5_000, frozen=True)
    assert (clock.now(), clock.now()) == (5_000, 5_000)
    with clock.standing(7):
        assert clock.now() == 7
    assert clock.now() == 5_000
    clock.run()
    assert clock.now() < clock.now()
    clock.freeze(9_000)
    assert (clock.now(), clock.now()) == (9_000, 9_000)
