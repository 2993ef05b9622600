"""Worlds: the key chooses one, and nothing of one is seen in another."""

import asyncio

from tests.sandbox.developer import Developer, InWorld

CLIENTS = 16
WORLDS = 200


async def test_the_key_is_the_world(developer: Developer) -> None:
    one, other = await developer.world(), await developer.world()
    session = await one.session()
    assert (await one.call("POST", "/3/movie/550/rating", {"value": 8.5}, session_id=session)).status_code == 201

    assert (await other.call("GET", "/3/account", session_id=session)).status_code == 401
    rated = await other.call("GET", "/3/account/0/rated/movies", session_id=await other.session())
    assert rated.json()["total_results"] == 0


async def test_every_id_begins_with_its_world(developer: Developer) -> None:
    world = await developer.world()
    session = await world.session()
    guest = (await world.call("GET", "/3/authentication/guest_session/new")).json()["guest_session_id"]
    person = world.made["people"][0]

    for name in (world.made["api_key"], session, guest, await world.token(), person["object_id"]):
        assert name.startswith(world.tag)


async def test_a_world_is_found_by_key_bearer_and_body(developer: Developer) -> None:
    world = await developer.world()
    http, made = developer.http, world.made
    bearer = {"Authorization": f"Bearer {made['read_token']}"}
    before = len(await world.log())

    for answer in (
        await http.get("/3/authentication", params={"api_key": made["api_key"]}),
        await http.get("/3/authentication", headers=bearer),
        await http.post("/3/authentication/guest_session/new", json={"api_key": made["api_key"]}),
    ):
        assert answer.status_code in (200, 404, 405)
    assert len(await world.log()) == before + 3


async def test_a_page_is_shown_in_the_world_of_its_token(developer: Developer) -> None:
    world = await developer.world()
    token = await world.token()
    asked = await developer.http.get(f"/authenticate/{token}")
    assert asked.headers["location"].startswith("/signin")
    page = await developer.http.get(asked.headers["location"])

    assert "Sandbox app" in page.text
    assert [entry["path"] for entry in await world.log()][-1] == "/signin"


async def test_who_names_no_world_is_in_the_default_one(developer: Developer) -> None:
    assert (await developer.http.get("/3/authentication", params={"api_key": "0" * 32})).status_code == 401
    entry = (await developer.control("GET", "/worlds/default/log"))["log"][-1]

    assert entry["fault"] == "app_unknown"
    assert entry["reason"] == "No app of any world here has this API key or read token."


async def test_worlds_of_the_same_entropy_have_the_same_ids(developer: Developer) -> None:
    wanted = {"entropy": "seven", "clock": "2027-01-15T08:00:00Z"}
    first = await developer.world(**wanted)
    ids = [first.made, await first.session(), await first.token()]
    assert await developer.control("POST", "/worlds", wanted, 409) == {
        "error": "world_exists",
        "detail": "there is a world of this entropy; delete or reset it",
    }
    await first.control("DELETE", "")
    again = await developer.world(**wanted)

    assert [again.made, await again.session(), await again.token()] == ids
    assert (await developer.world(entropy="eight")).made["api_key"] != first.made["api_key"]


async def test_a_reset_brings_back_the_seed_and_keeps_the_credentials(developer: Developer) -> None:
    world = await developer.world()
    session = await world.session()
    await world.call("POST", "/3/movie/550/rating", {"value": 8.5}, session_id=session)
    await world.control("POST", "/people", {"username": "bob"}, 201)
    await world.control("PUT", "/script", {"script": [{"does": "approve"}]})
    await world.control("PUT", "/faults", {"faults": [{"status": 500, "path": "/4/*"}]})
    await world.control("POST", "/clock", {"advance": "1d", "freeze": True})
    made = await world.control("POST", "/reset")

    assert {name: made[name] for name in ("api_key", "read_token", "people", "apps")} == {
        name: world.made[name] for name in ("api_key", "read_token", "people", "apps")
    }
    assert made["clock"]["frozen"] is False
    assert (await world.call("GET", "/3/account", session_id=session)).status_code == 401
    assert (await world.control("GET", "/script"))["script"] == []
    assert (await world.control("GET", "/faults"))["faults"] == []
    rated = await world.call("GET", "/3/account/0/rated/movies", session_id=await world.session())
    assert rated.json()["total_results"] == 0


async def test_the_default_world_stays(developer: Developer) -> None:
    tag = developer.worlds.default.tag

    assert (await developer.control("DELETE", f"/worlds/{tag}", status=409))["error"] == "world_default"
    assert (await developer.control("POST", "/worlds/default/reset"))["world"] == tag
    shown = (await developer.control("GET", "/worlds"))["worlds"]
    assert [(each["world"], each["default"]) for each in shown] == [(tag, True)]


