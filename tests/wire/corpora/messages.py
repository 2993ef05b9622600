"""Makes hostile HTTP by rule, for the front in process: methods, paths, headers (security.md §9, C06)."""

from collections.abc import Iterator
from urllib.parse import quote_from_bytes

from tests.wire.corpora.cases import CANARY, FORM_TYPE, Case, in_query, may

STANDARD = [
    "PATCH",
    "TRACE",
    "CONNECT",
    "LINK",
    "UNLINK",
    "PURGE",
    "LOCK",
    "UNLOCK",
    "PROPFIND",
    "PROPPATCH",
    "MKCOL",
    "COPY",
    "MOVE",
    "SEARCH",
    "REPORT",
    "MERGE",
    "QUERY",
    "NOTIFY",
    "SUBSCRIBE",
    "M-SEARCH",
    "ACL",
    "BIND",
    "REBIND",
    "MKACTIVITY",
    "CHECKOUT",
    "PRI",
    "SOURCE",
    "BREW",
]
ODD = (
    "get",
    "Get",
    "post",
    "GETT",
    "GE",
    "G",
    "",
    "GET ",
    " GET",
    "GET\0",
    "G\xc9T",
    "X" * 10_000,
    "*",
    "GET,POST",
    "-",
    CANARY,
)
# Percent-encoded or raw, in the middle of a path.
PIECES = [bytes([byte]) for byte in range(256)]


def messages(key: str, session: str) -> Iterator[Case]:
    """C06, as far as an ASGI server lets it through."""
    yield from _methods(key, session)
    yield from _paths(key, session)
    yield from _headers(key)
    yield from _queries(key)


def _methods(key: str, session: str) -> Iterator[Case]:
    target = in_query("/3/movie/550/rating", api_key=key, session_id=session)
    for method in (*STANDARD, *ODD):
        yield Case(f"method {method[:20]!r}", may("42"), method, target)
        yield Case(f"method {method[:20]!r} of nobody", may("7"), method, b"/3/movie/550/rating")
        yield Case(f"method {method[:20]!r} nowhere", may("34"), method, in_query("/3/nowhere", api_key=key))
        yield Case(f"method {method[:20]!r} with a body", may("42"), method, target, FORM_TYPE, b"value=8")


def _paths(key: str, session: str) -> Iterator[Case]:
    query = f"?api_key={key}&session_id={session}".encode()
    for piece in PIECES:
        broken = piece >= b"\x80" or piece == b"\0"
        # A slash makes another path of it, a question mark ends it; everything else is somebody's number, or none.
        inside = may("47 path") if broken else may("34") if piece == b"/" else may("ok")
        encoded = quote_from_bytes(piece, safe="") if piece.isalnum() else f"%{piece[0]:02x}"
        yield Case(f"{encoded} in a path", inside, "GET", b"/3/account/a" + encoded.encode() + b"b" + query)
        if piece not in (b"?", b"%"):
            yield Case(f"{piece!r} in a path", inside, "GET", b"/3/account/a" + piece + b"b" + query)
    for path in (
        *(
            "",
            "/",
            "//",
            "3",
            "/3",
            "/3/",
            "//3/account",
            "/3/account/1/2",
        ),
        *(
            "/3/%2e%2e/3/nowhere",
            "/3/..",
            "/3/../..",
            "/../../../etc/passwd",
            "/3/..;/account",
            "/3/account/..%2f..%2f",
            "/.",
            "/3/.account",
        ),
        *(
            "/3/account;x=1/1",
            "/3\\account",
            "/3/%5c..%5caccount",
            "/%33/account%20",
            "/3/account%0d%0aSet-Cookie:a=b",
            "/3/%E2%80%AE",
        ),
        *("/3/" + "a/" * 5000, "/3/" + "../" * 5000, "/3/" + "%2e%2e%2f" * 3000, "/3/" + "x" * 100_000, f"/3/{CANARY}"),
        *(
            "http://evil.example/3/account",
            "*",
            "evil.example:443",
            "/3/account.json",
            "/3/account%23",
            "/3/%2561ccount",
        ),
    ):
        yield Case(f"the path {path[:40]!r}", may("34"), "GET", path.encode() + query)
        yield Case(f"the path {path[:40]!r} of nobody", may("7"), "GET", path.encode())
    for path in ("/3//account", "/3/account//", "/3/account/1/", "/3//account//1//", "/3/account//lists"):
        yield Case(f"the path {path!r}", may("ok"), "GET", path.encode() + query)
        yield Case(f"the path {path!r} of nobody", may("7"), "GET", path.encode())


