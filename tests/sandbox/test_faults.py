"""Faults on order: which calls they meet, what becomes of those on a real connection, and that they end."""

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from admitone.testing.local import LocalSandbox
from tests.sandbox.developer import Developer, InWorld


@pytest.fixture
async def world(developer: Developer) -> InWorld:
    return await developer.world()


async def put(world: InWorld, *rules: dict[str, Any], status: int = 200) -> Any:
    return await world.control("PUT", "/faults", {"faults": list(rules)}, status)


async def test_a_status_with_the_words_that_belong_to_it(world: InWorld) -> None:
    await put(world, {"path": "/3/movie/*/rating", "method": "POST", "status": 429, "retry_after": 7, "times": 1})
    session = await world.session()
    answer = await world.call("POST", "/3/movie/550/rating", {"value": 5}, session_id=session)

    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "7"
    assert answer.json() == {
        "success": False,
        "status_code": 25,
        "status_message": "Your request count (#) is over the allowed limit of (40).",
    }
    # The call was not carried out, and the rule is over.
    assert (await world.control("GET", "/faults"))["faults"] == []
    assert (await world.call("GET", "/3/account/0/rated/movies", session_id=session)).json()["total_results"] == 0
    assert (await world.call("POST", "/3/movie/550/rating", {"value": 5}, session_id=session)).status_code == 201
    told = next(entry for entry in await world.log() if entry.get("rule"))
    assert told["reason"] == "Fault rule 1 acted; the world was not asked."


async def test_a_rule_meets_its_path_however_carelessly_it_is_written(world: InWorld) -> None:
    await put(world, {"path": "/3/movie/550", "status": 500, "times": 2})
    there = str(world.developer.http.base_url).rstrip("/")
    answers = [await world.call("GET", f"{there}{path}") for path in ("/3//movie/550/", "//3/movie/550")]
    after = await world.call("GET", f"{there}//3//movie//550")

    assert [answer.status_code for answer in answers] == [500, 500]
    assert after.json()["id"] == 550
    assert "set-cookie" not in after.headers


async def test_a_code_or_a_body_of_ones_own(world: InWorld) -> None:
    await put(
        world,
        {"code": 17, "times": 1},
        {"status": 503, "body": ["down"], "times": 1},
        {"status": 418, "message": "Tea."},
    )
    answers = [await world.call("GET", "/3/movie/550") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [401, 503, 418]
    assert answers[0].json()["status_message"] == "Session denied."
    assert answers[1].json() == ["down"]
    assert answers[2].json()["status_message"] == "Tea."


async def test_a_rule_is_for_one_app(world: InWorld) -> None:
    other = await world.control("POST", "/apps", {"name": "Other"}, 201)
    await put(world, {"app": "Other", "status": 500})
    http = world.developer.http

    assert (await http.get("/3/movie/550", params={"api_key": other["api_key"]})).status_code == 500
    bearer = {"Authorization": f"Bearer {other['read_token']}"}
    assert (await http.get("/3/movie/550", headers=bearer)).status_code == 500
    assert (await world.call("GET", "/3/movie/550")).status_code == 200


async def test_the_dice_fall_alike_in_every_run(developer: Developer) -> None:
    async def falls(entropy: str) -> list[int]:
        world = await developer.world(entropy=entropy)
        await put(world, {"status": 500, "probability": 0.4})
        fallen = [(await world.call("GET", "/3/movie/550")).status_code for _ in range(60)]
        await world.control("DELETE", "")
        return fallen

    first = await falls("one")
    assert first == await falls("one")
    assert first != await falls("two")
    assert 10 < first.count(500) < 40


async def test_one_is_added_and_all_are_removed(world: InWorld) -> None:
    await world.control("POST", "/faults", {"path": "/4/*", "status": 500}, 201)
    assert len((await world.control("POST", "/faults", {"status": 500, "times": 5}, 201))["faults"]) == 2
    await world.call("GET", "/3/movie/550")
    assert [each.get("met", 0) for each in (await world.control("GET", "/faults"))["faults"]] == [0, 1]
    assert (await world.control("DELETE", "/faults"))["faults"] == []
    assert (await world.call("GET", "/3/movie/550")).status_code == 200


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"path": "/3/*"},
        {"status": 99},
        {"status": 600},
        {"status": 204.5},
        {"delay": "long"},
        {"delay": "6m"},
        {"truncate": -1},
        {"times": 0, "status": 500},
        {"probability": 1.1, "status": 500},
        {"colour": "red"},
    ],
)
async def test_a_rule_that_cannot_be_is_refused_and_the_others_stay(world: InWorld, rule: dict[str, Any]) -> None:
    await put(world, {"status": 500})
    assert (await put(world, rule, status=422))["error"] in ("fault_bad", "body_bad")
    assert len((await world.control("GET", "/faults"))["faults"]) == 1


