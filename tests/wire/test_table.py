"""Walks the route table as all who may not ask, with all that can be wrong with a call: the table is the audit."""

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

import pytest

from admitone.wire.call import Route, Who
from admitone.wire.inputs import NOTHING, WITH_BODY, Input
from admitone.wire.routes import ROUTES
from tests.wire.dumps import Dump, changed, dump
from tests.wire.goldens import REFUSALS, difference, wrong_headers
from tests.wire.program import Answered, Program
from tests.wire.situation import Situation
from tests.world import PASSWORD, World

# What stands in the places of a path, and what an operation takes, so that it succeeds. A new row may need a new value.
PLACES = {
    "account_id": "{account_id}",
    "account_object_id": "{object_id}",
    "movie_id": "550",
    "series_id": "1396",
    "season_number": "1",
    "episode_number": "2",
    "list_id": "{list_of_two}",
    "guest_session_id": "{guest}",
    "external_id": "tt0137523",
}
VALUES: dict[str, Any] = {
    "username": "mira",
    "password": PASSWORD,
    "request_token": "{pending}",
    "session_id": "{session}",
    "value": 8,
    "media_id": 278,
    "name": "A List",
    "media_type": "movie",
    "favorite": "true",
    "watchlist": "true",
    "confirm": "true",
    "movie_id": 550,
    "query": "fight",
    "external_source": "imdb_id",
    "access_token": "{access_token}",
    "iso_639_1": "en",
    "items": '[{"media_type": "movie", "media_id": 278, "comment": "Good."}]',
}
VALUES_OF_ONE: dict[str, dict[str, Any]] = {
    "authentication-create-session": {"request_token": "{approved}"},
    "list-remove-movie": {"media_id": 550},
    "auth-create-access-token": {"request_token": "{access_approved}"},
    **{
        name: {"items": '[{"media_type": "movie", "media_id": 550, "comment": "Good."}]'}
        for name in ("list-update-items", "list-remove-items")
    },
    "list-item-status": {"media_id": 550},
}
# There must be something to delete.
FIRST = {f"{kind}-delete-rating": f"{kind}-add-rating" for kind in ("movie", "tv-series", "tv-episode")}
MISSING = {
    ("authentication-create-session-from-login", "username"): "26",
    ("authentication-create-session-from-login", "password"): "26",
    ("authentication-create-session-from-login", "request_token"): "33",
    ("authentication-create-session", "request_token"): "6",
    ("authentication-delete-session", "session_id"): "5",
    ("account-add-favorite", "media_type"): "5",
    ("account-add-favorite", "favorite"): "5",
    ("account-add-to-watchlist", "media_type"): "5",
    ("account-add-to-watchlist", "watchlist"): "5",
    ("movie-add-rating", "value"): "5",
    ("tv-series-add-rating", "value"): "5",
    ("tv-episode-add-rating", "value"): "5",
    ("list-create", "name"): "5",
    ("list-add-movie", "media_id"): "5",
    ("list-remove-movie", "media_id"): "5",
    ("list-check-item-status", "movie_id"): "5",
    ("list-clear", "confirm"): "29",
    ("find-by-id", "external_source"): "5",
    ("authentication-create-session-from-v4-token", "access_token"): "5",
    ("auth-create-access-token", "request_token"): "5",
    ("list-create", "iso_639_1"): "5",
    ("list-add-items", "items"): "5",
    ("list-update-items", "items"): "5",
    ("list-remove-items", "items"): "5",
    ("list-item-status", "media_id"): "5",
    ("list-item-status", "media_type"): "5",
    ("auth-logout", "access_token"): "5",
}
# What another person's session hears, on Mira's private list.
STRANGER = {
    "list-details": "39",
    "list-check-item-status": "39",
    "list-add-movie": "38",
    "list-remove-movie": "38",
    "list-clear": "38",
    "list-delete": "38",
    "list-update": "38",
    "list-add-items": "38",
    "list-update-items": "38",
    "list-remove-items": "38",
    "list-item-status": "39",
}

