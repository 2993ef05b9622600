"""What the approve page says follows from what the server knows."""

from typing import Any

import pytest

from admitone.flows.consents import Ask
from admitone.model.apps import App
from admitone.model.request_tokens import Generation, State
from admitone.model.web.returns import Next, parse
from admitone.pages.moments import DAY, MINUTE
from admitone.pages.printer import shown
from admitone.pages.ticket import ticket

NOW = 1_800_000_000_000
HERE, THERE = "203.0.113.7/32", "198.51.100.1/32"
WEB = parse("https://reel.example/cb")
APP = parse("reelsync://done")


def asked(**changes: Any) -> Ask:
    app = App(1, "a" * 32, "Reel Sync", "", "website", 2, "devbox77", 0, 0, NOW - 100 * DAY, None)
    ask = Ask(State.PENDING, app, (), NOW - MINUTE, HERE, 50, 100, None, Generation.THIRD, None, NOW)
    inner = {name: value for name, value in changes.items() if name in App._fields}
    outer = {name: value for name, value in changes.items() if name in Ask._fields}
    return ask._replace(app=app._replace(**inner), **outer)


@pytest.mark.parametrize(
    ("changes", "use"),
    [
        ({}, "50 people here use it."),
        ({"people": 1000}, "1,000 people here use it."),
        ({"people": 1001}, "More than 1,000 people here use it."),
        ({"people": 5}, "5 people here use it."),
        ({"people": 4}, "Fewer than five people here use it."),
        ({"people": 50, "accounts": 19}, ""),
    ],
)
def test_how_many_use_it(changes: dict[str, object], use: str) -> None:
    assert ticket(asked(**changes), None, Next.STAY, HERE).use == use


NEW = {"made_at": NOW - DAY}
UNUSED = {"people": 0}
LATE = {"asked_at": NOW - 21 * MINUTE, "network": THERE}


@pytest.mark.parametrize(
    ("changes", "address", "cautions"),
    [
        ({}, WEB, 0),
        (NEW, None, 0),
        (UNUSED, APP, 0),
        (LATE, None, 0),
        ({**NEW, **UNUSED}, None, 1),
        (NEW, WEB, 2),
        (UNUSED, WEB, 2),
        (LATE, WEB, 2),
        ({**NEW, **LATE}, APP, 2),
        ({**NEW, **UNUSED, **LATE}, WEB, 3),
        ({**UNUSED, "accounts": 19}, WEB, 0),
        ({"people": 1, "connected_at": NOW - DAY}, WEB, 2),  # only this very person
        ({"asked_at": NOW - 21 * MINUTE}, WEB, 0),  # late, but from here
        ({"asked_at": NOW - 20 * MINUTE, "network": THERE}, WEB, 0),
        ({"made_at": NOW - 7 * DAY}, WEB, 0),
        ({**NEW, **UNUSED, **LATE, "first_party": 1}, WEB, 0),
        ({**NEW, **UNUSED, **LATE, "accepted": 1}, WEB, 0),
    ],
)
def test_a_closer_look_takes_two_signs(changes: dict[str, object], address, cautions: int) -> None:
    assert len(ticket(asked(**changes), address, Next.ASK, HERE).cautions) == cautions


def test_the_cautions_say_only_what_applies() -> None:
    said = ticket(asked(**NEW, **UNUSED, **LATE), WEB, Next.ASK, HERE)
    assert said.cautions == (
        "Reel Sync was registered here yesterday and nobody else uses it yet.",
        "Its maker, “devbox77”, hasn’t shown that it owns the address below.",
        "This was asked 21 minutes ago, on another network.",
    )
    assert said.maker is None  # named above already


def test_an_unknown_network_is_no_sign() -> None:
    said = ticket(asked(**LATE), WEB, Next.ASK, None)
    assert (said.cautions, said.nearby) == ((), None)


@pytest.mark.parametrize(
    ("made_at", "since"), [(NOW, "today"), (NOW - DAY, "yesterday"), (NOW - 6 * DAY, "6 days ago")]
)
def test_how_new_an_app_is(made_at: int, since: str) -> None:
    said = ticket(asked(made_at=made_at), WEB, Next.ASK, HERE)
    assert said.cautions[0] == f"Reel Sync was registered here {since}."


@pytest.mark.parametrize(
    ("text", "registered", "following", "lead", "where"),
    [
        ("https://reel.example/cb", True, Next.FOLLOW, "you go back to", "reel.example"),
        ("https://reel.example/cb", False, Next.FOLLOW, "you go to", "reel.example"),
        ("https://reel.example:8443/cb", False, Next.ASK, "we ask before you go to", "reel.example:8443"),
        ("https://xn--80ak6aa92e.com/", False, Next.ASK, "we ask before you go to", "xn--80ak6aa92e.com"),
        (
            "http://localhost:8731/",
            False,
            Next.ASK,
            "we ask before you go to",
            "a program on this device (localhost:8731)",
        ),
        ("reelsync://x", True, Next.FOLLOW, "you go back to", "the Reel Sync app on this device"),
        ("reelsync://x", False, Next.ASK, "we ask before you go to", "the app on this device that opens “reelsync:”"),
    ],
)
def test_where_the_browser_goes(text: str, registered: bool, following: Next, lead: str, where: str) -> None:
    ask = asked(returns=(text,) if registered else ())
    onward = ticket(ask, parse(text), following, HERE).onward
    assert (onward.lead, onward.where) == (f"If you approve, {lead}", where)


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("a\u202eb\0c\u200b", "abc"),
        ("x" * 100, "x" * 60),
        (" \t a ", "a"),
        ("\ud800", ""),
        ("<b>שלום</b>", "<b>שלום</b>"),
    ],
)
def test_names_are_rid_of_what_deceives(name: str, seen: str) -> None:
    assert shown(name) == seen


def test_a_maker_without_a_name_is_not_named() -> None:
    assert ticket(asked(owner_name=""), None, Next.STAY, HERE).maker == ""
    said = ticket(asked(owner_name="", **NEW), WEB, Next.ASK, HERE)
    assert said.cautions[1] == "Its maker hasn’t shown that it owns the address below."
