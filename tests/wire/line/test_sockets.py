"""Talks to the real server over a socket as no client should: it answers in JSON or hangs up, and waits for nobody."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator

import pytest

from admitone import app
from admitone.settings import Settings
from admitone.wire.asgi import Receive, Scope, Send
from admitone.wire.line import connection
from admitone.wire.running.turnstile import Turnstile
from tests.wire.conftest import Log
from tests.wire.corpora.lines import BAD, HOST, LARGE, Talk, get, talks
from tests.wire.dumps import changed, dump
from tests.wire.goldens import REFUSALS
from tests.wire.line.sockets import Heard, Server, served
from tests.world import World

TALKS = 202
NOBODY = get(b"/3/authentication", b"Connection: close\r\n")

# What no two answers have alike.
ALONE = re.compile(rb"^(?:date|x-request-id): [^\r]*\r\n", re.MULTILINE)


@pytest.fixture
async def server(world: World) -> AsyncIterator[Server]:
    """The whole application."""
    settings = Settings(port=0)
    async with served(app.make_app(world.house, settings), settings) as found:
        yield found


def wrong(expected: str, heard: Heard | None) -> Iterator[str]:
    """What is wrong with an answer."""
    if heard is None:
        yield f"hung up instead of {expected}"
        return
    status, headers, body = heard
    if expected == "100":
        if status != 100:
            yield f"answered {status}, not 100"
        return
    if headers.get("access-control-allow-origin") != "*":
        yield f"cannot be read by a page of another site: {headers}"
    if not headers["content-type"].startswith("application/json"):
        yield f"answered in {headers['content-type']}: {body[:100]!r}"
    elif expected == "ok":
        if status != 200:
            yield f"answered {status} {body!r}"
    elif (status, json.loads(body)) != REFUSALS[expected]:
        yield f"answered {status} {body!r}, not {expected}"


async def complaints(server: Server, talk: Talk, usual: tuple[bytes, ...]) -> list[str]:
    """Have a talk, then ask as nobody whether the server still knows where one request ends and the next begins.

    Before it comes what is usual, one after the other.
    """
    found: list[str] = []
    try:
        async with server.line() as line:
            for request in usual:
                line.send(request)
                found += wrong("ok", await line.answer())
            line.send(talk.sent)
            for expected in talk.answers:
                found += wrong(expected, await line.answer())
            if not talk.ends:
                line.send(NOBODY)
                found += wrong("7", await line.answer())
            if (more := await line.answer()) is not None:
                found.append(f"answered once more: {more}")
    except TimeoutError:
        found.append("neither answered nor hung up")
    return [f"{talk.name}: {complaint}" for complaint in found]


@pytest.mark.parametrize("known", [pytest.param(0, id="new"), pytest.param(3, id="known")])
@pytest.mark.holds("S8", "B9")
async def test_nothing_that_comes_over_a_socket_breaks_anything(
    world: World, server: Server, logged: Log, known: int
) -> None:
    before = await dump(world.house)
    usual = (get(b"/3/authentication?api_key=" + world.cineshelf.key.encode()),) * known
    found: list[str] = []
    number = 0
    for talk in talks(world.cineshelf.key):
        number += 1
        found += await complaints(server, talk, usual)
    assert not found, f"{len(found)} of {number}:\n" + "\n".join(found)
    assert number == TALKS
    assert not changed(before, await dump(world.house)), "no request hid in another"
    assert world.cineshelf.key not in logged.text
    assert not [line for line in logged.lines() if line["level"] == "error"]


async def test_headers_that_are_known_are_not_read_anew(
    world: World, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[bytes] = []
    before = connection.Connection.on_header

    def on_header(line: connection.Connection, name: bytes, value: bytes) -> None:
        read.append(name)
        before(line, name, value)

    monkeypatch.setattr(connection.Connection, "on_header", on_header)
    session = (await world.session(world.cineshelf, world.mira)).encode()
    asked = b"?api_key=%b&session_id=%b" % (world.cineshelf.key.encode(), session)
    rating = (
        b"POST /3/movie/550/rating" + asked + b" HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\n"
        b"Content-Length: 13\r\n\r\n" + b'{"value":8.5}'
    )
    async with server.line() as line:
        for request, times in ((get(b"/3/account" + asked), 2), (rating, 1)):
            read.clear()
            for _ in range(5):
                line.send(request)
                heard = await line.answer()
                assert heard
                assert heard[0] in {200, 201}
            assert read.count(b"Host") == times, "the first of a connection is not remembered, any other is"


async def test_a_head_that_comes_bit_by_bit_may_not_be_larger(server: Server) -> None:
    async with server.line() as line:
        line.send(b"GET /3/authentication HTTP/1.1\r\n" + HOST + b"X: ")
        listening = asyncio.create_task(line.answer())
        pieces = 0
        while not listening.done():
            line.send(b"a" * 8192)
            pieces += 1
            await asyncio.sleep(0)
        heard = await listening
        # Who goes on sending may find the connection gone before the answer is read.
        assert heard is None or not list(wrong(LARGE, heard))
        assert pieces * 8192 < 4_000_000


@pytest.mark.holds("S8")
async def test_a_body_of_a_gibibyte_is_refused_long_before_its_end(server: Server) -> None:
    async with server.line() as line:
        line.send(b"POST /3/list HTTP/1.1\r\n" + HOST + b"Content-Length: 1073741824\r\n\r\n" + b"a" * 100_000)
        assert not list(wrong("47 large", await line.answer()))


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"GET /3/auth", id="half a line"),
        pytest.param(b"GET /3/authentication HTTP/1.1\r\n" + HOST, id="half a head"),
        pytest.param(b"POST /3/list HTTP/1.1\r\n" + HOST + b"Content-Length: 100\r\n\r\nhello", id="half a body"),
        pytest.param(
            b"POST /3/list HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhel", id="half a chunk"
        ),
        pytest.param(b"GET /3/authentication", id="HTTP/0.9"),
        pytest.param(b"\r\n\r\n", id="empty lines"),
    ],
)
@pytest.mark.holds("S8")
async def test_nobody_is_waited_for_longer_than_it_takes(
    server: Server, monkeypatch: pytest.MonkeyPatch, sent: bytes
) -> None:
    monkeypatch.setattr(connection, "PATIENCE_S", 0.2)
    async with server.line() as line:
        line.send(sent)
        assert await line.is_over(10)


@pytest.mark.holds("S8")
async def test_a_byte_now_and_then_does_not_keep_a_connection(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "PATIENCE_S", 0.3)
    async with server.line() as line:
        line.send(b"GET /3/authentication HTTP/1.1\r\n" + HOST + b"X: ")
        while not await line.is_over(0.05):
            line.send(b"a")


async def test_a_request_that_came_in_time_is_answered_and_the_next_one_has_its_own_time(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "PATIENCE_S", 0.5)
    async with server.line() as line:
        line.send(b"GET /3/authentication HTTP/1.1\r\n")
        assert not await line.is_over(0.3)
        line.send(HOST + b"\r\n")
        assert not list(wrong("7", await line.answer()))
        assert not await line.is_over(0.6), "between requests it is patient"
        line.send(NOBODY)
        assert not list(wrong("7", await line.answer()))


async def test_half_a_body_does_nothing_when_its_sender_hangs_up(world: World, server: Server) -> None:
    session = await world.session(world.cineshelf, world.mira)
    before = await dump(world.house)
    target = f"/3/movie/550/rating?api_key={world.cineshelf.key}&session_id={session}".encode()
    head = b"POST " + target + b" HTTP/1.1\r\n" + HOST + b"Content-Type: application/x-www-form-urlencoded\r\n"
    async with server.line() as line:
        line.send(head + b"Content-Length: 8\r\n\r\nvalue=1")
    async with server.line() as line:  # answered after the other was dealt with
        line.send(NOBODY)
        assert not list(wrong("7", await line.answer()))
    assert not changed(before, await dump(world.house))


async def test_what_is_no_http_is_answered_in_json_also_for_pages(server: Server) -> None:
    async with server.line() as line:
        line.send(b"GET /authenticate/\xff HTTP/1.1\r\n" + HOST + b"\r\n")
        assert not list(wrong(BAD, await line.answer()))


async def test_an_answer_is_the_same_whether_asgi_stands_between_or_not(world: World, server: Server) -> None:
    whole, settings = app.make_app(world.house, Settings()), Settings(port=0)

    async def between(scope: Scope, receive: Receive, send: Send) -> None:
        await whole(scope, receive, send)

    key = b"?api_key=" + world.cineshelf.key.encode()
    asked = [
        *(b"%b /3/authentication%b HTTP/1.1" % (method, key) for method in (b"GET", b"HEAD", b"OPTIONS", b"BREW")),
        *(
            b"GET /3%b HTTP/1.1" % path
            for path in (b"/authentication", b"/", b"", b"/%61uthentication" + key, b"/a%ff")
        ),
        b"GET /3/genre/movie/list%b HTTP/1.1" % key,
        b"GET /3/movie/550%b&callback=heard HTTP/1.1" % key,
        b"GET /3/authentication%b#part HTTP/1.1" % key,
        b"GET http://admit.example/3/authentication%b HTTP/1.1" % key,
        b"POST /3/list%b HTTP/1.1\r\nContent-Length: 2\r\nContent-Type: application/json" % key,
        b"GET /3/authentication%b HTTP/1.0\r\nConnection: keep-alive" % key,
        b"GET /3/authentication%b HTTP/1.1\r\nConnection: close" % key,
        b"POST /3/list%b HTTP/1.1\r\nExpect: 100-continue\r\nConnection: close\r\nContent-Length: 2" % key,
    ]
    answers = []
    async with served(between, settings) as other:
        for port in (server.port, other.port):
            heard = []
            for line in asked:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                body = b"{}" if line.startswith(b"POST") else b""
                # The second time it is told to hang up, so that the end of what it says is seen.
                for more in (b"", b"Connection: close\r\n"):
                    writer.write(line + b"\r\n" + HOST + more + b"\r\n" + body)
                heard.append(ALONE.sub(b"", await reader.read()).splitlines())
                writer.close()
            answers.append(heard)
    for line, direct, by_asgi in zip(asked, *answers, strict=True):
        assert sorted(direct) == sorted(by_asgi), line
        assert direct, line


async def test_whoever_is_turned_away_at_once_is_told_what_asgi_would_tell(world: World) -> None:
    faces, settings = app.Faces(Settings()), Settings(port=0)
    turnstile = Turnstile(lambda: 0.0)
    while turnstile.enter():
        pass
    guarded = faces.guarded(faces.of(world.house), turnstile)

    async def between(scope: Scope, receive: Receive, send: Send) -> None:
        await guarded(scope, receive, send)

    asked = (
        get(b"/3/account") * 3 + get(b"/3/account", b"Connection: close\r\n"),
        b"POST /3/list HTTP/1.1\r\n" + HOST + b"Connection: close\r\nContent-Length: 2\r\n\r\n{}",
        b"HEAD /3/account HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n",
        b"GET /3/account HTTP/1.0\r\n" + HOST + b"\r\n",
    )
    answers = []
    async with served(guarded, settings) as server, served(between, settings) as other:
        for port in (server.port, other.port):
            heard = []
            for raw in asked:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(raw)
                heard.append(sorted(ALONE.sub(b"", await reader.read()).splitlines()))
                writer.close()
            answers.append(heard)
    assert answers[0] == answers[1]
    assert [lines.count(b"retry-after: 1") for lines in answers[0]] == [4, 1, 1, 1]
