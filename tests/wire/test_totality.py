"""Holds what the wire says to the published tables: every fault has an answer, every answer is one of TMDB's."""

from typing import Any

import pytest

from admitone.model.faults import Fault, Refused
from admitone.wire.answers import CODES, FAILURES, FAULTS, SESSION_DENIED, Says, refused
from admitone.wire.call import Route, Who
from admitone.wire.routes import ROUTES
from tests.wire.goldens import REFUSALS, table

ERRORS: dict[int, Any] = {row["code"]: row for row in table("errors")}
# By method and path, and the same operation by its other methods.
ENDPOINTS: dict[tuple[str, str], Any] = {
    (each["method"], each.get("path", row["path"])): row
    for row in table("endpoints")
    for each in [row, *(row.get("alternatives") or ())]
}

# What apps show of a title.
TITLE = (
    *("details", "alternative-titles", "credits", "external-ids", "images", "keywords", "recommendations", "reviews"),
    *("similar", "translations", "videos", "watch-providers"),
)

# Where we differ from the published table on purpose: the status, and why.
OTHER_STATUSES = {
    5: (400, "the table says 422; every live capture of it says 400 (wire E.1, G.15)"),
}
# Where one fault differs from its code's row: the status, and why.
OTHER_STATUSES_OF_FAULTS = {
    Fault.HEAD_TOO_LARGE: (431, "what HTTP calls it; TMDB's own limit is unknown"),
    Fault.BODY_TOO_LARGE: (413, "what HTTP calls it; TMDB's own limit is unknown"),
    Fault.BODY_ENCODED: (415, "what HTTP calls it; TMDB does not say"),
    Fault.UPSTREAM_REFUSED: (502, "a sandbox before an upstream is a gateway; nothing is wrong with the call"),
    Fault.NOT_RECORDED: (502, "the same"),
    Fault.LOGIN_INSECURE: (403, "TMDB has no plain HTTP; 400 would sound like a mistake in the call's form"),
}
OF_A_GATEWAY = {Fault.UPSTREAM_DOWN, Fault.UPSTREAM_REFUSED, Fault.UPSTREAM_BAD, Fault.NOT_RECORDED}
# Operations that the published table of the user API leaves out, by name or its beginning, and why they are here.
BEYOND_THE_TABLE = {
    "configuration-": "clients read it before anything else",
    "genre-": "clients read them before anything else",
    "search-": "a person must find a title to rate it",
    "find-by-id": "the same, for who has the number of another catalogue",
    "movie-popular-list": "what apps open with",
    "tv-series-popular-list": "what apps open with",
    "movie-lists": "the public side of lists",
    **{f"{kind}-details": "what apps show and append states to" for kind in ("tv-season", "tv-episode")},
    **{
        f"{kind}-{name}": "what apps show of a title, or append to it"
        for kind, more in (("movie", TITLE), ("tv-series", [*TITLE, "aggregate-credits", "content-ratings"]))
        for name in more
    },
    "movie-release-dates": "what apps append to a film",
}
# Inputs beyond the published ones, and who sends them.
UNPUBLISHED_INPUTS = {
    ("list-create", "public"): "a client for Swift (wire F)",
    ("list-create", "iso_639_1"): "the same, instead of language (wire F)",
    ("list-details", "page"): "in the recorded answers since 2026 (wire F)",
}


# Inputs that must be there although no missing value is a mistake of its own kind.
CHECKED_BY_HANDLERS = {"confirm"}

# How the published table says who may ask an operation of the fourth generation.
AUTH_OF = {
    Who.APP: {"bearer (application or user) or api_key"},
    Who.READ_TOKEN: {"bearer application token"},
    Who.ANY_TOKEN: {"bearer application token"},
    Who.PERSON_TOKEN: {"bearer user access token"},
    Who.WRITE_TOKEN: {"bearer user access token"},
}

PUBLISHED = [row for row in ROUTES if (row.method, row.path) in ENDPOINTS]


def test_every_fault_has_an_answer() -> None:
    assert FAULTS.keys() == set(Fault)


def test_every_answer_is_in_the_published_table_to_the_letter() -> None:
    published = {code: (ERRORS[code]["http_status"], ERRORS[code]["message"]) for code in CODES}
    expected = {
        code: (OTHER_STATUSES[code][0] if code in OTHER_STATUSES else status, message)
        for code, (status, message) in published.items()
    }
    assert expected == CODES
    assert all(published[code][0] != status for code, (status, _) in OTHER_STATUSES.items())


def test_every_other_status_was_seen_live() -> None:
    assert {code: ERRORS[code]["observed_http"] for code in OTHER_STATUSES} == {5: [400]}


def test_a_fault_says_what_its_code_says_unless_the_table_gives_it_a_variant() -> None:
    for fault, says in [*FAULTS.items(), *SESSION_DENIED.items()]:
        row = ERRORS[says.code]
        assert says.message is None or says.message in row["variants"], fault
    assert {fault: says.status for fault, says in FAULTS.items() if says.status is not None} == {
        fault: status for fault, (status, _) in OTHER_STATUSES_OF_FAULTS.items()
    }


