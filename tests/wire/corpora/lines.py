"""Makes hostile HTTP by rule, byte by byte, for a socket: framing, lines, headers, chunks (security.md §9, C06)."""

from collections.abc import Iterator
from typing import NamedTuple

BAD, LARGE = "47 request", "47 head"
HOST = b"Host: admit.example\r\n"


class Talk(NamedTuple):
    """What is sent, the answers it must get in this order (`ok` for a success), whether the server then hangs up."""

    name: str
    sent: bytes
    answers: tuple[str, ...]
    ends: bool = False


def get(target: bytes, headers: bytes = b"", *, version: bytes = b"1.1", host: bytes = HOST) -> bytes:
    """A request without a body."""
    return b"GET " + target + b" HTTP/" + version + b"\r\n" + host + headers + b"\r\n"


def talks(key: str) -> Iterator[Talk]:
    """C06, what only a socket can send. Nothing of it makes a request token."""
    good = f"/3/authentication?api_key={key}".encode()
    hidden = get(f"/3/authentication/token/new?api_key={key}".encode())
    post = f"POST /3/list?api_key={key} HTTP/1.1\r\n".encode() + HOST
    yield from _framing(post, hidden)
    yield from _chunks(post, hidden)
    yield from _request_lines(good)
    yield from _header_lines(good)
    yield from _whole_conversations(good, post)
    yield from _large(good)


def _framing(post: bytes, hidden: bytes) -> Iterator[Talk]:
    both = b"0\r\n\r\n"
    codings = (
        *(
            b"chunked\r\nContent-Length: 5",
            b"chunked\r\nContent-Length: 0",
            b"chunked\r\nContent-Length:",
            b"xchunked",
            b"chunkedx",
        ),
        *(
            b"identity",
            b"gzip",
            b"chunked, identity",
            b"chunked, gzip",
            b"chunked;q=1",
            b"\x0bchunked",
            b"chunked\x00",
            b"chunk\x00ed",
        ),
        *(
            b'"chunked"',
            b"chunked\r\nTransfer-Encoding: identity",
            b"chunked\r\nTransfer-Encoding: chunked, x",
            b"\xc4\xb1chunked",
        ),
        *(b"\r\n chunked", b"chunked\n", b"chunked\rX: y", b"chu\r\n nked"),
    )
    for coding in codings:
        yield Talk(
            f"coding {coding!r}",
            post + b"Transfer-Encoding: " + coding + b"\r\n\r\n" + both + hidden,
            (BAD,),
            ends=True,
        )
    for name in (
        b"Transfer-Encoding ",
        b"Transfer-Encoding\t",
        b" Transfer-Encoding",
        b"Transfer\xadEncoding",
        b"Transfer Encoding",
        b"Transfer-Encoding\x00",
    ):
        yield Talk(f"coding named {name!r}", post + name + b": chunked\r\n\r\n" + both + hidden, (BAD,), ends=True)
    # Content-Length before the coding, in every order and case.
    for lengths in (
        b"Content-Length: 5\r\nTransfer-Encoding: chunked",
        b"CONTENT-LENGTH: 5\r\ntransfer-ENCODING: CHUNKED",
        b"Content-Length: 5\r\nX: y\r\nTransfer-Encoding: chunked",
    ):
        yield Talk(f"both {lengths!r}", post + lengths + b"\r\n\r\n" + both + hidden, (BAD,), ends=True)
    values = (
        *(
            b"+5",
            b"-5",
            b"5 5",
            b"5, 5",
            b"5,6",
            b"0x5",
            b"5.0",
            b"5e0",
            b"\xd9\xa5",
            b"",
            b"5;",
            b"five",
            b"0b1",
            b"1_0",
            b"5\x00",
            b"5\r\n 0",
        ),
        *(
            b"9" * 20,
            b"18446744073709551616",
            b"5\r\nContent-Length: 5",
            b"5\r\nContent-Length: 0",
            b"0\r\nContent-Length: 5",
            b"5 \x0b",
        ),
    )
    for value in values:
        yield Talk(
            f"length {value!r}", post + b"Content-Length: " + value + b"\r\n\r\nhello" + hidden, (BAD,), ends=True
        )
    for name in (b"Content-Length ", b"Content-Length\t", b" Content-Length", b"Content Length", b"Content-Length\x00"):
        yield Talk(f"length named {name!r}", post + name + b": 5\r\n\r\nhello" + hidden, (BAD,), ends=True)
    # A name that is not the one it looks like leaves the body to be read as the next request, which it is none.
    for name in (b"Content_Length", b"ContentLength", b"X-Content-Length"):
        yield Talk(f"length named {name!r}", post + name + b": 5\r\n\r\nhello\r\n\r\n", ("3",), ends=True)


