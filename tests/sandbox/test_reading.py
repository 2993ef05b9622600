"""The page about the control plane tells of every call and every shape, and of nothing that is not there."""

import re

import httpx

from admitone.sandbox.control.openapi import document
from admitone.sandbox.control.reading import told
from admitone.sandbox.control.routes import ROUTES
from admitone.testing.local import LocalSandbox

DOCUMENT = document("http://127.0.0.1")


def test_every_call_is_told_with_what_it_takes_and_gives() -> None:
    calls, shapes = told(DOCUMENT)
    assert {(each.method, each.path, each.name) for each in calls} == {
        (route.method, route.path, route.name) for route in ROUTES
    }
    assert all(each.says and each.gives for each in calls)
    names = {shape.name for shape in shapes}
    assert {each.takes for each in calls} - {""} <= names
    assert {each.gives for each in calls} <= names


def test_what_may_be_left_out_and_what_a_value_may_be_is_said() -> None:
    (world,) = (shape for shape in told(DOCUMENT)[1] if shape.name == "NewWorld")
    profile = next(field for field in world.fields if field.name == "profile")
    assert profile.kind == "“documented” or “observed” or null, may be left out"
    assert profile.says.startswith("How faithfully")


def test_the_page_shows_all_of_it() -> None:
    sandbox = LocalSandbox()
    try:
        page = httpx.get(f"{sandbox.url}/sandbox/docs")
        assert page.status_code == 200
        shown = set(re.findall(r'<span class="method">(\w+)</span> <code>([^<]+)</code>', page.text))
        assert shown == {(route.method, route.path) for route in ROUTES}
        assert "/sandbox/docs" in httpx.get(f"{sandbox.url}/sandbox/").text
    finally:
        sandbox.stop()
