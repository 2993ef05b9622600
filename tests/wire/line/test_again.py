"""A request with the headers of the one before it is told as the parser would tell it, or left to the parser."""

from typing import Any

import httptools
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from admitone.wire.line import again

HOST = b"\r\nHost: admit.example\r\nAccept: */*"
FIRST = b"GET /3/account?api_key=k HTTP/1.1"
RATING = b"POST /3/movie/550/rating?api_key=k HTTP/1.1" + HOST + b"\r\nContent-Length: 13\r\n\r\n"
BODY = b'{"value":8.5}'
END = b"\r\n\r\n"
PIECES = [b"GET ", b"POST ", b"/3/", b"/4/", b"a", b"?", b"#", b"%2e", b" ", b" HTTP/1.1", b"\n", b"\r", b"\0", b"//h"]
MORE = [b"\r\n", END, HOST, BODY, b"\r\nContent-Length: 13", b"\r\nTransfer-Encoding: chunked", b"0" + END, FIRST]


class Read:
    """What the parser makes of what came."""

    def __init__(self, came: bytes) -> None:
        self.whole = 0
        self.url = self.body = b""
        self.headers: list[tuple[bytes, bytes]] = []
        self.parser = httptools.HttpRequestParser(self)
        self.parser.feed_data(came)

    def on_url(self, url: bytes) -> None:
        self.url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers.append((name.lower(), value))

    def on_body(self, body: bytes) -> None:
        self.body += body

    def on_message_complete(self) -> None:
        self.whole += 1


def remembered(came: bytes) -> again.Before | None:
    """What is remembered of a request, if the parser finds that it is one."""
    try:
        read = Read(came)
    except httptools.HttpParserError:
        return None
    scope: dict[str, Any] = {"method": read.parser.get_method().decode(), "headers": read.headers, "raw_path": b"/"}
    return again.read(came, scope, read.body) if read.whole == 1 else None


def test_only_path_query_and_body_are_told_anew() -> None:
    asked, rated = remembered(FIRST + HOST + END), remembered(RATING + BODY)
    assert asked
    assert rated
    told, body = asked.again(b"GET /4/list/8?page=2 HTTP/1.1" + HOST + END) or ({}, b"?")
    assert (told, body) == ({**asked.scope, "raw_path": b"/4/list/8", "query_string": b"page=2"}, b"")
    assert asked.scope["raw_path"] == b"/", "the one before keeps its own"
    told, body = rated.again(RATING.replace(b"550", b"278") + BODY.replace(b"8", b"9")) or ({}, b"?")
    assert (told["raw_path"], body) == (b"/3/movie/278/rating", b'{"value":9.5}')


@given(st.one_of(st.lists(st.sampled_from(PIECES)).map(b"".join), st.binary(max_size=40)))
@example(b"GET /3/account HTTP/1.1")
@example(b"GET /3/account?session_id=s&language=en-US HTTP/1.1")
def test_a_line_that_is_taken_is_what_the_parser_would_have_read(first: bytes) -> None:
    before = remembered(FIRST + HOST + END)
    assert before
    if told := before.again(first + HOST + END):
        read = Read(first + HOST + END)
        url = httptools.parse_url(read.url)
        assert (read.whole, read.headers, told[1]) == (1, before.scope["headers"], b"")
        assert (told[0]["raw_path"], told[0]["query_string"]) == (url.path, url.query or b"")


@given(*[st.lists(st.sampled_from([*PIECES, *MORE])).map(b"".join)] * 2)
@example(HOST + b"\r\nContent-Length: 13" + END + BODY, HOST + b"\r\nContent-Length: 13" + END + BODY)
@example(HOST + END, HOST + END + FIRST + HOST + END)
def test_where_a_request_ends_is_where_the_parser_says(one: bytes, other: bytes) -> None:
    before = remembered(FIRST + one)
    if before and (told := before.again(FIRST + other)):
        read = Read(FIRST + other)
        assert (read.whole, read.headers, read.body) == (1, before.scope["headers"], told[1])


@pytest.mark.parametrize(
    "came",
    [
        pytest.param(FIRST.replace(b"/3/", b"/5/") + HOST + END, id="is for a page"),
        pytest.param(FIRST.replace(b"1.1", b"1.0") + HOST + END, id="is of another version"),
        pytest.param(FIRST + HOST + b"\r\nContent-Length: 00" + END, id="says its length in its own way"),
        pytest.param(
            RATING.replace(b"Content-Length: 13", b"Transfer-Encoding: chunked") + b"0" + END, id="is in chunks"
        ),
        pytest.param(b"\r\n" + FIRST + HOST + END, id="comes after an empty line"),
        pytest.param(FIRST + b"\r\nX: " + b"a" * again.LARGEST + HOST + END, id="is large"),
    ],
)
def test_what_another_may_differ_from_is_not_remembered(came: bytes) -> None:
    assert Read(came).whole == 1
    assert remembered(came) is None


@pytest.mark.parametrize(
    "came",
    [
        pytest.param(RATING + BODY + b" ", id="longer"),
        pytest.param(RATING + BODY[:-1], id="shorter"),
        pytest.param(RATING.replace(b"13", b"14") + BODY + b" ", id="of another length"),
        pytest.param(RATING.replace(b"POST", b"PUT") + BODY, id="of another method"),
        pytest.param(RATING.replace(b"Host", b"host") + BODY, id="in other letters"),
    ],
)
def test_what_differs_in_more_is_left_to_the_parser(came: bytes) -> None:
    before = remembered(RATING + BODY)
    assert before
    assert before.again(came) is None