MINE = {"api_key": "{key}", "session_id": "{session}"}
BY_READ_TOKEN, BY_ACCESS_TOKEN = {"authorization": "Bearer {bearer}"}, {"authorization": "Bearer {access_token}"}
# The fourth generation is asked with a token in the header.
OF_TOKENS = {
    Who.READ_TOKEN: BY_READ_TOKEN,
    Who.ANY_TOKEN: BY_READ_TOKEN,
    Who.PERSON_TOKEN: BY_ACCESS_TOKEN,
    Who.WRITE_TOKEN: BY_ACCESS_TOKEN,
}
OF_SESSIONS = {Who.RATER, Who.ACCOUNT}
UNKNOWN_TO_ALL: dict[str, tuple[dict[str, str], dict[str, str], str]] = {
    "nobody": ({}, {}, "7"),
    "a session alone": ({"session_id": "{session}"}, {}, "7"),
    "a wrong key": ({"api_key": "{unknown_key}", "session_id": "{session}"}, {}, "7"),
    "a key as read token": ({"session_id": "{session}"}, {"authorization": "Bearer {key}"}, "7"),
    "a removed app": ({"api_key": "{removed_key}", "session_id": "{session}"}, {}, "7"),
    "credentials of yesterday": ({"api_key": "{rotated_key}", "session_id": "{session}"}, {}, "7"),
    "an app switched off": ({"api_key": "{off_key}", "session_id": "{session}"}, {}, "10"),
    "a read token switched off": ({}, {"authorization": "Bearer {off_bearer}"}, "10"),
}
UNKNOWN_AS_PERSONS: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "an app for nobody": ({"api_key": "{key}"}, {}),
    "a session never made": ({"api_key": "{key}", "session_id": "{unknown}"}, {}),
    "a session of another app": ({"api_key": "{key}", "session_id": "{other_session}"}, {}),
    "my session, by another app": ({"api_key": "{other_key}", "session_id": "{session}"}, {}),
    "my session, by another app's read token": (
        {"session_id": "{session}"},
        {"authorization": "Bearer {other_bearer}"},
    ),
    "a session that ended": ({"api_key": "{key}", "session_id": "{ended_session}"}, {}),
    "a session of somebody switched off": ({"api_key": "{key}", "session_id": "{left_session}"}, {}),
    "a request token": ({"api_key": "{key}", "session_id": "{approved}"}, {}),
}
A_GUEST = {"api_key": "{key}", "guest_session_id": "{guest}"}
UNKNOWN_AS_RATERS: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "a guest never made": ({"api_key": "{key}", "guest_session_id": "{unknown}"}, {}),
    "a guest of another app": ({"api_key": "{key}", "guest_session_id": "{other_guest}"}, {}),
    "my guest, by another app": ({"api_key": "{other_key}", "guest_session_id": "{guest}"}, {}),
    "a guest unused for an hour": ({"api_key": "{key}", "guest_session_id": "{expired_guest}"}, {}),
    "a guest as session": ({"api_key": "{key}", "session_id": "{guest}"}, {}),
    "a session as guest": ({"api_key": "{key}", "guest_session_id": "{session}"}, {}),
    "a key as guest": ({"api_key": "{key}", "guest_session_id": "{key}"}, {}),
}
BODIES: dict[str, tuple[bytes, dict[str, str], str]] = {
    "broken JSON": (b'{"value": 8', {}, "5"),
    "a list": (b"[8]", {}, "5"),
    "a text": (b'"value"', {}, "5"),
    "a number": (b"8", {}, "5"),
    "UTF-16": ('{"value": 8}'.encode("utf-16"), {}, "5"),
    "not UTF-8": (b'{"value": "\xff"}', {}, "5"),
    "compressed": (gzip.compress(b'{"value": 8}'), {"content-encoding": "gzip"}, "47 encoded"),
    "too much": (b" " * (64 * 1024 + 1), {}, "47 large"),
}
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "LOCK")

NAMED = {row.name: row for row in ROUTES}
ROWS = {f"{row.method} {row.path}": row for row in ROUTES}
WITH_A_BODY = {name: row for name, row in ROWS.items() if row.method in WITH_BODY}
WITH_A_LIST = {name: row for name, row in ROWS.items() if "{list_id}" in row.path}
WITH_A_GUEST = {name: row for name, row in ROWS.items() if "{guest_session_id}" in row.path}


def sent(row: Route) -> list[Input]:
    """What an operation takes beside what stands in its path."""
    return [each for each in row.inputs if f"{{{each.name}}}" not in row.path]


