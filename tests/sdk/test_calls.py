"""Holds that every call of the client sends and reads the same, sync and async, from one table."""

import asyncio
import inspect
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

import admitone_client
from admitone_client import (
    Account,
    AdmitOne,
    AdmitOneError,
    AsyncAdmitOne,
    InvalidApiKey,
    InvalidRequestToken,
    NoPermission,
    Refused,
    RequestToken,
    SessionDenied,
    Unreachable,
    WrongLogin,
)

BASE = "http://server.test"
TOKEN = "ab" * 20
SESSION = "cd" * 20
ISSUED = {"success": True, "expires_at": "2026-01-02 03:04:05 UTC", "request_token": TOKEN}
MIRA = {"id": 7, "username": "mira", "name": "Mira", "iso_639_1": "en", "iso_3166_1": "GB", "include_adult": False}


@dataclass(frozen=True)
class Row:
    """One call: how it is made, what it must send, what it is answered, what it must give."""

    name: str
    arguments: tuple[str, ...]
    method: str
    path: str
    query: dict[str, str]
    body: dict[str, str] | None
    answer: dict[str, Any]
    gives: object


ISSUED_VALUE = RequestToken(TOKEN, datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
LOGIN = {"username": "mira", "password": "pass word", "request_token": TOKEN}
TABLE = [
    Row("new_request_token", (), "GET", "/3/authentication/token/new", {}, None, ISSUED, ISSUED_VALUE),
    Row(
        "validate_with_login",
        (TOKEN, "mira", "pass word"),
        "POST",
        "/3/authentication/token/validate_with_login",
        {},
        LOGIN,
        ISSUED,
        ISSUED_VALUE,
    ),
    Row(
        "new_session",
        (TOKEN,),
        "POST",
        "/3/authentication/session/new",
        {},
        {"request_token": TOKEN},
        {"success": True, "session_id": SESSION},
        SESSION,
    ),
    Row(
        "delete_session",
        (SESSION,),
        "DELETE",
        "/3/authentication/session",
        {},
        {"session_id": SESSION},
        {"success": True},
        None,
    ),
    Row(
        "account",
        (SESSION,),
        "GET",
        "/3/account",
        {"session_id": SESSION},
        None,
        MIRA,
        Account(id=7, username="mira", name="Mira", language="en", country="GB", include_adult=False),
    ),
]

Handler = Callable[[httpx.Request], httpx.Response]
Caller = Callable[..., Any]


def call_sync(handler: Handler, name: str, *arguments: str, **options: Any) -> Any:
    options = options or {"api_key": "key"}
    with AdmitOne(BASE, transport=httpx.MockTransport(handler), **options) as server:
        return getattr(server, name)(*arguments)


def call_async(handler: Handler, name: str, *arguments: str, **options: Any) -> Any:
    async def run() -> Any:
        async with AsyncAdmitOne(
            BASE, transport=httpx.MockTransport(handler), **(options or {"api_key": "key"})
        ) as server:
            return await getattr(server, name)(*arguments)

    return asyncio.run(run())


both = pytest.mark.parametrize("call", [call_sync, call_async])


@both
@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
@pytest.mark.parametrize("credential", ["api_key", "read_token"])
def test_a_call_sends_and_reads_what_its_row_says(call: Caller, row: Row, credential: str) -> None:
    seen = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json=row.answer)

    assert call(answer, row.name, *row.arguments, **{credential: "proof"}) == row.gives
    (request,) = seen
    expected = {"api_key": "proof", **row.query} if credential == "api_key" else row.query
    assert (request.method, request.url.path, dict(request.url.params)) == (row.method, row.path, expected)
    assert request.headers.get("Authorization") == (None if credential == "api_key" else "Bearer proof")
    assert (json.loads(request.content) if request.content else None) == row.body


REFUSALS = [
    (401, 3, NoPermission),
    (401, 7, InvalidApiKey),
    (401, 17, SessionDenied),
    (401, 30, WrongLogin),
    (401, 33, InvalidRequestToken),
    (429, 25, Refused),
    (200, 21, Refused),
]


