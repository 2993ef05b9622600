"""The control plane is for programs: no web page reaches it, nothing sent to it breaks it, and `serve` has none."""

import json
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from admitone.app import make_app
from admitone.sandbox.control.openapi import document
from admitone.sandbox.control.routes import ROUTES
from admitone.settings import Settings
from tests.sandbox.developer import SITE, Developer
from tests.world import World

ELSEWHERE: list[dict[str, str]] = [
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": "http://127.0.0.1:9999"},
    {"origin": "http://127.0.0.1.evil.example:8000"},
    {"host": "evil.example:8000"},
    {"host": "evil.example"},
    {"host": "127.0.0.1.evil.example"},
    {"host": ""},
    {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"},
    {"sec-fetch-site": "same-site", "sec-fetch-mode": "cors", "sec-fetch-dest": "empty"},
    {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"},
]
OURS: list[dict[str, str]] = [
    {},
    {"origin": SITE},
    {"host": "localhost:8000"},
    {"host": "[::1]:8000"},
    {"host": "127.0.0.2"},
    {"sec-fetch-site": "same-origin", "sec-fetch-mode": "cors"},
    {"sec-fetch-site": "none", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"},
    {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"},
]


@pytest.mark.parametrize("headers", ELSEWHERE, ids=str)
async def test_what_a_web_page_may_have_sent_is_refused(developer: Developer, headers: dict[str, str]) -> None:
    for method, path in (
        ("GET", "/sandbox/health"),
        ("POST", "/sandbox/worlds"),
        ("GET", "/sandbox/"),
        ("GET", "/sandbox/x"),
    ):
        answer = await developer.http.request(method, path, headers=headers)
        assert answer.status_code == 403
        assert answer.json()["error"] in ("from_elsewhere", "host_unknown")
    assert len(developer.worlds) == 1


@pytest.mark.parametrize("headers", OURS, ids=str)
async def test_what_a_program_or_the_inspector_sends_is_answered(developer: Developer, headers: dict[str, str]) -> None:
    answer = await developer.http.get("/sandbox/health", headers=headers)

    assert answer.status_code == 200
    assert "access-control-allow-origin" not in answer.headers


async def test_every_call_is_in_the_document(developer: Developer) -> None:
    answer = await developer.http.get("/sandbox/openapi.json")

    assert answer.json() == document(SITE)
    calls = {(method.upper(), path) for path, methods in answer.json()["paths"].items() for method in methods}
    assert calls == {(route.method, route.path) for route in ROUTES}


async def test_what_is_no_call_is_refused(developer: Developer) -> None:
    assert (await developer.control("GET", "/nowhere", status=404))["error"] == "call_unknown"
    assert (await developer.control("PATCH", "/health", status=405))["error"] == "method_unsupported"
    long = await developer.http.post("/sandbox/worlds", content=b" " * (16 * 1024 * 1024 + 1))
    assert (long.status_code, long.json()["error"]) == (413, "body_too_large")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=5,
)
NAMES = st.sampled_from(
    [
        "seed",
        "profile",
        "clock",
        "entropy",
        "advance",
        "set",
        "freeze",
        "username",
        "password",
        "name",
        "ratings",
        "lists",
        "app",
        "owner",
        "redirects",
        "does",
        "after",
        "times",
        "script",
        "faults",
        "status",
        "delay",
        "path",
        "method",
        "titles",
        "media_type",
        "id",
        "title",
        "people",
        "apps",
        "catalogue",
        "request_token",
        "decision",
    ]
)
BODIES = st.one_of(
    st.binary(max_size=40),
    JSON.map(lambda value: json.dumps(value).encode()),
    st.dictionaries(NAMES, JSON | st.sampled_from(["sample", "mira", "approve", "1m", "movie"]), max_size=4).map(
        lambda value: json.dumps(value).encode()
    ),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    route=st.sampled_from([route for route in ROUTES if route.name != "delete_world"]),
    world=st.sampled_from(["default", "00000000", "", "%00", "../x", "é"]),
    body=BODIES,
    query=st.dictionaries(st.sampled_from(["after", "most", "x"]), st.text(max_size=8), max_size=2),
)
async def test_nothing_makes_it_break(
    developer: Developer, route: Any, world: str, body: bytes, query: dict[str, str]
) -> None:
    path = route.path.replace("{world}", world).replace("{username}", "mira")
    answer = await developer.http.request(route.method, path, content=body, params=query)

    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        assert set(answer.json()) == {"error", "detail"}


async def test_there_is_none_in_serve(world: World) -> None:
    serve = make_app(world.house, Settings(public_url="https://admit.example"))
    paths = {route.path.format(world="default", username="mira") for route in ROUTES}
    paths |= {
        "/sandbox",
        "/sandbox/",
        "/sandbox/inspect/default",
        "/sandbox/openapi.json",
        "/sandbox/inspect/default/live",
    }
    async with httpx.AsyncClient(transport=httpx.ASGITransport(serve), base_url="https://admit.example") as http:
        for path in sorted(paths):
            for method in ("GET", "POST", "PUT", "DELETE"):
                answer = await http.request(method, path)
                assert answer.status_code in ((404, 405) if method != "GET" else (404,)), (method, path)
