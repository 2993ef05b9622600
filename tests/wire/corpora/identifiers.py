"""Makes hostile calls by rule, the same ones each time: identifiers of all kinds, twisted (security.md §9, C01-C03)."""

import base64
import json
import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import quote

from tests.wire.corpora.cases import CANARY, FORM_TYPE, JSON_TYPE, Case, Headers, in_form, in_json, in_query, may

HEX = "0123456789abcdef"
FULL_WIDTH = {ord(char): ord(char) + 0xFEE0 for char in HEX}
BOLD = {ord(char): (0x1D7CE if char.isdigit() else 0x1D41A - 10) + int(char, 16) for char in HEX}
ARABIC = {ord(char): 0x0660 + int(char) for char in HEX[:10]}
CYRILLIC = {ord("a"): 0x0430, ord("c"): 0x0441, ord("e"): 0x0435}
# What could end a text, a line, a value, a path, or a thought.
STRANGE = (
    "gzGZ-_ ./\\%'\"<>;&=+#?@:|*(){}[]$`~^!\0\n\r\t\x0b\x1b\x7f\x80\xe9"
    "\u0301\u200b\u200d\u202e\u2028\ufeff\U0001f600\ud800\udfff\uffff"
)


class Twist(NamedTuple):
    """A text that is nearly a secret, and what was done to it."""

    name: str
    text: str


def twists(secret: str) -> list[Twist]:
    """Everything that can be done to a secret so that it is none any more."""
    found = [
        Twist(name, text)
        for make in (_sized, _altered, _surrounded, _respelled, _foreign)
        for name, text in make(secret)
    ]
    assert all(twist.text != secret for twist in found)
    return found