class Remote:
    """A world on a real server, whose connections can be cut."""

    def __init__(self, url: str) -> None:
        self.http = httpx.Client(base_url=url)
        self.made = self.http.post("/sandbox/worlds", json={}).json()

    def get(self, path: str) -> httpx.Response:
        return self.http.get(path, params={"api_key": self.made["api_key"]})

    def fault(self, **rule: Any) -> int:
        """Let one rule be in force; its number."""
        answer = self.http.put(f"/sandbox/worlds/{self.made['world']}/faults", json={"faults": [rule]})
        assert answer.status_code == 200
        return int(answer.json()["faults"][0]["number"])


@pytest.fixture(scope="module")
def remote() -> Iterator[Remote]:
    sandbox = LocalSandbox()
    remote = Remote(sandbox.url)
    yield remote
    remote.http.close()
    sandbox.stop()


def test_a_connection_is_dropped_without_an_answer(remote: Remote) -> None:
    rule = remote.fault(drop=True, times=1, path="/3/movie/*")
    with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
        remote.get("/3/movie/550")

    assert remote.get("/3/movie/550").status_code == 200
    log = remote.http.get(f"/sandbox/worlds/{remote.made['world']}/log").json()["log"]
    assert [(entry.get("status", 0), entry.get("rule", 0)) for entry in log][-2:] == [(0, rule), (200, 0)]


@pytest.mark.parametrize("cut", [True, 10, 0, 10_000])
def test_a_body_is_cut_short(remote: Remote, cut: int | bool) -> None:
    remote.fault(truncate=cut, times=1)
    with pytest.raises(httpx.RemoteProtocolError, match=r"incomplete|without sending complete"):
        remote.get("/3/movie/550")
    assert remote.get("/3/movie/550").status_code == 200


def test_an_answer_comes_late(remote: Remote) -> None:
    remote.fault(delay="200ms", times=1)
    answer = remote.get("/3/movie/550")

    assert answer.status_code == 200
    assert answer.elapsed.total_seconds() >= 0.2


async def test_a_caller_who_hangs_up_is_not_waited_for(world: InWorld) -> None:
    await put(world, {"delay": "5m"})
    heard = iter([{"type": "http.request", "body": b"", "more_body": False}])
    said: list[Any] = []

    async def receive() -> Any:
        return next(heard, {"type": "http.disconnect"})

    async def send(message: Any) -> None:
        said.append(message)

    query = f"api_key={world.made['api_key']}".encode()
    scope = {"type": "http", "method": "GET", "path": "/3/movie/550", "raw_path": b"/3/movie/550", "scheme": "http"}
    async with asyncio.timeout(60):
        await world.developer.app({**scope, "query_string": query, "headers": []}, receive, send)
    assert [entry["path"] for entry in await world.log() if entry["kind"] == "call"] == ["/3/movie/550"]


async def test_a_server_that_stops_answers_at_once_what_was_to_take_long(world: InWorld) -> None:
    await put(world, {"delay": "5m"})
    asyncio.get_running_loop().call_later(0.05, world.developer.worlds.leaving.set)
    async with asyncio.timeout(60):
        assert (await world.call("GET", "/3/movie/550")).status_code == 200
