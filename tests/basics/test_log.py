"""This file holds that the log says what happened in one line, and never a secret (security.md S2, S10; corpus C22)."""

import io
import json
import logging
import re
import time
import warnings

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from admitone.basics.clock import ManualClock
from admitone.basics.digests import Digests, KeyRing, Kind
from admitone.basics.entropy import SeededEntropy
from admitone.basics.jwt import mint
from admitone.basics.log import HIDDEN, redact, request_line, set_up
from admitone.model.faults import Fault

HEX_40 = "0123456789abcdef0123456789abcdef01234567"
HEX_32 = "0123456789abcdef0123456789abcdef"
GUEST = "a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6"
RING = Digests(KeyRing.new(SeededEntropy(1)))
JWT = mint({"sub": "4f1b2c3d4e5f60718293a4b5"}, RING)
SEALED = RING.seal(Kind.VISIT, HEX_40, 1_700_000_000_000)
PASSWORD = "correct horse battery staple"
SECRETS = (HEX_40, HEX_40.upper(), HEX_32, GUEST, JWT, SEALED, "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaGhhc2g")


@pytest.fixture
def stream():
    """What is logged as JSON, with everything put back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    access = logging.getLogger("uvicorn.access")
    was_disabled = access.disabled
    out = io.StringIO()
    set_up(out, ManualClock(1_700_000_000_123), as_json=True)
    yield out
    structlog.reset_defaults()
    logging.captureWarnings(capture=False)
    root.handlers[:], root.level = handlers, level
    access.disabled = was_disabled
    logging.getLogger("uvicorn.error").filters.clear()


def lines(stream) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def ask(**changes) -> None:
    given_fields = {
        "request_id": "a1b2c3d4",
        "method": "GET",
        "route": "/3/account",
        "status": 200,
        "milliseconds": 1.2345,
    }
    request_line(**{**given_fields, **changes})


def test_a_request_is_one_line_with_all_there_is_to_know(stream):
    ask(app_id=7, fault=Fault.TOKEN_EXPIRED, status=401, query_names=["api_key", "session_id"])
    assert lines(stream) == [
        {
            "request_id": "a1b2c3d4",
            "method": "GET",
            "route": "/3/account",
            "status": 401,
            "milliseconds": 1.23,
            "app_id": 7,
            "fault": "token_expired",
            "query": ["api_key", "session_id"],
            "event": "request",
            "level": "info",
            "at": "2023-11-14T22:13:20.123Z",
        }
    ]


def test_what_is_not_known_is_left_out(stream):
    ask()
    assert set(lines(stream)[0]) == {"request_id", "method", "route", "status", "milliseconds", "event", "level", "at"}


@pytest.mark.parametrize(
    ("status", "level"), [(200, "info"), (404, "info"), (429, "info"), (500, "error"), (503, "error")]
)
def test_only_our_own_failures_are_errors(stream, status, level):
    ask(status=status)
    assert lines(stream)[0]["level"] == level


@pytest.mark.parametrize("secret", SECRETS)
def test_no_place_of_a_request_line_gives_a_secret_away(stream, secret):
    ask(request_id=secret, method=secret, query_names=[secret, f"x{secret}", f"api_key={secret}"])
    assert secret[:32] not in stream.getvalue()


def test_a_request_line_stays_short(stream):
    ask(method="M" * 10_000, query_names=["n" * 10_000] * 10_000)
    assert len(stream.getvalue()) < 2000


HOSTILE = (
    *(f"x{char}y" for char in "\0\a\b\t\n\v\f\r\x1b\x7f\x80\x85\x9b\u200b\u202e\u2028\u2029\ufeff\ud800\U000e0041"),
    *(
        'x"y',
        "x\\y",
        "x\r\n{}",
        '"}\n{"event":"request","status":200}',
        "\x1b[2J\x1b[31m",
        "\x1b]0;title\a",
        "%s%n%d",
        "{0}{x}",
    ),
    *("${jndi:ldap://x}", "</script>", "x" * 5000, "\N{PILE OF POO}", "\u05d0\u202dx", "a=1 level=error"),
)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("as_json", [True, False])
@pytest.mark.holds("S10")
def test_no_text_can_begin_a_line_of_its_own(stream, text, as_json):
    out = io.StringIO()
    set_up(out, ManualClock(0), as_json=as_json)
    ask(method=text[:30], query_names=[text[:30]])
    structlog.get_logger().warning(text, name=text, **{"a" + text: 1})
    logging.getLogger("elsewhere").warning("said %s", text)
    written = out.getvalue()
    assert written.endswith("\n")
    assert written.count("\n") == 3
    assert len(written.splitlines()) == 3
    assert written.replace("\n", "").isprintable()
    if as_json:
        assert re.fullmatch(r"[\n -~]*", written)
        assert [line["level"] for line in map(json.loads, written.splitlines())] == ["info", "warning", "warning"]


def crash(text) -> None:
    raise ValueError(text)


@pytest.mark.parametrize("as_json", [True, False])
@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.holds("S2")
def test_a_crash_is_told_without_the_secret_it_held(stream, secret, as_json):
    out = io.StringIO()
    set_up(out, ManualClock(0), as_json=as_json)
    try:
        crash(f"no row for session_id={secret} or '{secret}'")
    except ValueError:
        structlog.get_logger().exception("crashed", request_id="a1b2c3d4")
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application %s", secret)
    written = out.getvalue()
    assert "ValueError: no row for" in written
    assert "a1b2c3d4" in written
    assert secret[:32] not in written


def test_on_a_terminal_a_trace_is_readable_and_marked_as_one(stream):
    out = io.StringIO()
    set_up(out, ManualClock(0), as_json=False)
    try:
        crash("first\nsecond\x1b[31m")
    except ValueError:
        structlog.get_logger().exception("crashed")
    first, *rest = out.getvalue().splitlines()
    assert first == "00:00:00.000 error   crashed"
    assert all(line.startswith("    | ") for line in rest)
    assert rest[-1] == r"    | second\x1b[31m"


@pytest.mark.parametrize(
    "field",
    [
        *(
            "password",
            "new_password",
            "Password",
            "PASSWD",
            "passphrase",
            "secret",
            "app_secret",
            "api_key",
            "apiKey",
            "x-api-key",
        ),
        *("session_id", "guest_session_id", "sessionId", "request_token", "access_token", "tokens", "authorization"),
        *(
            "Authorization",
            "cookie",
            "set-cookie",
            "csrf",
            "csrf_token",
            "code_verifier",
            "code",
            "otp",
            "pin",
            "http.cookie",
        ),
    ],
)
def test_a_field_named_like_a_secret_is_hidden_whatever_is_in_it(stream, field):
    structlog.get_logger().info("tried", **{field: PASSWORD, "deep": [{"er": {field: [PASSWORD]}}]})
    assert PASSWORD not in stream.getvalue()
    assert lines(stream)[0][field] == HIDDEN


@pytest.mark.parametrize("field", ["username", "status_code", "fault", "host", "passed", "barcode", "spin", "decoder"])
def test_other_fields_are_told(stream, field):
    structlog.get_logger().info("tried", **{field: "mira"})
    assert lines(stream)[0][field] == "mira"


@pytest.mark.parametrize(
    "text",
    [
        f"password={PASSWORD.replace(' ', '')}&username=mira",
        f"?username=mira&password={PASSWORD.replace(' ', '+')}&request_token=x",
        f"{{'username': 'mira', 'password': '{PASSWORD}'}}",
        f'{{"username": "mira", "password": "{PASSWORD}"}}',
        f'"{{\\"password\\": \\"{PASSWORD}\\"}}"',
        f'password = "{PASSWORD}"',
        f"Cookie: theme=dark; visit={PASSWORD}",
        f"set-cookie: __Host-visit={PASSWORD}; Path=/",
        f"Authorization: Basic {PASSWORD.replace(' ', '')}",
        f"authorization: Bearer {PASSWORD.replace(' ', '')}",
        f"sent Bearer {PASSWORD.replace(' ', '')} again",
        f"postgresql://admitone:{PASSWORD.replace(' ', '')}@db.example/admitone",
        f"api-key: {PASSWORD.replace(' ', '')}",
        f"session_id:{PASSWORD.replace(' ', '')}",
    ],
)
def test_a_secret_is_known_by_the_name_before_it(text):
    hidden = redact(text)
    assert HIDDEN in hidden
    assert "correct" not in hidden
    assert "staple" not in hidden


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize(
    "frame", ["{}", "x{}", "{}x", "/authenticate/{}/allow", "b'{}'", "a-{}-b", "id_{}", "\u00e9{}\u00e9", "{0}{0}"]
)
def test_a_secret_is_known_by_its_shape_wherever_it_stands(secret, frame):
    assert secret not in redact(frame.format(secret))
    assert secret[-20:] not in redact(frame.format(secret))


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "GET /3/account",
            "mira signed in",
            "a1b2c3d4e5f60718",
            "4f1b2c3d4e5f60718293a4b5",
            "2026-11-22T22:01:19.133Z",
        ),
        *(
            "3f2b8c1e-6b1f-4f0e-9d0a-0c1d2e3f4a5b",
            "no such table: sessions",
            "a_rather_long_name_of_a_function_in_a_trace",
        ),
        *(
            "token_expired",
            "1 passed, 0 failed",
            'File "/srv/admitone/basics/log.py", line 12, in redact',
            "https://app.example:8443/cb",
        ),
    ],
)
def test_what_is_no_secret_stays_readable(text):
    assert redact(text) == text


@pytest.mark.parametrize(
    "word", ["eyJ", "a", "0", "-", ".", "token", "token ", "password=", "cookie: ", "://:", "\\", '"', "bearer "]
)
def test_no_text_takes_long_to_look_through(word):
    text = word * (200_000 // len(word))
    started = time.process_time()
    redact(text)
    redact(f"token={text}")
    assert time.process_time() - started < 1


@given(st.text(st.characters()), st.sampled_from(SECRETS), st.text(st.characters()))
def test_nothing_around_a_secret_keeps_it_from_being_hidden(before, secret, after):
    hidden = redact(f"{before} {secret} {after}")
    assert secret not in hidden.replace(before, "").replace(after, "") or secret in before + after


@given(
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(st.characters()), st.binary()),
        lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner), st.tuples(inner)),
        max_leaves=8,
    )
)
def test_anything_can_be_logged(value):
    for as_json in (True, False):
        out = io.StringIO()
        set_up(out, ManualClock(0), as_json=as_json)
        structlog.get_logger().info("odd", value=value)
        assert out.getvalue().count("\n") == 1
    structlog.reset_defaults()
    logging.captureWarnings(capture=False)


def test_what_cannot_even_be_printed_is_named(stream):
    class Broken:
        def __repr__(self) -> str:
            raise RuntimeError

    structlog.get_logger().info("odd", value=Broken(), many={1: Broken()}, secrets={"session_id": Broken()})
    assert lines(stream)[0]["value"] == "<Broken>"


def test_what_never_ends_is_cut(stream):
    endless: list[object] = [HEX_40]
    endless.append(endless)
    structlog.get_logger().info("odd", value=endless)
    assert HEX_40 not in stream.getvalue()


def test_uvicorn_says_nothing_about_requests_and_all_else_through_us(stream):
    logging.getLogger("uvicorn.access").info('127.0.0.1 - "GET /3/account?session_id=%s HTTP/1.1" 200', HEX_40)
    logging.getLogger("uvicorn.error").info("Started server process [%d]", 7)
    assert [(line["event"], line["logger"]) for line in lines(stream)] == [
        ("Started server process [7]", "uvicorn.error")
    ]


def test_warnings_of_libraries_are_logged_too(stream):
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=True)
        warnings.warn(f"token={HEX_40}", stacklevel=1)
        logging.captureWarnings(capture=False)
    assert HIDDEN in stream.getvalue()
    assert HEX_40 not in stream.getvalue()


def test_below_the_level_nothing_is_written(stream):
    out = io.StringIO()
    set_up(out, ManualClock(0), as_json=True, level="warning")
    ask()
    structlog.get_logger().info("quiet")
    logging.getLogger("elsewhere").info("quiet")
    ask(status=500)
    assert [line["event"] for line in map(json.loads, out.getvalue().splitlines())] == ["request"]


def test_libraries_do_not_become_chatty_when_we_debug(stream):
    out = io.StringIO()
    set_up(out, ManualClock(0), as_json=True, level="debug")
    structlog.get_logger().debug("ours")
    logging.getLogger("elsewhere").debug("theirs")
    assert [line["event"] for line in map(json.loads, out.getvalue().splitlines())] == ["ours"]


def test_setting_up_again_replaces_what_was(stream):
    out = io.StringIO()
    set_up(out, ManualClock(0), as_json=True)
    ask()
    logging.getLogger("elsewhere").warning("once")
    assert len(out.getvalue().splitlines()) == 2
    assert stream.getvalue() == ""