def _chunks(post: bytes, hidden: bytes) -> Iterator[Talk]:
    chunked = post + b"Transfer-Encoding: chunked\r\n\r\n"
    good = {
        "one": b"2\r\n{}\r\n0\r\n\r\n",
        "capitals": b"A\r\n          \r\n0\r\n\r\n",
        "noughts before": b"00000002\r\n{}\r\n000\r\n\r\n",
        "an extension": b"2;a=b;c\r\n{}\r\n0;d\r\n\r\n",
        "a trailer": b"2\r\n{}\r\n0\r\nX: y\r\n\r\n",
        "byte by byte": b"1\r\n{\r\n1\r\n}\r\n0\r\n\r\n",
    }
    for name, body in good.items():
        yield Talk(f"chunks: {name}", chunked + body, ("3",))
    bad = (
        *(
            b"zz\r\n{}\r\n0\r\n\r\n",
            b"-2\r\n{}\r\n0\r\n\r\n",
            b"+2\r\n{}\r\n0\r\n\r\n",
            b"0x2\r\n{}\r\n0\r\n\r\n",
            b" 2\r\n{}\r\n0\r\n\r\n",
        ),
        *(
            b"2\n{}\n0\n\n",
            b"2\r{}\r0\r\r",
            b"2\r\n{}0\r\n\r\n",
            b"3\r\n{}\r\n0\r\n\r\n",
            b"1\r\n{}\r\n0\r\n\r\n",
            b"\r\n{}\r\n0\r\n\r\n",
        ),
        *(
            b"ffffffffffffffffff\r\n{}\r\n0\r\n\r\n",
            b"2\x00\r\n{}\r\n0\r\n\r\n",
            b"2\r\n{}\r\n0\r\nX y\r\n\r\n",
            b"2 2\r\n{}\r\n0\r\n\r\n",
        ),
        *(
            b"2\r\n{}\r\n0\n\r\n",
            b"2;a\nb\r\n{}\r\n0\r\n\r\n",
            b"2\r\n{}\r\n\r\n",
            b"2\r\n{}\r\n0\r\nA: b\nC: d\r\n\r\n",
        ),
    )
    for body in bad:
        yield Talk(f"chunks: {body[:30]!r}", chunked + body + hidden, (BAD,), ends=True)


