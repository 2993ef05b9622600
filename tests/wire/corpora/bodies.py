"""Makes hostile bodies by rule, the same ones each time: JSON and forms, broken in every way (security.md §9, C05)."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from tests.wire.corpora.cases import CANARY, FORM_TYPE, JSON_TYPE, Case, in_form, in_query, may
from tests.wire.corpora.json_texts import BAD, EITHER, EMPTY, ENCODED, LARGE, NONE, PADDED, READ, written


class Goal(NamedTuple):
    """An operation and a body for it that is in order and still refused, so that no case can change anything.

    `read`, `none` and `empty` are the refusals of the body as it is, of no body, and of one without our fields; `odd`
    those of its `fields` with odd values.
    """

    method: str
    target: bytes
    body: dict[str, Any]
    read: str
    none: str
    empty: str
    fields: tuple[str, ...] = ()
    odd: tuple[str, ...] = ("5",)


def goals(key: str, session: str, own_list: str) -> list[Goal]:
    """Every kind of body there is."""
    us = {"api_key": key, "session_id": session}
    token = {"request_token": "0" * 40}
    login = {"username": "", "password": CANARY, **token}
    long = {"name": CANARY, "description": "x" * 10_001, "public": False}
    authentication, items = "/3/authentication", f"/3/list/{own_list}"
    rating = "/3/movie/550/rating"
    high, low, step = "18 high", "18 low", "18 step"
    return [
        Goal("POST", in_query(rating, **us), {"value": 99}, high, "5", "5", ("value",), ("5", high, low, step)),
        Goal("POST", in_query("/3/list", **us), long, "5", "5", "5", ("name", "public", "language")),
        Goal("POST", in_query(f"{items}/add_item", **us), {"media_id": 10}, "34", "5", "5", ("media_id",), ("5", "34")),
        Goal(
            "POST",
            in_query(f"{items}/remove_item", **us),
            {"media_id": 278},
            "21",
            "5",
            "5",
            ("media_id",),
            ("5", "21"),
        ),
        Goal(
            "POST",
            in_query(f"{authentication}/session/new", api_key=key),
            token,
            "17",
            "6",
            "6",
            ("request_token",),
            ("5", "6", "17"),
        ),
        Goal("POST", in_query(f"{authentication}/token/validate_with_login", api_key=key), login, "26", "5", "26"),
        Goal(
            "DELETE",
            in_query(f"{authentication}/session", api_key=key),
            {"session_id": "0" * 40},
            "37",
            "5",
            "5",
            ("session_id",),
            ("5", "37"),
        ),
        Goal("DELETE", in_query("/3/movie/10/rating", **us), {"value": None}, "34", "34", "34", ("value",), ("34",)),
    ]


def bodies(goal: Goal) -> Iterator[Case]:
    """C05: every body for one operation."""
    answers = {
        READ: may(goal.read),
        NONE: may(goal.none),
        EMPTY: may(goal.empty),
        BAD: may("5"),
        ENCODED: may("47 encoded"),
        LARGE: may("47 large"),
        EITHER: may(goal.read, "5"),
    }
    label = f"{goal.method} {goal.target.partition(b'?')[0].decode()}"
    text = json.dumps(goal.body)
    for name, becomes, headers, body in written(text):
        yield Case(f"{label}: {name}", answers[becomes], goal.method, goal.target, headers, body)
    for name, becomes, body in _forms(goal.body):
        yield Case(f"{label}: form {name}", answers[becomes], goal.method, goal.target, FORM_TYPE, body)
    for field in goal.fields:
        for name, body in _odd(goal.body, field):
            yield Case(f"{label}: {field} {name}", may(*goal.odd), goal.method, goal.target, JSON_TYPE, body)


def _forms(body: dict[str, Any]) -> Iterator[tuple[str, str, bytes]]:
    # A form has no null and no object; what JSON has so is left out, and a flag is a word.
    words = {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in body.items()
        if value is not None
    }
    raw = in_form(**words)
    yield "as it is", READ, raw
    for name, more in {
        "an empty pair": b"&&",
        "a pair without a name": b"&=x",
        "a name without a value": f"&{CANARY}".encode(),
        "percent signs": b"&a=%&b=%z&c=%zz&%=%",
        "half a percent": b"&a=%4",
        "bytes": bytes(each for each in range(0x80, 0x100)).join([b"&a=", b""]),
        "encoded bytes": b"&a=%ff%fe%c0%80%ed%a0%80",
        "a NUL": b"&a=\0%00",
        "line breaks": b"&a=%0d%0a\r\n",
        "plus signs": b"&+a+=+b+",
        "ten thousand pairs": b"&a=b" * 10_000,
        "the same again": b"&" + in_form(**dict.fromkeys(words, "8")),
        "brackets": b"&a[b][c]=d&e[]=f",
        "a million": b"&a=" + b"x" * 50_000,
    }.items():
        yield name, READ, raw + more
    for name, other in {
        "brackets around every name": in_form(**{f"{each}[]": value for each, value in words.items()}),
        "a question mark first": b"?" + raw if words else b"",
        "names in capitals": in_form(**{each.upper(): value for each, value in words.items()}),
        "in UTF-16": raw.decode().encode("utf-16"),
        "a blank before every name": in_form(**{f" {each}": value for each, value in words.items()}),
        "nothing but signs": b"&&&===&&",
    }.items():
        yield name, EMPTY if other else NONE, other
    yield "too long", LARGE, raw + b"&a=" + b"x" * PADDED


def _odd(body: dict[str, Any], field: str) -> Iterator[tuple[str, bytes]]:
    values: tuple[Any, ...] = (
        *(None, True, False, [], {}, [[]], ["8"], {"value": 8}, {"$gt": 0}, [8, 8]),
        *(
            "",
            "  ",
            "x" * 300,
            "\0",
            "8\0",
            "\u0668",
            "\uff18",
            "NaN",
            "nan",
            "inf",
            "-inf",
            "1e400",
            "0x8",
            "8,0",
            "8;",
            "[8]",
            "null",
            "1" * 50_000 + "x",
            " " * 50_000 + "x",
            "1." * 25_000,
        ),
        *(0, -1, -(2**31), 2**31, 2**63, 2**64, 10**38, -(10**38), 1.25, 1e308, -1e308, 5e-324, -0.0, 10.000001),
        *("0", "-0", "99999999999999999999", "-1", "1" * 400, CANARY, "\U0001f600", "' or '1'='1", "%00", "\u202e8"),
    )
    for value in values:
        yield f"is {str(value)[:30]!r}", json.dumps({**body, field: value}).encode()
