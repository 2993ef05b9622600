"""What an upstream answered is kept as long as it says, asked for once, and never mistaken for our own word."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from admitone.model.faults import Fault, Refused
from admitone.sandbox.upstream.asking import Ask
from admitone.sandbox.upstream.keeping import Cache, Found, lifetime
from admitone.sandbox.upstream.source import LARGEST, Upstream
from admitone.sandbox.upstream.tape import HIDDEN, Player, Recorder, TapeError
from tests.sandbox.upstream.far import FIGHT_CLUB, NOT_CHANGED, Far, answer, opened

TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJhdWQiOiJ4In0.c2lnbmF0dXJl"
FILM = Ask("/3/movie/550", (("language", "en-US"),))


@pytest.fixture
async def far() -> AsyncIterator[Far]:
    async with opened() as far:
        yield far


@pytest.fixture
async def upstream(far: Far) -> AsyncIterator[Upstream]:
    upstream = Upstream(far.url, TOKEN, patience_s=20)
    yield upstream
    await upstream.aclose()


async def fault(upstream: Upstream) -> Fault:
    with pytest.raises(Refused) as refused:
        await upstream.find(FILM)
    return refused.value.fault


async def test_it_is_asked_with_the_token_and_nothing_else(far: Far, upstream: Upstream) -> None:
    await upstream.find(FILM)
    lines = far.asked[0].lower().split("\r\n")
    assert lines[0] == "get /3/movie/550?language=en-us http/1.1"
    assert f"authorization: bearer {TOKEN}".lower() in lines
    assert {line.partition(":")[0] for line in lines[1:] if line} == {
        "host",
        "authorization",
        "accept",
        "user-agent",
        "accept-encoding",
        "connection",
    }


async def test_what_is_fresh_is_not_asked_again(far: Far, upstream: Upstream) -> None:
    far.says = answer(FIGHT_CLUB, cache_control="public, max-age=60")
    first, second = await upstream.find(FILM), await upstream.find(FILM)
    assert first == second
    assert len(far.asked) == 1
    await upstream.find(Ask("/3/movie/551"))
    assert len(far.asked) == 2


async def test_what_is_stale_is_asked_by_its_mark(far: Far, upstream: Upstream) -> None:
    far.says = answer(FIGHT_CLUB, etag='W/"1"', cache_control="max-age=0")
    first = await upstream.find(FILM)
    far.says = NOT_CHANGED
    second = await upstream.find(FILM)
    third = await upstream.find(FILM)
    assert 'If-None-Match: W/"1"' in far.asked[1]
    assert len(far.asked) == 2
    assert (second.body, second.status, third) == (first.body, 200, second)
    assert second.cache_control == "max-age=60"


@pytest.mark.parametrize("said", ["no-store, max-age=60", "private, max-age=60", ""])
async def test_what_must_not_be_kept_is_asked_each_time(far: Far, upstream: Upstream, said: str) -> None:
    far.says = answer(FIGHT_CLUB, cache_control=said)
    await upstream.find(FILM)
    await upstream.find(FILM)
    assert len(far.asked) == 2


async def test_many_who_ask_at_once_are_answered_by_one_question(far: Far, upstream: Upstream) -> None:
    far.says = answer(FIGHT_CLUB, cache_control="max-age=60")
    found = await asyncio.gather(*(upstream.find(FILM) for _ in range(20)))
    assert len(set(found)) == 1
    assert len(far.asked) == 1


@pytest.mark.parametrize(
    ("says", "means"),
    [
        (answer({}, 401), Fault.UPSTREAM_REFUSED),
        (answer({}, 403), Fault.UPSTREAM_REFUSED),
        (answer({}, 500), Fault.UPSTREAM_BAD),
        (answer({}, 301, location="https://elsewhere.test/"), Fault.UPSTREAM_BAD),
        (answer(FIGHT_CLUB)[:-5], Fault.UPSTREAM_BAD),
        (b"HTTP/1.1 200 OK\r\n\r\n<html>", Fault.UPSTREAM_BAD),
        (answer("text"), Fault.UPSTREAM_BAD),
        (answer(["x" * LARGEST]), Fault.UPSTREAM_BAD),
        (b"what", Fault.UPSTREAM_BAD),
        (b"", Fault.UPSTREAM_BAD),
        (answer({}, 429, retry_after="7"), Fault.RATE_LIMITED),
    ],
    ids=range(11),
)
async def test_a_failure_of_the_upstream_is_told_as_one(far: Far, says: bytes, means: Fault) -> None:
    far.says, far.hangs_up = says, True
    upstream = Upstream(far.url, TOKEN)
    assert await fault(upstream) is means
    await upstream.aclose()


async def test_a_wait_that_was_asked_for_is_handed_on(far: Far, upstream: Upstream) -> None:
    far.says = answer({}, 429, retry_after="7")
    with pytest.raises(Refused) as refused:
        await upstream.find(FILM)
    assert refused.value.retry_after == 7


async def test_an_upstream_that_says_nothing_is_not_waited_for_for_ever(far: Far) -> None:
    far.says = None
    upstream = Upstream(far.url, TOKEN, patience_s=0.2)
    assert await fault(upstream) is Fault.UPSTREAM_SLOW
    await upstream.aclose()


async def test_nobody_there_is_told_as_such() -> None:
    upstream = Upstream("http://127.0.0.1:1", TOKEN)
    assert await fault(upstream) is Fault.UPSTREAM_DOWN
    await upstream.aclose()


@pytest.mark.parametrize(
    ("url", "token"),
    [
        ("http://api.themoviedb.org", TOKEN),
        ("https://a:b@api.themoviedb.org", TOKEN),
        ("https://api.themoviedb.org/3", TOKEN),
        ("file:///etc", TOKEN),
        ("https://api.themoviedb.org", "0123456789abcdef0123456789abcdef"),
        ("https://api.themoviedb.org", "a.b.c\nX-More: d"),
        ("https://api.themoviedb.org", ""),
    ],
)
def test_an_address_or_token_that_would_not_do_is_refused_before_anything_is_sent(url: str, token: str) -> None:
    with pytest.raises(ValueError, match="upstream"):
        Upstream(url, token)


@pytest.mark.parametrize(
    ("cache_control", "age", "seconds"),
    [
        ("max-age=60", "", 60),
        ("Public, Max-Age=60", "20", 40),
        ("max-age=60", "90", 0),
        ("s-maxage=5, max-age=60", "", 5),
        ("max-age=60, no-cache", "", 0),
        ('max-age="60"', "", 60),
        ("max-age=-1", "", 0),
        ("max-age=1e9", "", 0),
        ("", "", 0),
        ("no-store", "", None),
        ("private=x, max-age=9", "", None),
    ],
)
def test_how_long_an_answer_is_fresh(cache_control: str, age: str, seconds: int | None) -> None:
    assert lifetime(cache_control, age) == seconds


def test_the_cache_forgets_what_was_used_longest_ago() -> None:
    cache = Cache(most=250)
    for name in "abc":
        cache.keep(name, Found(200, b"x" * 100, cache_control="max-age=60"), "", 0)
        cache.find("a")
    assert [name for name in "abc" if cache.find(name)] == ["a", "c"]
    cache.keep("a", Found(500, b"", cache_control="max-age=60"), "", 0)
    assert cache.find("a") is None


async def test_what_was_recorded_is_played_again_with_no_secret_in_it(far: Far, tmp_path: Path) -> None:
    leaks = {
        **FIGHT_CLUB,
        "overview": f"{TOKEN} x{'ab' * 16} {'ab' * 20}",
        "poster_path": "/pB8BM7pdSp6B6Ih7QZ4DrQ3PmJK.jpg",
    }
    far.says = answer(leaks, etag='W/"1"', cache_control="max-age=60")
    upstream = Upstream(far.url, TOKEN, recorder=Recorder(tmp_path, (TOKEN,)))
    await upstream.find(FILM)
    far.says = answer({"success": False}, 404)
    await upstream.find(Ask("/3/movie/1"))
    far.says = answer({}, 500)
    with pytest.raises(Refused):
        await upstream.find(Ask("/3/movie/2"))
    await upstream.aclose()

    written = texts(tmp_path)
    assert [name.split(".")[0] for name in sorted(written)] == ["movie-1", "movie-550"]
    assert TOKEN not in str(written)
    assert "ab" * 20 not in str(written)

    player = Player(tmp_path)
    found = await player.find(FILM)
    assert (found.status, found.etag, found.cache_control) == (200, 'W/"1"', "max-age=60")
    told = httpx.Response(200, content=found.body).json()
    assert told == {**leaks, "overview": f"{HIDDEN} x{'ab' * 16} {HIDDEN}"}
    assert (await player.find(Ask("/3/movie/1"))).status == 404
    with pytest.raises(Refused) as refused:
        await player.find(Ask("/3/movie/2"))
    assert refused.value.fault is Fault.NOT_RECORDED


def texts(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir()}


@pytest.mark.parametrize("content", ["", "[]", '{"asked": {"path": "/3", "query": {}}}', "\xff"])
def test_what_is_no_recording_is_told(tmp_path: Path, content: str) -> None:
    with pytest.raises(TapeError, match="no recordings"):
        Player(tmp_path)
    (tmp_path / "x.json").write_text(content, encoding="latin-1")
    with pytest.raises(TapeError, match=r"x\.json is no recording"):
        Player(tmp_path)