def _request_lines(good: bytes) -> Iterator[Talk]:
    lines = (
        *(
            b"get " + good + b" HTTP/1.1",
            b"BREW " + good + b" HTTP/1.1",
            b"GE\x00T " + good + b" HTTP/1.1",
            b"G\xc9T " + good + b" HTTP/1.1",
            b" GET " + good + b" HTTP/1.1",
        ),
        *(
            b"GET" + good + b" HTTP/1.1",
            b"GET\t" + good + b" HTTP/1.1",
            b"GET " + good + b"\tHTTP/1.1",
            b"GET " + good + b" http/1.1",
        ),
        *(
            b"GET /3/a b HTTP/1.1",
            b"GET /3/\x00 HTTP/1.1",
            b"GET /3/\xff HTTP/1.1",
            b"GET /3/x?\xff HTTP/1.1",
            b"GET /3/\x01 HTTP/1.1",
            b"GET /3/\x7f HTTP/1.1",
        ),
        *(
            b"GET 3/authentication HTTP/1.1",
            b"GET \\3 HTTP/1.1",
            b"GET ?x HTTP/1.1",
            b"GET  HTTP/1.1",
            b"GET # HTTP/1.1",
            b"GET http:// HTTP/1.1",
        ),
        *(
            b"GET " + good + b" HTTP/",
            b"GET " + good + b" HTTP/1",
            b"GET " + good + b" HTTP/1.",
            b"GET " + good + b" HTTP/11",
            b"GET " + good + b" HTTP/1.1.1",
        ),
        *(
            b"GET " + good + b" HTTP/0.9",
            b"GET " + good + b" HTTP/1.2",
            b"GET " + good + b" HTTP/2.0",
            b"GET " + good + b" HTTP/3.0",
            b"GET " + good + b" HTTP/9.9",
        ),
        *(
            b"GET " + good + b" HTTP/\xd9\xa1.1",
            b"GET " + good + b" XTTP/1.1",
            b"GET " + good + b" HTTP/1.1 x",
            b"GET " + good + b" ICE/1.1",
        ),
        *(
            b"CONNECT evil.example:443 HTTP/1.1",
            b"PRI * HTTP/2.0",
            b"HTTP/1.1 200 OK",
            b"",
            b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03",
        ),
    )
    for line in lines:
        if line:
            yield Talk(f"line {line.replace(good, b'/3')[:40]!r}", line + b"\r\n" + HOST + b"\r\n", (BAD,), ends=True)
    yield Talk("HTTP/0.9", b"GET " + good + b"\r\n\r\n", (BAD,), ends=True)
    yield Talk("HTTP/1.0", get(good, version=b"1.0"), ("ok",), ends=True)
    yield Talk("HTTP/1.0 without a host", get(good, version=b"1.0", host=b""), ("ok",), ends=True)
    yield Talk("two slashes first", get(b"/" + good), ("ok",))
    yield Talk("slashes first and everywhere", get(b"//" + good.replace(b"/", b"//")), ("ok",))
    yield Talk("absolute form", get(b"http://evil.example" + good), ("ok",))
    yield Talk("absolute form with a port and a name", get(b"http://me@evil.example:8" + good), ("ok",))
    yield Talk("absolute form of another scheme", get(b"ftp://evil.example" + good), ("ok",))
    yield Talk("a fragment", get(good + b"#x"), ("ok",))
    yield Talk("empty lines first", b"\r\n\r\n\r\n" + get(good), ("ok",))
    # The parser knows a few cousins of HTTP by name; they get no other answer for it.
    yield Talk("RTSP", get(good).replace(b"HTTP", b"RTSP"), ("ok",))
    for method in (b"TRACE", b"PROPFIND", b"PURGE", b"M-SEARCH", b"LOCK"):
        yield Talk(f"method {method!r}", method + b" " + good + b" HTTP/1.1\r\n" + HOST + b"\r\n", ("42",))
    yield Talk("OPTIONS", b"OPTIONS " + good + b" HTTP/1.1\r\n" + HOST + b"\r\n", ("ok",))