async def test_a_deleted_world_is_gone(developer: Developer) -> None:
    world = await developer.world()
    await world.control("DELETE", "")

    assert (await world.control("GET", "", status=404))["error"] == "world_unknown"
    assert (await world.call("GET", "/3/authentication")).status_code == 401


async def test_a_seed_fills_a_world(developer: Developer) -> None:
    seed = {
        "people": [
            {
                "username": "ana",
                "password": "short",
                "ratings": [
                    {"media_type": "movie", "id": 7001, "value": 9},
                    {"media_type": "tv", "id": 7002, "season": 1, "episode": 2, "value": 0.5},
                ],
                "favorites": [{"media_type": "movie", "id": 550}],
                "watchlist": [{"media_type": "tv", "id": 7002}],
                "lists": [{"name": "Mine", "items": [{"media_type": "movie", "id": 550}]}],
            },
            {"username": "bo"},
        ],
        "apps": [{"name": "Film club", "owner": "bo", "redirects": ["https://club.example/back"]}, {"name": "Other"}],
        "titles": [
            {"media_type": "movie", "id": 7001, "title": "A film of my own"},
            {"media_type": "tv", "id": 7002, "title": "A series of my own"},
        ],
        "clock": "2030-01-01T00:00:00Z",
    }
    world = await developer.world(seed=seed)
    session = await world.session()

    assert world.made["clock"] == {"now": "2030-01-01T00:00:00.000Z", "now_ms": 1893456000000, "frozen": True}
    assert [app["name"] for app in world.made["apps"]] == ["Film club", "Other"]
    for path, total in (
        ("rated/movies", 1),
        ("rated/tv/episodes", 1),
        ("favorite/movies", 1),
        ("watchlist/tv", 1),
        ("lists", 1),
    ):
        answer = await world.call("GET", f"/3/account/0/{path}", session_id=session)
        assert answer.json()["total_results"] == total, path
    login = {"username": "ana", "password": "short", "request_token": await world.token()}
    assert (await world.call("POST", "/3/authentication/token/validate_with_login", login)).status_code == 200


async def test_titles_are_added_to_one_world_only(developer: Developer) -> None:
    one, other = await developer.world(), await developer.world()
    session = await one.session()
    titles = [
        {"media_type": "movie", "id": 7001, "title": "Zyx the unheard of"},
        {"media_type": "movie", "id": 550, "title": "No"},
    ]

    assert await one.control("POST", "/titles", {"titles": titles}, 201) == {"sent": 2, "added": 1}
    found = (await one.call("GET", "/3/search/movie", query="Zyx the unheard")).json()["results"]
    assert found[0]["id"] == 7001
    assert (await one.call("GET", "/3/movie/550")).json()["title"] == "Fight Club"
    assert (await one.call("GET", "/3/account", session_id=session)).status_code == 200
    assert (await other.call("GET", "/3/movie/7001")).status_code == 404


async def test_a_world_without_a_catalogue_knows_every_number(developer: Developer) -> None:
    world = await developer.world(seed="any")

    assert (
        await world.call("POST", "/3/movie/123456789/rating", {"value": 1}, session_id=await world.session())
    ).status_code == 201
    own = await developer.world(seed="own")
    assert (await own.call("GET", "/3/movie/550")).status_code == 404


async def test_two_hundred_worlds_used_at_once_never_meet(developer: Developer) -> None:
    worlds: list[InWorld] = [
        await developer.world(clock=f"2027-01-01T00:{n // 60:02}:{n % 60:02}Z") for n in range(WORLDS)
    ]
    queue = asyncio.Queue[tuple[int, InWorld]]()
    for pair in enumerate(worlds):
        queue.put_nowait(pair)

    async def client() -> None:
        while not queue.empty():
            number, world = queue.get_nowait()
            name = f"person{number}"
            await world.control("POST", "/people", {"username": name}, 201)
            token = await world.token()
            await world.control("POST", "/approvals", {"request_token": token, "username": name})
            session = (await world.exchange(token)).json()["session_id"]
            await world.call("POST", "/3/movie/550/rating", {"value": 5}, session_id=session)
            await world.control("POST", "/clock", {"advance": number})
            assert (await world.call("GET", "/3/account", session_id=session)).json()["username"] == name

    await asyncio.gather(*(client() for _ in range(CLIENTS)))
    everything: set[str] = set()
    for number, world in enumerate(worlds):
        people = [person["username"] for person in (await world.control("GET", "/people"))["people"]]
        assert people == ["mira", f"person{number}"]
        assert not everything & world.issued
        everything |= world.issued
        assert all(secret.startswith((world.tag, "eyJ")) for secret in world.issued)
        said = [entry["what"] for entry in await world.log() if entry["kind"] == "person"]
        assert len(said) == 1
        assert said[0].startswith(f"person{number} approves ")
        assert (await world.control("GET", "/clock"))["now_ms"] == 1798761600000 + 2 * number * 1000