@dataclass(frozen=True)
class Call:
    """A call of one row; `values` go into the query, where no body is in the way."""

    row: Route
    values: Mapping[str, Any]
    who: Mapping[str, str] = field(default_factory=lambda: MINE)
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = ""
    body: bytes = b""
    places: Mapping[str, str] = field(default_factory=lambda: PLACES)

    @classmethod
    def good(cls, row: Route) -> "Call":
        """One that succeeds."""
        values = {each.name: VALUES[each.name] for each in sent(row) if each.name in VALUES}
        values |= VALUES_OF_ONE.get(row.name, {})
        if row.who in OF_TOKENS:
            return cls(row, values, who={}, headers=OF_TOKENS[row.who])
        return cls(row, values)


class Walker:
    """Makes calls in one world and compares what the house remembers before and after."""

    def __init__(self, world: World) -> None:
        self._situation = Situation(world)
        self._program = Program(world)
        self._house = world.house
        self.changes: set[str] = set()

    def begin(self) -> None:
        """Make everything anew that a call names."""
        self._situation.forget()

    async def answered(self, call: Call) -> Answered:
        """Make a call; `changes` are the tables that are different afterwards."""
        path = call.row.path
        for name, value in call.places.items():
            path = path.replace(f"{{{name}}}", await self._situation.fill(value))
        # What the operation takes goes before what the caller is: a session to delete is its own.
        query = await self._situation.filled({**call.who, **call.values})
        headers = await self._situation.filled({"content-type": "application/json", **call.headers})
        before: Dump = await dump(self._house)
        answered = await self._program.raw(
            call.method or call.row.method, f"{path}?{urlencode(query)}", headers.items(), call.body
        )
        self.changes = changed(before, await dump(self._house))
        if call.row.name == "authentication-create-session-from-login":
            self.changes.discard("limits")  # every try is counted
        return answered

    async def refused(self, call: Call, refusal: str) -> None:
        """Make a call that must be refused with the very body of golden/refusals.json, and change nothing."""
        answered = await self.answered(call)
        status, body = REFUSALS[refusal]
        assert answered.status == status, answered
        bodiless = call.method == "HEAD"
        assert difference(answered, body, bodiless=bodiless) is None
        assert not list(wrong_headers(answered, {}, plain=True))
        assert not self.changes


@pytest.fixture
def walker(world: World) -> Walker:
    return Walker(world)


async def test_a_good_call_succeeds_and_writes_where_the_row_says_so(walker: Walker, subtests: pytest.Subtests) -> None:
    for name, row in ROWS.items():
        with subtests.test(name):
            walker.begin()
            if row.name in FIRST:
                await walker.answered(Call.good(NAMED[FIRST[row.name]]))
            answered = await walker.answered(Call.good(row))
            assert answered.status in {200, 201}, answered
            said = answered.json()
            assert "errors" not in said
            assert not isinstance(said, dict) or said.get("success", True) is True
            assert bool(walker.changes) is row.writes


@pytest.mark.holds("S14")
async def test_nobody_gets_in(walker: Walker, subtests: pytest.Subtests) -> None:
    for name, row in ROWS.items():
        walker.begin()
        for label, (query, headers, refusal) in UNKNOWN_TO_ALL.items():
            with subtests.test(name, label=label):
                await walker.refused(replace(Call.good(row), who=query, headers=headers), refusal)


@pytest.mark.holds("F14")
async def test_only_a_live_session_of_this_app_acts_for_a_person(walker: Walker, subtests: pytest.Subtests) -> None:
    for name, row in ROWS.items():
        walker.begin()
        for label, (query, headers) in UNKNOWN_AS_PERSONS.items() if row.who in OF_SESSIONS else ():
            with subtests.test(name, label=label):
                await walker.refused(replace(Call.good(row), who=query, headers=headers), "3")


async def test_only_a_live_guest_of_this_app_rates_for_nobody(walker: Walker, subtests: pytest.Subtests) -> None:
    for name, row in ROWS.items():
        walker.begin()
        for label, (query, headers) in UNKNOWN_AS_RATERS.items() if row.who is Who.RATER else ():
            with subtests.test(name, label=label):
                await walker.refused(replace(Call.good(row), who=query, headers=headers), "3")


async def test_a_guest_does_what_raters_do_and_nothing_more(walker: Walker, subtests: pytest.Subtests) -> None:
    for name, row in ROWS.items():
        walker.begin()
        call = replace(Call.good(row), who=A_GUEST)
        if row.who is Who.ACCOUNT:
            with subtests.test(name):
                await walker.refused(call, "3")
        elif row.who is Who.RATER:
            with subtests.test(name):
                if row.name in FIRST:
                    await walker.answered(replace(Call.good(NAMED[FIRST[row.name]]), who=A_GUEST))
                assert (await walker.answered(call)).status in {200, 201}
                assert walker.changes <= {"guest_ratings"}
                assert bool(walker.changes) is row.writes