def _header_lines(good: bytes) -> Iterator[Talk]:
    for lines in (
        *(
            b"X Y: a\r\n",
            b"X\x00: a\r\n",
            b"X: a\x00b\r\n",
            b": a\r\n",
            b"X\r\n",
            b"X\xff: a\r\n",
            b"(X): a\r\n",
            b"X: a\r\n b\r\n",
            b"\tX: a\r\n",
        ),
        *(
            b"X: a\nY: b\r\n",
            b"X: a\rY: b\r\n",
            b"X : a\r\n",
            b"X: \x01\r\n",
            b"X: a\x7f\r\n",
            b"@: a\r\n",
            b"X[]: a\r\n",
            b'"X": a\r\n',
        ),
    ):
        yield Talk(f"header {lines!r}", get(good, lines), (BAD,), ends=True)
    for lines in (
        b"X: \xff\xe9\r\n",
        b"X:\r\n",
        b"X:a\r\n",
        b"X: \t a \t \r\n",
        b"x-!#$%&'*+.^_`|~9: a\r\n",
        b"X: a\r\nX: a\r\n",
        b"Cookie: a=b; a=c\r\n",
    ):
        yield Talk(f"header {lines!r}", get(good, lines), ("ok",))
    for name, host in {
        "no host": b"",
        "two hosts": HOST * 2,
        "two hosts in two cases": HOST + b"hOST: evil.example\r\n",
    }.items():
        yield Talk(name, get(good, host=host), (BAD,), ends=True)
    for host in (
        b"Host:\r\n",
        b"Host: evil.example\r\n",
        b"Host: [::1]:8000\r\n",
        b"Host: a, b\r\n",
        b"Host: \xff\r\n",
    ):
        yield Talk(f"{host!r}", get(good, host=host), ("ok",))
    yield Talk("lines ended by LF alone", get(good).replace(b"\r\n", b"\n"), (BAD,), ends=True)
    yield Talk("lines ended by CR alone", get(good).replace(b"\r\n", b"\r"), (BAD,), ends=True)
    for line in (b"Connection: close, keep-alive", b"Connection: CLOSE", b"Connection: x,close"):
        yield Talk(f"{line!r}", get(good, line + b"\r\n"), ("ok",), ends=True)


def _whole_conversations(good: bytes, post: bytes) -> Iterator[Talk]:
    yield Talk("ten in one go", get(good) * 10, ("ok",) * 10)
    yield Talk("ten, the last one bad", get(good) * 9 + b"\x00\x01\r\n\r\n", ("ok",) * 9, ends=True)
    yield Talk("a bad one first", b"\x00\x01\r\n\r\n" + get(good) * 3, (BAD,), ends=True)
    yield Talk("more after closing", get(good, b"Connection: close\r\n") + get(good), ("ok",), ends=True)
    body = post + b"Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
    yield Talk("bodies in one go", body * 3, ("3",) * 3)
    yield Talk("a body and a GET", body + get(good), ("3", "ok"))
    yield Talk("a GET with a body", get(good, b"Content-Length: 5\r\n") + b"hello" + get(good), ("ok", "ok"))
    yield Talk(
        "a body that is expected",
        body.replace(b"Content-Length", b"Expect: 100-continue\r\nContent-Length"),
        ("100", "3"),
    )
    yield Talk("another expectation", get(good, b"Expect: a-miracle\r\n"), ("ok",))
    for upgrade in (b"websocket", b"h2c", b"TLS/1.2", b"x"):
        headers = b"Connection: Upgrade\r\nUpgrade: " + upgrade + b"\r\n"
        yield Talk(f"an upgrade to {upgrade!r}", get(good, headers), ("ok",))
        asked = body.replace(HOST, HOST + headers)
        yield Talk(f"an upgrade to {upgrade!r} with a body", asked, ("3",))


def _large(good: bytes) -> Iterator[Talk]:
    yield Talk("60 KiB in a header", get(good, b"X: " + b"a" * 60_000 + b"\r\n"), ("ok",))
    yield Talk("66 KiB in a header", get(good, b"X: " + b"a" * 66_000 + b"\r\n"), (LARGE,), ends=True)
    yield Talk("60 KiB in a query", get(good + b"&x=" + b"a" * 60_000), ("ok",))
    yield Talk("100 headers", get(good, b"X: a\r\n" * 100), ("ok",))
    yield Talk("129 headers", get(good, b"X: a\r\n" * 128), (LARGE,), ends=True)
    yield Talk("5000 headers", get(good, b"X: a\r\n" * 5000), (LARGE,), ends=True)
    yield Talk("a name of 66 KiB", get(good, b"x" * 66_000 + b": a\r\n"), (LARGE,), ends=True)
