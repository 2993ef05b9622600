"""Holds the log to one line for each request, with what an operator needs, and nothing that a caller sent."""

import json
from collections.abc import Iterator
from urllib.parse import quote_plus

import pytest

from admitone.wire.call import Route
from admitone.wire.routes import ROUTES
from tests.wire.conftest import Log
from tests.wire.corpora.cases import FORM_TYPE, JSON_TYPE, Case, may
from tests.wire.program import Program
from tests.wire.situation import Situation
from tests.wire.test_crashes import broken
from tests.world import World

ALWAYS = {"event", "level", "at", "request_id", "method", "route", "status", "milliseconds"}

# In every shape that a secret, or half of one, can have.
CANARIES = (
    "wombat",
    "Wombat-7f3q",
    "correct wombat battery",
    "wombat@example.org",
    "wombat=battery",
    "wombat&battery",
    "77777777777777777777777777777777wombat77",
    "7" * 32,
    "7" * 40,
    "eyJhbGciOiJIUzI1NiJ9.eyJ3b21iYXQiOjF9.wombatwombatwombatwombatwombatwombatwombat",
    "wombat\r\nwombat: 1",
    "wombat\x1b[31m\0",
    "w\u00f6mbat\u202e",
    '{"wombat": "wombat"}',
    "%77ombat%00",
)
TRACES = ("wombat", "ombat", "77777777", "w\u00f6", "w\\u00f6", "battery", "eyJ")


async def test_a_request_is_one_line_with_what_an_operator_needs(world: World, logged: Log) -> None:
    program = Program(world)
    situation = Situation(world)
    target = "/3/account/7/rated/movies?page=2&session_id={session}&api_key={key}&language=de&secret=1&x&page=0"
    answered = await program.raw("GET", await situation.fill(target))
    (line,) = logged.lines()
    took = line.pop("milliseconds")
    assert 0 <= took < 10_000
    assert line == {
        "event": "request",
        "level": "info",
        "at": "2027-01-15T08:00:00.000Z",
        "request_id": answered.header("X-Request-Id"),
        "method": "GET",
        "route": "/3/account/{account_id}/rated/movies",
        "status": 400,
        "app_id": world.cineshelf.app.id,
        "fault": "page_bad",
        "query": ["page", "session_id", "api_key", "language", "?"],
    }


async def test_a_request_that_went_well_has_no_fault(world: World, logged: Log) -> None:
    await Program(world).raw("GET", f"/3/authentication?api_key={world.cineshelf.key}")
    (line,) = logged.lines()
    assert line.keys() == ALWAYS | {"app_id", "query"}


async def test_a_stranger_s_request_has_no_app(world: World, logged: Log) -> None:
    await Program(world).raw("GET", "/3/authentication")
    (line,) = logged.lines()
    assert line.keys() == ALWAYS | {"fault"}
    assert (line["route"], line["fault"]) == ("", "app_missing")


async def test_the_log_tells_what_the_answer_does_not(world: World, logged: Log) -> None:
    program, situation = Program(world), Situation(world)
    reasons = {
        "{pending}": "token_pending",
        "{denied}": "token_denied",
        "{spent}": "token_spent",
        "{expired}": "token_expired",
        "{unknown}": "token_unknown",
        "{other_approved}": "token_of_other_app",
        "{approver_left}": "token_revoked",
    }
    answers = set()
    for token in reasons:
        answered = await program.raw(
            "GET", await situation.fill(f"/3/authentication/session/new?api_key={{key}}&request_token={token}")
        )
        answers.add(answered.body)
    assert len(answers) == 1
    assert [line["fault"] for line in logged.lines("request")] == list(reasons.values())


async def test_every_answer_has_a_line_and_an_id_of_its_own(world: World, logged: Log) -> None:
    program = Program(world)
    ids = {(await program.raw("GET", "/3/authentication")).header("X-Request-Id") for _ in range(100)}
    assert {line["request_id"] for line in logged.lines()} == ids
    assert len(ids) == 100


def everywhere(row: Route, canary: str) -> Iterator[Case]:
    """A call of this row with a canary in each place that a caller can fill."""
    path = row.path
    for name in ("account_id", "movie_id", "list_id"):
        path = path.replace(f"{{{name}}}", "1")
    raw = canary.encode("utf-8", "surrogatepass")
    word = quote_plus(raw)
    latin = raw.decode("latin-1")
    values = {each.name: canary for each in row.inputs} | {"api_key": canary, "session_id": canary}
    query = "&".join(f"{name}={word}" for name in values)
    keyed = f"{path}?api_key={{key}}&session_id={{session}}"
    headers = tuple(
        (name, latin)
        for name in (
            "authorization",
            "cookie",
            "user-agent",
            "referer",
            "x-forwarded-for",
            "content-encoding",
            "x-request-id",
        )
    )
    method = row.method
    yield Case("method", may(), latin, keyed.encode())
    yield Case("query", may(), method, f"{path}?{query}".encode())
    yield Case("keyed", may(), method, f"{keyed}&{query}".encode())
    yield Case("name", may(), method, f"{keyed}&{word}=1&{word}&language={word}".encode())
    yield Case("path", may(), method, f"{path}/{word}?{query}".encode())
    yield Case("headers", may(), method, keyed.encode(), headers)
    yield Case("JSON", may(), method, keyed.encode(), JSON_TYPE, json.dumps(values).encode())
    yield Case("broken", may(), method, keyed.encode(), JSON_TYPE, b'{"a": "' + raw + b"\xff")
    yield Case("form", may(), method, keyed.encode(), FORM_TYPE, query.encode())
    yield Case("type", may(), method, keyed.encode(), (("content-type", latin),), raw)


@pytest.mark.parametrize("crash", [False, True], ids=["well", "crashing"])
@pytest.mark.holds("S2", "F20")
async def test_nothing_that_a_caller_sends_is_in_the_log(
    world: World, logged: Log, monkeypatch: pytest.MonkeyPatch, crash: bool
) -> None:
    sent = 0
    situation = Situation(world)
    canaries = CANARIES[::4] if crash else CANARIES
    for canary in canaries:
        if crash:
            broken(monkeypatch, RuntimeError(canary))
        program = Program(world)
        for row in ROUTES:
            for case in everywhere(row, canary):
                target = await situation.fill(case.target.decode())
                await program.raw(case.method, target, case.headers, case.body)
                sent += 1
    assert len(logged.lines("request")) == sent == len(canaries) * len(ROUTES) * 10
    assert bool(logged.lines("crashed")) is crash
    heard = logged.text + "".join(str(line) for line in logged.lines())
    assert not [trace for trace in TRACES if trace in heard]
    for name in ("key", "session"):
        assert await situation.fill(f"{{{name}}}") not in heard