async def test_a_read_token_alone_acts_for_the_owner_of_its_app(walker: Walker, subtests: pytest.Subtests) -> None:
    for name, row in ROWS.items():
        walker.begin()
        if row.who in OF_SESSIONS | {Who.PERSON_TOKEN}:
            with subtests.test(name):
                call = replace(Call.good(row), who={}, headers=BY_READ_TOKEN)
                assert (await walker.answered(call)).status in {200, 201}


async def test_what_a_guest_rated_is_for_those_who_have_the_guest_session(
    walker: Walker, subtests: pytest.Subtests
) -> None:
    for name, row in WITH_A_GUEST.items():
        walker.begin()
        for guest in ("{unknown}", "{other_guest}", "{expired_guest}", "{session}", "0"):
            with subtests.test(name, guest=guest):
                await walker.refused(replace(Call.good(row), places={**PLACES, "guest_session_id": guest}), "34")


async def test_an_operation_for_apps_asks_for_no_session(walker: Walker, subtests: pytest.Subtests) -> None:
    for name, row in ROWS.items():
        if row.who is Who.APP:
            with subtests.test(name):
                walker.begin()
                answered = await walker.answered(replace(Call.good(row), who={"api_key": "{key}"}))
                assert answered.status == 200


@pytest.mark.holds("S14")
async def test_nobody_reads_or_changes_another_person_s_list(walker: Walker, subtests: pytest.Subtests) -> None:
    stranger = {"api_key": "{key}", "session_id": "{session_of_tomas}"}
    for name, row in WITH_A_LIST.items():
        with subtests.test(name):
            walker.begin()
            call = replace(Call.good(row), who=stranger, places={**PLACES, "list_id": "{private_list}"})
            if row.who in OF_TOKENS:
                call = replace(call, who={}, headers={"authorization": "Bearer {access_token_of_tomas}"})
            await walker.refused(call, STRANGER[row.name])


async def test_a_path_takes_no_method_but_its_own(walker: Walker, subtests: pytest.Subtests) -> None:
    for name, row in ROWS.items():
        walker.begin()
        here = [each for each in ROUTES if each.path == row.path]
        taken = {each.method for each in here} | {"HEAD" for each in here if each.method == "GET" and not each.writes}
        absent = {method for each in here for method in each.absent}
        for method in (each for each in METHODS if each not in taken):
            with subtests.test(name, label=method):
                refusal = "34" if method in absent else "42"
                await walker.refused(replace(Call.good(row), method=method), refusal)


async def test_a_wrong_body_is_refused_although_the_query_is_right(walker: Walker, subtests: pytest.Subtests) -> None:
    for name, row in WITH_A_BODY.items():
        walker.begin()
        for label, (body, headers, refusal) in BODIES.items():
            with subtests.test(name, label=label):
                good = Call.good(row)
                await walker.refused(replace(good, body=body, headers={**good.headers, **headers}), refusal)


async def test_what_an_operation_needs_must_be_there(walker: Walker, subtests: pytest.Subtests) -> None:
    needed = [
        (row, each.name) for row in ROUTES for each in sent(row) if each.missing is not None and each.null is NOTHING
    ]
    assert {(row.name, name) for row, name in needed} == MISSING.keys()
    for row, name in needed:
        walker.begin()
        good = Call.good(row)
        body = json.dumps({"unknown": True}).encode() if row.method in WITH_BODY else b""
        for instead in ({}, {name: ""}):
            with subtests.test(f"{row.method} {row.path}", name=name, instead=instead):
                values = {each: value for each, value in good.values.items() if each != name} | instead
                who = {each: value for each, value in good.who.items() if each != name}
                await walker.refused(replace(good, values=values, who=who, body=body), MISSING[row.name, name])


def test_the_walk_knows_every_kind_of_thing_that_a_path_can_name() -> None:
    named = {part[1:-1] for row in ROUTES for part in row.path.split("/") if part.startswith("{")}
    assert named == PLACES.keys(), "whose is it? Let the walk ask for it as a stranger"
    assert {row.name for row in ROUTES if "{list_id}" in row.path} == STRANGER.keys()