def _headers(key: str) -> Iterator[Case]:
    target = in_query("/3/authentication", api_key=key)
    for name, headers in {
        "a thousand headers": [(f"x-{number}", "1") for number in range(1000)],
        "one header a thousand times": [("x-a", CANARY)] * 1000,
        "a value of a million": [("x-a", "a" * 1_000_000)],
        "a name of a million": [("x" * 1_000_000, "a")],
        "an empty name": [("", "a")],
        "an empty value": [("x-a", "")],
        "bytes in a value": [("x-a", bytes(range(256)).decode("latin-1"))],
        "bytes in a name": [("\x00\xff\r\n", "a")],
        "a line break in a value": [("x-a", "b\r\nSet-Cookie: a=b")],
        "a content length that lies": [("content-length", "5")],
        "two content lengths": [("content-length", "5"), ("content-length", "6")],
        "a content length below 0": [("content-length", "-1")],
        "a content length beyond 64 bits": [("content-length", "9" * 30)],
        "chunks that are none": [("transfer-encoding", "chunked")],
        "a hundred hosts": [("host", f"{number}.example") for number in range(100)],
        "a host with a line break": [("host", "admit.example\r\nx: y")],
        "a host of a million": [("host", "h" * 1_000_000)],
        "another path": [("x-original-url", "/3/nowhere"), ("x-rewrite-url", "/3/nowhere")],
        "another method": [("x-http-method-override", "DELETE"), ("x-method-override", "DELETE")],
        "another host": [
            ("x-forwarded-host", "evil.example"),
            ("x-forwarded-prefix", "/evil"),
            ("x-forwarded-port", "1"),
        ],
        "another address": [
            ("x-forwarded-for", "127.0.0.1"),
            ("x-real-ip", "127.0.0.1"),
            ("true-client-ip", "127.0.0.1"),
        ],
        "addresses by the thousand": [("x-forwarded-for", ", ".join(["10.0.0.1"] * 5000))],
        "what is no address": [("x-forwarded-for", f"{CANARY}, \xff, ::::, 1.2.3.4.5, [::1")],
        "cookies": [("cookie", f"visit={CANARY}; session_id={CANARY}")],
        "an upgrade": [("connection", "upgrade"), ("upgrade", "websocket"), ("sec-websocket-key", CANARY)],
        "HTTP/2": [("connection", "upgrade, http2-settings"), ("upgrade", "h2c"), ("http2-settings", "AAMAAABk")],
        "a hundred continues": [("expect", "100-continue")],
        "an expectation": [("expect", CANARY)],
        "ranges": [("range", "bytes=0-0,1-1,2-2"), ("if-range", '"x"')],
        "conditions": [("if-none-match", "*"), ("if-match", '"x"'), ("if-modified-since", "yesterday")],
        "a language of a million": [("accept-language", "en," * 300_000)],
        "nothing acceptable": [
            ("accept", "text/html;q=1, */*;q=0"),
            ("accept-charset", "utf-16"),
            ("accept-encoding", "*;q=0"),
        ],
        "an origin": [("origin", "null"), ("referer", f"https://evil.example/{CANARY}")],
        "a request id": [("x-request-id", CANARY), ("traceparent", "00-" + "a" * 32 + "-" + "b" * 16 + "-01")],
        "a user agent": [("user-agent", f"{CANARY}\x1b[31m\n")],
        "a prefetch": [("purpose", "prefetch"), ("sec-purpose", "prefetch;prerender")],
    }.items():
        yield Case(name, may("ok"), "GET", target, tuple(headers))
        yield Case(f"{name}, of nobody", may("7"), "GET", b"/3/authentication", tuple(headers))


def _queries(key: str) -> Iterator[Case]:
    keyed = f"/3/authentication?api_key={key}".encode()
    for name, more in {
        "ten thousand pairs": b"&a=b" * 10_000,
        "ten thousand names": b"".join(b"&n%d=" % number for number in range(10_000)),
        "ten thousand signs": b"&" * 10_000 + b"=" * 10_000 + b"%" * 10_000,
        "a name of a million": b"&" + b"n" * 1_000_000,
        "a value of a million": b"&n=" + b"%41" * 300_000,
        "raw bytes": b"&" + bytes(range(0x80, 0x100)) + b"=" + bytes(range(0x80, 0x100)),
        "encoded bytes": b"&%ff%00=%c0%80%ed%a0%80",
        "control characters": b"&\0=\r\n\x1b[31m",
        "a second question mark": b"&?api_key=0?&x=/?",
        "a fragment": b"#api_key=0",
        "a canary for a name": f"&{CANARY}=1&2{CANARY}".encode(),
        "a canary for a value": f"&language={CANARY}&callback=-{CANARY}".encode(),
        "semicolons": b"&a=b;api_key=0;c",
    }.items():
        # Whatever follows the key without an & belongs to it.
        yield Case(f"query: {name}", may("ok") if more.startswith(b"&") else may("7"), "GET", keyed + more)
        yield Case(f"query of nobody: {name}", may("7"), "GET", b"/3/authentication?" + more)