def _sized(secret: str) -> Iterator[tuple[str, str]]:
    for length in (0, 1, 8, len(secret) // 2, len(secret) - 1):
        yield f"cut to {length}", secret[:length]
        yield f"last {length}", secret[len(secret) - length :] if length else "0"
    yield "a digit more", secret + "0"
    yield "a digit before", "0" + secret
    yield "twice", secret * 2
    for length in (len(secret), 255, 4096, 65_536, 1_000_000):
        yield f"{length} noughts", "0" * length


def _altered(secret: str) -> Iterator[tuple[str, str]]:
    for place in range(min(40, len(secret))):
        other = "1" if secret[place] != "1" else "2"
        yield f"another digit at {place}", secret[:place] + other + secret[place + 1 :]
    middle = len(secret) // 2
    for char in STRANGE:
        yield f"U+{ord(char):04X} inside", secret[:middle] + char + secret[middle + 1 :]


def _surrounded(secret: str) -> Iterator[tuple[str, str]]:
    for char in " \t\n\r\0\xa0\ufeff\u200b\u2028'\",;/":
        yield f"U+{ord(char):04X} before", char + secret
        yield f"U+{ord(char):04X} behind", secret + char
    for before, behind in (
        ("../", ""),
        ("", "/.."),
        ("", "/"),
        ("", "?x=1"),
        ("", "#x"),
        ("<", ">"),
        ("{", "}"),
        ('"', '"'),
    ):
        yield f"between {before!r} and {behind!r}", before + secret + behind


def _respelled(secret: str) -> Iterator[tuple[str, str]]:
    raw = secret.encode()
    yield "in capitals", secret.upper() if secret.upper() != secret else secret.lower()
    yield "first in capitals", "A" + secret[1:] if secret[0] != "A" else "B" + secret[1:]
    yield "full width", secret.translate(FULL_WIDTH)
    yield "bold", secret.translate(BOLD)
    yield "Arabic digits", secret.translate(ARABIC) + "\u0660"
    yield "Cyrillic letters", secret.translate(CYRILLIC) + "\u0430"
    yield "decomposed", unicodedata.normalize("NFD", "é" + secret)
    yield "backwards", secret[::-1] + "0"
    yield "encoded twice", quote("".join(f"%{byte:02X}" for byte in raw))
    yield "hex of it", raw.hex()
    yield "base64 of it", base64.b64encode(raw).decode()
    yield "its bytes in Latin-1", bytes.fromhex("80ff" * 10).decode("latin-1")
    yield "with 0x", "0x" + secret
    yield "as a JSON text", json.dumps(secret)
    yield "split", secret[:10] + " " + secret[10:]


def _foreign(secret: str) -> Iterator[tuple[str, str]]:
    for text in (
        "' or '1'='1",
        "'; drop table sessions; --",
        '" or ""="',
        "\\' or 1=1 --",
        "admin'/*",
        "%27%20or%201=1",
        '{"$ne": null}',
        "[$ne]=1",
        "*)(uid=*))(|(uid=*",
        "${7*7}{{7*7}}<%= 7*7 %>",
        "%s%s%s%n%x",
        "$(id)`id`;id|id",
        "<script>alert(1)</script>",
        "\r\nSet-Cookie: a=b\r\n\r\n",
        "file:///etc/passwd",
        *(
            "null",
            "undefined",
            "None",
            "true",
            "NaN",
            "0",
            "-1",
            "1e400",
            "[object Object]",
            "{request_token}",
            "%00",
            "()",
        ),
    ):
        yield f"{text!r}", text
        yield f"{text!r} and a canary", f"{CANARY}{text}"
    yield "with a canary", secret + CANARY


def request_tokens(key: str, token: str, others: Iterable[str], password: str) -> Iterator[Case]:
    """C01: a request token in query and body, of which none is the approved one it was made from."""
    new, login = "/3/authentication/session/new", "/3/authentication/token/validate_with_login"
    keyed = in_query(new, api_key=key)
    for name, text in [*twists(token), *(Twist("another secret", other) for other in others)]:
        answers = may("17") if text else may("6")
        yield Case(f"query: {name}", answers, "GET", in_query(new, api_key=key, request_token=text))
        for carrier, header, body in _bodies(request_token=text):
            yield Case(f"{carrier}: {name}", _body_answers(body, answers), "POST", keyed, header, body)
    for name, body in _odd_values("request_token"):
        answers = may("17") if name.startswith("number") else may("6") if name == "null" else may("5")
        yield Case(f"JSON: {name}", answers, "POST", keyed, JSON_TYPE, body)
    for name, text in twists(token)[::6]:
        body = in_json(username="mira", password=password, request_token=text)
        answers = _body_answers(body, may("33"))
        yield Case(f"login: {name}", answers, "POST", in_query(login, api_key=key), JSON_TYPE, body)
    yield Case(
        "twice, wrong first",
        may("17"),
        "GET",
        in_query(new, api_key=key, request_token="0") + b"&request_token=" + token.encode(),
    )
    yield Case(
        "wrong in the body",
        may("17"),
        "POST",
        in_query(new, api_key=key, request_token=token),
        FORM_TYPE,
        b"request_token=0",
    )
    yield Case("as part of the path", may("34"), "GET", in_query(f"{new}/{token}", api_key=key))
    yield Case("as an array", may("6"), "GET", in_query(new, api_key=key, **{"request_token[]": token}))
    yield Case("in a cookie", may("6"), "GET", in_query(new, api_key=key), (("cookie", f"request_token={token}"),))
    yield Case("in a header", may("6"), "GET", in_query(new, api_key=key), (("request-token", token),))
    yield Case(
        "behind a semicolon",
        may("17"),
        "GET",
        in_query(new, api_key=key) + f"&request_token=0;request_token={token}".encode(),
    )


def sessions(key: str, session: str, others: dict[str, str]) -> Iterator[Case]:
    """C02: a session in query and body, of which none is the live one it was made from."""
    account, end = "/3/account", "/3/authentication/session"
    rating = in_query("/3/movie/550/rating", api_key=key)
    for name, text in [*twists(session), *(Twist(*other) for other in others.items())]:
        yield Case(f"query: {name}", may("3"), "GET", in_query(account, api_key=key, session_id=text))
        body = in_json(session_id=text, value=8)
        yield Case(f"JSON: {name}", _body_answers(body, may("3"), "3"), "POST", rating, JSON_TYPE, body)
        body = in_json(session_id=text)
        answers = _body_answers(body, may("37") if text else may("5"))
        yield Case(f"to be ended: {name}", answers, "DELETE", in_query(end, api_key=key), JSON_TYPE, body)
    for name, text in twists(session)[::5]:
        yield Case(f"guest: {name}", may("3"), "GET", in_query(account, api_key=key, guest_session_id=text))
        body = in_form(session_id=text, value="8")
        yield Case(f"form: {name}", _body_answers(body, may("3"), "3"), "POST", rating, FORM_TYPE, body)
    for name, odd in _odd_values("session_id"):
        yield Case(f"JSON: {name}", may("3"), "POST", rating, JSON_TYPE, odd)
    yield Case("guest: a live session", may("3"), "GET", in_query(account, api_key=key, guest_session_id=session))
    yield Case(
        "twice, wrong first",
        may("3"),
        "GET",
        in_query(account, api_key=key, session_id="0") + b"&session_id=" + session.encode(),
    )
    yield Case(
        "right in the body, wrong in the query",
        may("3"),
        "POST",
        in_query("/3/movie/550/rating", api_key=key, session_id="0"),
        JSON_TYPE,
        in_json(session_id=session, value=8),
    )
    yield Case("in the path", may("3"), "GET", in_query(f"{account}/{session}", api_key=key))
    yield Case("in a cookie", may("3"), "GET", in_query(account, api_key=key), (("cookie", f"session_id={session}"),))
    yield Case("as bearer", may("7"), "GET", account.encode(), (("authorization", f"Bearer {session}"),))


def credentials(key: str, read_token: str, other_key: str, other_token: str) -> Iterator[Case]:
    """C03: an app's two credentials in query, body and header, of which none is whole."""
    path = "/3/authentication"
    for name, text in twists(key):
        yield Case(f"query: {name}", may("7"), "GET", in_query(path, api_key=text))
        body = in_json(api_key=text, request_token="0")
        yield Case(
            f"JSON: {name}", _body_answers(body, may("7"), "7"), "POST", f"{path}/session/new".encode(), JSON_TYPE, body
        )
    for name, text in twists(read_token):
        value = text.encode("utf-8", "surrogatepass").decode("latin-1")
        # A server takes blanks around a header's value away, and so do we before we look.
        answers = may("7", "ok") if text.strip(" \t\n\r\0\xa0").strip() == read_token else may("7")
        yield Case(f"header: {name}", answers, "GET", path.encode(), (("authorization", f"Bearer {value}"),))
        yield Case(
            f"header beside a key: {name}",
            may("ok"),
            "GET",
            in_query(path, api_key=key),
            (("authorization", f"Bearer {value}"),),
        )
    for name, value in _schemes(read_token, key):
        yield Case(f"scheme: {name}", may("7"), "GET", path.encode(), (("authorization", value),))
        yield Case(
            f"scheme beside a key: {name}", may("ok"), "GET", in_query(path, api_key=key), (("authorization", value),)
        )
    right, wrong = ("authorization", f"Bearer {read_token}"), ("authorization", "Bearer nobody")
    yield Case("header twice, wrong first", may("7"), "GET", path.encode(), (wrong, right))
    yield Case("header twice, right first", may("ok"), "GET", path.encode(), (right, wrong))
    yield Case(
        "two apps", may("3"), "GET", in_query("/3/account", api_key=key), (("authorization", f"Bearer {other_token}"),)
    )
    yield Case("two apps, the other way", may("3"), "GET", in_query("/3/account", api_key=other_key), (right,))
    yield Case("a wrong key beside a read token", may("ok"), "GET", in_query(path, api_key="0" * 32), (right,))
    yield Case("nothing", may("7"), "GET", path.encode())
    yield Case("names only", may("7"), "GET", f"{path}?{key}".encode())
    for name in (
        "API_KEY",
        "apikey",
        "api-key",
        "key",
        "api_key[]",
        "api_key ",
        " api_key",
        "api_key%00",
        "\ufeffapi_key",
    ):
        yield Case(f"named {name!r}", may("7"), "GET", in_query(path, **{name: key}))


def _schemes(token: str, key: str) -> Iterator[tuple[str, str]]:
    for scheme in (
        "Basic",
        "Digest",
        "Token",
        "JWT",
        "Bearer:",
        "Bearer=",
        "Bearer,",
        "Bearer\xa0",
        "\xa0Bearer",
        "Bearer\t",
        "Béarer",
        "Bearer Bearer",
        "Bearer\x00",
    ):
        yield repr(scheme), f"{scheme} {token}" if scheme != "Bearer\t" else f"Bearer\t{token}"
    yield from {
        "nothing": "",
        "a blank": " ",
        "only the scheme": "Bearer",
        "only the scheme and a blank": "Bearer ",
        "a token alone": token,
        "a key": f"Bearer {key}",
        "a key in quotes": f'Bearer "{key}"',
        "a token in quotes": f'Bearer "{token}"',
        "a comma behind": f"Bearer {token},",
        "two tokens": f"Bearer {token} {token}",
        "a list": f"Bearer {token}, Bearer {token}",
        "parameters": f"Bearer token={token}",
        "64 KiB": "Bearer " + "A" * 65_536,
        "64 KiB of blanks": "Bearer" + " " * 65_536,
        "control characters": f"Bearer \x01\x02\x1b{token}",
        "Latin-1": "Bearer \xe9\xff",
        "no signature": "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.",
        "a canary": f"Bearer {CANARY}",
    }.items()


def _bodies(**values: str) -> Iterator[tuple[str, Headers, bytes]]:
    yield "JSON", JSON_TYPE, in_json(**values)
    yield "form", FORM_TYPE, in_form(**values)


def _odd_values(name: str) -> Iterator[tuple[str, bytes]]:
    for label, value in {
        "number 0": 0,
        "number -1": -1,
        "number beyond 64 bits": 2**70,
        "number with a point": 1.5,
        "true": True,
        "null": None,
        "a list": ["x"],
        "an empty list": [],
        "an object": {"a": "x"},
        "an object that asks": {"$ne": None},
    }.items():
        yield label, in_json(**{name: value})


def _body_answers(body: bytes, answers: frozenset[str], unread: str = "5") -> frozenset[str]:
    """A body with half a surrogate pair is no JSON, which is `unread`; one larger than 64 KiB is not even looked at."""
    if len(body) > 64 * 1024:
        return may("47 large")
    return may(unread) if b"\\ud800" in body or b"\\udfff" in body else answers
