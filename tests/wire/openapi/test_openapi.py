"""Holds the OpenAPI document to the standard, to the table it is written from, and to what the server does."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema_rs import Draft202012Validator

from admitone.app import make_app
from admitone.basics.clock import ManualClock
from admitone.flows.house import House
from admitone.settings import Settings
from admitone.wire.openapi import EXAMPLES
from admitone.wire.routes import GROUPS, ROUTES
from tests.wire.openapi.contract import COMPONENTS, DOCUMENT, hold
from tests.wire.openapi.examples import Player, well_known

OPERATIONS: dict[tuple[str, str], Any] = {
    (method.upper(), path): operation
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
}
# The schema of OpenAPI 3.1 as its authors publish it (2022-10-07, Apache-2.0).
PUBLISHED = Path(__file__).parent / "openapi-3.1.json"


def test_it_is_openapi() -> None:
    validator = Draft202012Validator(json.loads(PUBLISHED.read_text(encoding="utf-8")))
    assert [f"{error.message} at {error.instance_path}" for error in validator.iter_errors(DOCUMENT)] == []


def test_every_schema_in_it_is_json_schema() -> None:
    found = [*every(DOCUMENT, "schema"), *COMPONENTS["schemas"].values()]
    assert len(found) > 300
    for schema in found:
        Draft202012Validator({**schema, "components": COMPONENTS})


def test_every_reference_leads_somewhere() -> None:
    for reference in every(DOCUMENT, "$ref"):
        where: Any = DOCUMENT
        for part in reference.removeprefix("#/").split("/"):
            where = where[part]


def test_nothing_is_defined_that_nobody_refers_to() -> None:
    used = {reference.removeprefix("#/components/") for reference in every(DOCUMENT, "$ref")}
    used |= {f"securitySchemes/{name}" for each in every(DOCUMENT, "security") for way in each for name in way}
    assert used == {f"{kind}/{name}" for kind, each in COMPONENTS.items() for name in each}


def test_every_row_of_the_table_is_in_it_and_nothing_else() -> None:
    assert list(OPERATIONS) != []
    assert OPERATIONS.keys() == {(row.method, row.path) for row in ROUTES}
    assert [tag["name"] for tag in DOCUMENT["tags"]] == list(GROUPS)
    names = [operation["operationId"] for operation in OPERATIONS.values()]
    assert len(names) == len(set(names))
    assert {row.name for row in ROUTES} <= set(names), "the first of a name keeps the published one"


def test_every_value_that_a_row_takes_is_in_it_once() -> None:
    for row in ROUTES:
        operation = OPERATIONS[row.method, row.path]
        names = [each["name"] for each in operation["parameters"]]
        for body in list(operation.get("requestBody", {}).get("content", {}).values())[:1]:
            names += list(body["schema"]["properties"])
        more = {"append_to_response"} if row.appends else set()
        more |= {"If-None-Match"} if row.fresh_s else set()
        more |= {name for name in ("account_id", "account_object_id") if f"{{{name}}}" in row.path}
        assert sorted(names) == sorted({each.name for each in row.inputs} | more)
        places = {each["name"] for each in operation["parameters"] if each["in"] == "path"}
        assert places == set(re.findall(r"\{(\w+)\}", row.path))


def test_every_sentence_is_one() -> None:
    said = [operation["summary"] for operation in OPERATIONS.values()]
    said += [each for each in every(DOCUMENT, "description") if each != DOCUMENT["info"]["description"]]
    assert [each for each in said if not each[:1].isupper() and not each[:1].isdigit()] == []
    assert [each for each in said if "(wire" in each or "\n\n" in each] == []


def test_every_example_is_of_the_kind_that_stands_beside_it() -> None:
    for operation in OPERATIONS.values():
        parts = [operation.get("requestBody", {}), *operation["responses"].values()]
        beside = [*operation["parameters"], *(each for part in parts for each in part.get("content", {}).values())]
        for each in beside:
            if "example" in each:
                Draft202012Validator({**each["schema"], "components": COMPONENTS}).validate(each["example"])


async def test_every_example_is_true(house: House, clock: ManualClock) -> None:
    world = await well_known(house, clock)
    assert await Player(world).played() == EXAMPLES, "make docs writes them anew"
    assert EXAMPLES.keys() == {operation["operationId"] for operation in OPERATIONS.values()}


async def test_anybody_may_read_it_from_anywhere(house: House) -> None:
    app = make_app(house, Settings(public_url="https://films.example"))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://films.example") as http:
        read = await http.get("/openapi.json")
        assert read.status_code == 200
        assert read.json() == {**DOCUMENT, "servers": [{"url": "https://films.example"}]}
        assert read.headers["content-type"] == "application/json;charset=utf-8"
        assert read.headers["access-control-allow-origin"] == "*"
        assert read.headers["cache-control"] == "public, max-age=3600"
        assert "set-cookie" not in read.headers
        again = await http.get("/openapi.json", headers={"If-None-Match": read.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        head = await http.head("/openapi.json")
        assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", read.headers["etag"])
        assert (await http.options("/openapi.json")).status_code == 200
        for method, path, status, code in (
            ("POST", "/openapi.json", 405, 42),
            ("GET", "/openapi.json/", 404, 34),
            ("GET", "/openapi.json/x", 404, 34),
        ):
            answered = await http.request(method, path)
            assert (answered.status_code, answered.json()["status_code"]) == (status, code)


@pytest.mark.parametrize(
    ("path", "status", "body"),
    [
        ("/3/movie/550", 201, b"{}"),
        ("/3/movie/550", 200, b"{}"),
        ("/3/authentication", 200, b'{"success":true,"status_code":1,"status_message":"Success.","more":1}'),
        ("/3/authentication", 200, b'{"success":true,"status_code":1,"status_message":"Good."}'),
        ("/3/authentication", 200, b'{"success":true,"status_code":true,"status_message":"Success."}'),
        ("/3/authentication", 401, b'{"success":false,"status_code":7,"status_message":"Success."}'),
        ("/3/authentication", 404, b'{"success":false,"status_code":34,"status_message":"Nothing."}'),
        ("/3/nowhere", 404, b'{"success":false,"status_code":34,"status_message":"Nothing."}'),
        ("/3/movie/550/account_states", 200, b'{"id":550,"favorite":true,"rated":true,"watchlist":false}'),
        ("/3/movie/550/account_states", 200, b'{"id":550,"favorite":true,"rated":null,"watchlist":false}'),
        ("/3/account/0/lists", 200, b'{"page":1,"results":[{"id":1}],"total_pages":1,"total_results":1}'),
    ],
)
def test_the_contract_complains_of_what_is_not_documented(path: str, status: int, body: bytes) -> None:
    scope = {"method": "GET", "raw_path": path.encode(), "query_string": b""}
    with pytest.raises(AssertionError):
        hold(scope, status, {"content-type": "application/json;charset=utf-8"}, body)


def every(value: Any, name: str) -> Iterator[Any]:
    """Whatever the document has under a name, at any depth."""
    if isinstance(value, list):
        for each in value:
            yield from every(each, name)
    elif isinstance(value, dict):
        if name in value:
            yield value[name]
        for key, each in value.items():
            if key != "example":  # an answer's own fields may be called anything
                yield from every(list(each.values()) if key == "properties" else each, name)