@both
@pytest.mark.parametrize(("status", "code", "kind"), REFUSALS)
def test_a_refusal_has_its_name_and_carries_what_the_server_said(
    call: Caller, status: int, code: int, kind: type[Refused]
) -> None:
    said = {"success": False, "status_code": code, "status_message": "No."}

    with pytest.raises(Refused) as caught:
        call(lambda _: httpx.Response(status, json=said, headers={"Retry-After": "9"}), "new_session", TOKEN)

    refused = caught.value
    assert type(refused) is kind
    assert (refused.status, refused.code, refused.message, refused.retry_after) == (status, code, "No.", 9)
    assert str(refused) == f"No. (code {code}, HTTP {status})"


STRANGERS: dict[str, tuple[int, dict[str, Any]]] = {
    "a gateway's page": (502, {"text": "<html>"}),
    "a page": (200, {"text": "<html>"}),
    "no object": (200, {"json": ["a list"]}),
    "a missing value": (200, {"json": {"success": True}}),
    "a value of another type": (200, {"json": {"success": True, "session_id": 5}}),
    "a redirect": (302, {"headers": {"Location": "/elsewhere"}}),
    "an error without a code": (500, {"json": {"error": "another protocol"}}),
}


@both
@pytest.mark.parametrize(("status", "content"), STRANGERS.values(), ids=STRANGERS)
def test_an_answer_of_another_protocol_is_unreachable(call: Caller, status: int, content: dict[str, Any]) -> None:
    with pytest.raises(Unreachable):
        call(lambda _: httpx.Response(status, **content), "new_session", TOKEN)


@both
def test_no_answer_is_unreachable_and_names_no_secret(call: Caller) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectTimeout("", request=request)

    with pytest.raises(Unreachable) as caught:
        call(fail, "account", SESSION)

    assert str(caught.value) == "GET /3/account got no answer: ConnectTimeout"


def public(kind: type) -> dict[str, inspect.Signature]:
    return {name: inspect.signature(value) for name, value in vars(kind).items() if not name.startswith("_")}


def test_the_two_clients_have_the_same_methods_with_the_same_arguments() -> None:
    assert public(AdmitOne) == public(AsyncAdmitOne)
    assert {row.name for row in TABLE} == set(public(AdmitOne)) - {"approval_url", "close"}


@pytest.mark.parametrize("base", [BASE, BASE + "/", BASE + "/3", BASE + "/3/"])
def test_the_approval_page_keeps_the_way_back(base: str) -> None:
    with AdmitOne(base, api_key="key") as server:
        assert server.approval_url(TOKEN) == f"{BASE}/authenticate/{TOKEN}"
        assert (
            server.approval_url(TOKEN, "my-app://back?a=1&b=2#c")
            == f"{BASE}/authenticate/{TOKEN}?redirect_to=my-app%3A%2F%2Fback%3Fa%3D1%26b%3D2%23c"
        )
    with AdmitOne(base, api_key="key", site_url="https://pages.test/") as server:
        assert server.approval_url(TOKEN) == f"https://pages.test/authenticate/{TOKEN}"


@pytest.mark.parametrize("credentials", [{}, {"api_key": "a", "read_token": "b"}])
def test_exactly_one_credential_is_wanted(credentials: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="either api_key or read_token"):
        AdmitOne(BASE, **credentials)


def test_a_repr_shows_no_secret() -> None:
    with AdmitOne(BASE, api_key="the-key") as server:
        assert TOKEN not in repr(ISSUED_VALUE)
        assert "the-key" not in repr(server._server)


def test_exported_names() -> None:
    assert sorted(admitone_client.__all__) == admitone_client.__all__
    public_here = {
        name for name, value in vars(admitone_client).items() if not (name.startswith("_") or inspect.ismodule(value))
    }
    assert public_here == set(admitone_client.__all__)


@pytest.mark.parametrize("name", admitone_client.__all__)
def test_every_error_is_an_admitoneerror(name: str) -> None:
    value = getattr(admitone_client, name)
    if issubclass(value, Exception):
        assert issubclass(value, AdmitOneError)