def test_only_the_codes_of_failure_carry_more_than_three_keys() -> None:
    assert {17, 47} == FAILURES
    assert all(says.code == 47 for says in FAULTS.values() if says.error)
    for fault, says in FAULTS.items():
        body = refused(Refused(fault)).body
        assert (b'"failure":true' in body) is (says.code in FAILURES)


@pytest.mark.parametrize("fault", Fault)
def test_a_refusal_is_no_success_and_has_no_word_of_ours_in_it(fault: Fault) -> None:
    answer = refused(Refused(fault, detail="the detail is for the log"))
    assert b'"success":false' in answer.body
    assert b"detail" not in answer.body
    assert (b'"errors"' in answer.body) is (fault is Fault.LIST_SPAM)
    assert fault.value.encode() not in answer.body
    assert not 500 <= answer.status <= 502 or fault is Fault.CRASHED or fault in OF_A_GATEWAY


def test_only_what_ends_by_waiting_says_how_long() -> None:
    assert refused(Refused(Fault.RATE_LIMITED, retry_after=7)).headers == (("Retry-After", "7"),)
    assert refused(Refused(Fault.RATE_LIMITED)).headers == ()


def test_session_new_gives_one_reason_for_every_token_that_is_no_good() -> None:
    tokens = {fault for fault in Fault if fault.name.startswith("TOKEN_")} - {Fault.TOKEN_MISSING}
    assert dict.fromkeys(tokens, Says(17)) == SESSION_DENIED


def test_the_golden_refusals_are_the_published_ones() -> None:
    for name, (status, body) in REFUSALS.items():
        row = ERRORS[body["status_code"]]
        assert int(name.split()[0]) == body["status_code"]
        assert body["status_message"] in [row["message"], *row.get("variants", [])]
        allowed = {row["http_status"], *row.get("observed_http", [])}
        assert status in allowed | {status for status, _ in OTHER_STATUSES_OF_FAULTS.values()}


def test_every_operation_beyond_the_table_has_a_reason() -> None:
    beyond = [row for row in ROUTES if row not in PUBLISHED]
    reasons = {row.name: [each for each in BEYOND_THE_TABLE if _begins(row.name, each)] for row in beyond}
    assert all(reasons.values()), reasons
    assert {each for found in reasons.values() for each in found} == BEYOND_THE_TABLE.keys()
    # They are about nobody in particular and change nothing.
    assert all(row.who is Who.APP and not row.writes for row in beyond)


def test_every_published_operation_is_here() -> None:
    missing = {path for method, path in ENDPOINTS if path.startswith("/3/")} - {row.path for row in ROUTES}
    assert missing == set()


def _begins(name: str, reason: str) -> bool:
    return name.startswith(reason) if reason.endswith("-") else name == reason


@pytest.mark.parametrize("row", PUBLISHED, ids=lambda row: f"{row.method} {row.path}")
def test_a_row_is_a_published_operation(row: Route) -> None:
    endpoint = ENDPOINTS[row.method, row.path]
    assert endpoint.get("operation_id") in {row.name, None}, "only GET /3/account has no published name"
    assert {part[1:-1] for part in row.path.split("/") if part.startswith("{")} == {
        each["name"] for each in endpoint["params"]["path"]
    }
    published = {each["name"] for place in endpoint["params"].values() for each in place}
    unpublished = {name for operation, name in UNPUBLISHED_INPUTS if operation == row.name}
    assert {each.name for each in row.inputs} <= published | unpublished
    required = {each["name"] for place in endpoint["params"].values() for each in place if each["required"]}
    ours = {each.name for each in row.inputs if each.missing} | {each["name"] for each in endpoint["params"]["path"]}
    assert required <= ours | {"session_id"} | CHECKED_BY_HANDLERS


@pytest.mark.parametrize("row", PUBLISHED, ids=lambda row: f"{row.method} {row.path}")
def test_a_row_acts_for_a_person_exactly_where_the_table_asks_for_a_session(row: Route) -> None:
    codes = {error["code"] for error in ENDPOINTS[row.method, row.path]["errors"]}
    assert 7 in codes
    if row.path.startswith("/4/"):
        asked = ENDPOINTS[row.method, row.path]["auth"]
        assert asked in AUTH_OF[row.who]
        return
    assert (row.who is not Who.APP) is (3 in codes)
    taken = {each["name"] for place in ENDPOINTS[row.method, row.path]["params"].values() for each in place}
    in_path = "{guest_session_id}" in row.path
    assert (row.who is Who.RATER) is ("guest_session_id" in taken and not in_path)


def test_only_the_undocumented_form_of_the_account_has_no_published_name() -> None:
    nameless = [row.path for row in PUBLISHED if ENDPOINTS[row.method, row.path].get("operation_id") is None]
    assert nameless == ["/3/account"]
