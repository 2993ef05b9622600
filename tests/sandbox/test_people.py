"""People by script: each decision, at its instant on the world's clock, and what the log tells of it."""

from typing import Any

import pytest

from tests.sandbox.developer import Developer, InWorld

AT = "2027-01-15T08:00:00Z"


@pytest.fixture
async def world(developer: Developer) -> InWorld:
    return await developer.world(clock=AT)


async def does(world: InWorld, what: str, **more: Any) -> str:
    """A request token made while somebody follows a script."""
    await world.control("PUT", "/script", {"script": [{"does": what, **more}]})
    return await world.token()


async def said(world: InWorld) -> list[tuple[str, str]]:
    return [(entry["what"], entry.get("fault", "")) for entry in await world.log() if entry["kind"] == "person"]


async def test_approve(world: InWorld) -> None:
    token = await does(world, "approve")

    assert (await world.exchange(token)).status_code == 200
    assert await said(world) == [(f"mira approves …{token[-4:]}", "")]


async def test_deny(world: InWorld) -> None:
    assert (await world.exchange(await does(world, "deny"))).status_code == 401
    assert (await world.log())[-1]["fault"] == "token_denied"


@pytest.mark.parametrize("what", ["ignore", "close-the-page"])
async def test_nothing_is_decided(world: InWorld, what: str) -> None:
    assert (await world.exchange(await does(world, what))).status_code == 401
    assert (await world.log())[-1]["fault"] == "token_pending"
    assert (await world.log())[-1]["reason"] == "Nobody has approved this request token yet."
    assert len(await said(world)) == 1


async def test_a_delay_is_on_the_clock_of_the_world(world: InWorld) -> None:
    token = await does(world, "approve", after="5m")
    await world.control("POST", "/clock", {"advance": "4m59s"})
    assert (await world.exchange(token)).status_code == 401
    # A jump far ahead does not make them late: they act when it is time.
    await world.control("POST", "/clock", {"advance": "10m"})

    assert (await world.exchange(token)).status_code == 200
    assert [entry["at"] for entry in await world.log() if entry["kind"] == "person"] == ["2027-01-15T08:05:00.000Z"]


async def test_a_wrong_password_twice_then_approve(world: InWorld) -> None:
    token = await does(world, "wrong-password-twice-then-approve")

    assert (await world.exchange(token)).status_code == 200
    wrong = ("mira types a wrong password", "login_wrong")
    assert (await said(world))[:3] == [wrong, wrong, ("mira types the right password", "")]


async def test_approve_late(world: InWorld) -> None:
    token = await does(world, "approve-late")
    await world.control("POST", "/clock", {"advance": "61m"})

    assert (await world.exchange(token)).status_code == 401
    assert await said(world) == [(f"mira approves …{token[-4:]}", "token_expired")]


async def test_approve_twice(world: InWorld) -> None:
    token = await does(world, "approve-twice")

    assert (await world.exchange(token)).status_code == 200
    assert [fault for _, fault in await said(world)] == ["", ""]


async def test_a_rule_is_for_one_app_for_one_person_and_ends_by_itself(world: InWorld) -> None:
    await world.control("POST", "/people", {"username": "bo"}, 201)
    other = await world.control("POST", "/apps", {"name": "Other"}, 201)
    script = [{"does": "deny", "app": "Other"}, {"does": "approve", "username": "bo", "times": 1}]
    await world.control("PUT", "/script", {"script": script})
    first, second = await world.token(), await world.token()
    made = await world.developer.http.get("/3/authentication/token/new", params={"api_key": other["api_key"]})

    session = (await world.exchange(first)).json()["session_id"]
    assert (await world.call("GET", "/3/account", session_id=session)).json()["username"] == "bo"
    assert (await world.exchange(second)).json()["status_code"] == 17
    tokens = (await world.control("GET", "/tokens"))["request_tokens"]
    states = {token["hint"]: (token["state"], token["decided_by"]) for token in tokens}
    assert states[f"…{made.json()['request_token'][-4:]}"] == ("denied", "mira")
    assert states[f"…{second[-4:]}"] == ("pending", None)
    assert (await world.control("GET", "/script"))["script"] == [{"does": "deny", "app": "Other"}]


async def test_the_fourth_generation_is_approved_too(world: InWorld) -> None:
    bearer = {"Authorization": f"Bearer {world.made['read_token']}"}
    http = world.developer.http
    await world.control("PUT", "/script", {"script": [{"does": "approve"}]})
    made = await http.post("/4/auth/request_token", json={"redirect_to": "https://club.example/back"}, headers=bearer)
    token = made.json()["request_token"]
    access = await http.post("/4/auth/access_token", json={"request_token": token}, headers=bearer)

    assert access.status_code == 200
    assert access.json()["account_id"] == world.made["people"][0]["object_id"]
    await world.control("DELETE", "/script")
    second = (await http.post("/4/auth/request_token", json={}, headers=bearer)).json()["request_token"]
    await world.control("POST", "/clock", {"advance": "15m"})
    refused = await world.control("POST", "/approvals", {"request_token": second}, 409)
    assert refused["error"] == "token_expired"


async def test_a_click_on_a_request_of_the_fourth_generation_goes_where_it_says_or_to_its_page(world: InWorld) -> None:
    places = {}
    for back in ("https://club.example/back", None):
        for decision in ("approve", "deny"):
            made = await world.call("POST", "/4/auth/request_token", {"redirect_to": back} if back else {})
            body = {"request_token": made.json()["request_token"], "decision": decision}
            location = (await world.control("POST", "/approvals", body))["location"]
            places[back, decision] = location.partition("://")[2].partition("/")[2]
    assert places == {
        ("https://club.example/back", "approve"): "back",
        ("https://club.example/back", "deny"): "back",
        (None, "approve"): "auth/access/approve",
        (None, "deny"): "auth/access/deny",
    }


async def test_a_click_says_where_the_browser_goes(world: InWorld) -> None:
    token, back = await world.token(), "https://club.example/back?x=1"
    body = {"request_token": token, "redirect_to": back, "decision": "approve"}
    assert await world.control("POST", "/approvals", body) == {
        "state": "approved",
        "username": "mira",
        "location": f"{back}&request_token={token}&approved=true",
    }
    denied = await world.control("POST", "/approvals", {"request_token": await world.token(), "decision": "deny"})
    assert denied["location"].endswith("/deny")


async def test_somebody_is_signed_in_at_once(world: InWorld) -> None:
    made = await world.control("POST", "/people", {"username": "bo", "signed_in": True}, 201)
    assert (await world.call("GET", "/3/account", session_id=made["session_id"])).json()["username"] == "bo"
    again = await world.control("POST", "/people/mira/sessions", {}, 201)
    assert (await world.call("GET", "/3/account", session_id=again["session_id"])).json()["username"] == "mira"
