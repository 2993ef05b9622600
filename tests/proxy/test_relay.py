"""The proxy hands on what a server says to the byte, and stays up whatever clients say."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_address
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
from cryptography import x509

from admitone.basics.clock import SystemClock
from admitone.proxy.addresses import Place
from admitone.proxy.authority import Authority, write_trust
from admitone.proxy.opening import open_proxy

KEPT = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\nx-kept: yes\r\nset-cookie: a=1\r\nset-cookie: b=2\r\n\r\nhello"


class Far:
    """A server that says what it is told to, hangs up, and keeps what it heard."""

    def __init__(self) -> None:
        self.says = KEPT
        self.heard: list[bytes] = []

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next((int(line[16:]) for line in head.split(b"\r\n") if line.startswith(b"content-length: ")), 0)
        self.heard.append(head + await reader.readexactly(length))
        writer.write(self.says)
        await writer.drain()
        writer.close()


class Led(NamedTuple):
    """A proxy before a server."""

    far: Far
    place: Place
    variables: dict[str, str]

    @property
    def port(self) -> int:
        return int(self.variables["HTTPS_PROXY"].rpartition(":")[2])

    def client(self) -> httpx.AsyncClient:
        trusted = ssl.create_default_context(cafile=self.variables["SSL_CERT_FILE"])
        return httpx.AsyncClient(proxy=self.variables["HTTPS_PROXY"], verify=trusted, trust_env=False)

    async def raw(self, said: bytes) -> bytes:
        """Say bytes to the proxy and nothing more; all that comes back."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(said)
            writer.write_eof()
            return await reader.read()
        except ConnectionError:
            return b""
        finally:
            writer.close()


@asynccontextmanager
async def proxied(folder: Path, *, others: bool = False) -> AsyncIterator[Led]:
    far = Far()
    server = await asyncio.start_server(far.answer, "127.0.0.1")
    place = Place("http", "127.0.0.1", server.sockets[0].getsockname()[1])
    async with open_proxy(place, SystemClock(), folder=folder, others=others) as variables:
        yield Led(far, place, variables)
    server.close()


@pytest.fixture
async def led(tmp_path: Path) -> AsyncIterator[Led]:
    async with proxied(tmp_path / "trust") as led:
        yield led


async def test_requests_arrive_as_if_they_had_been_meant_for_the_server(led: Led) -> None:
    async with led.client() as client:
        for _ in range(2):
            headers = {"origin": "https://www.themoviedb.org", "referer": "https://www.themoviedb.org.evil.test/"}
            answer = await client.post("https://www.themoviedb.org/a%20b?c=%2F&d", content=b"body", headers=headers)
            assert (answer.text, answer.headers["x-kept"]) == ("hello", "yes")
            assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]
            client.cookies.clear()
    first, second = led.far.heard
    assert first == second
    assert first.startswith(b"POST /a%20b?c=%2F&d HTTP/1.1\r\n")
    assert first.endswith(b"\r\n\r\nbody")
    assert f"host: {led.place.authority}\r\n".encode() in first
    assert f"origin: {led.place.origin}\r\n".encode() in first
    assert b"referer: https://www.themoviedb.org.evil.test/\r\n" in first
    assert b"proxy" not in first.lower()


async def test_a_way_on_leads_back_to_the_host_that_was_asked(led: Led) -> None:
    led.far.says = b"HTTP/1.1 303 See\r\ncontent-length: 0\r\nlocation: %s/next\r\n\r\n" % led.place.origin.encode()
    async with led.client() as client:
        assert (await client.get("https://themoviedb.org/")).headers["location"] == "https://themoviedb.org/next"


@pytest.mark.parametrize(
    ("says", "seen"),
    [
        pytest.param(b"", httpx.RemoteProtocolError, id="cut before a word"),
        pytest.param(KEPT[:30], httpx.RemoteProtocolError, id="cut in the head"),
        pytest.param(KEPT[:-2], httpx.RemoteProtocolError, id="cut in the body"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhel", httpx.RemoteProtocolError, id="cut"
        ),
        pytest.param(b"\0\0 what\r\n\r\n", httpx.RemoteProtocolError, id="no HTTP"),
    ],
)
async def test_what_breaks_off_there_breaks_off_here(led: Led, says: bytes, seen: type[Exception]) -> None:
    led.far.says = says
    async with led.client() as client:
        with pytest.raises(seen):
            await client.get("https://api.themoviedb.org/3/movie/550")
        led.far.says = KEPT
        assert (await client.get("https://api.themoviedb.org/3/movie/550")).text == "hello"


async def test_a_body_that_breaks_off_is_heard_up_to_there(led: Led) -> None:
    led.far.says = KEPT[:-2]
    async with led.client() as client, client.stream("GET", "https://api.themoviedb.org/") as answer:
        parts = answer.aiter_raw()
        assert await anext(parts) == b"hel"
        with pytest.raises(httpx.RemoteProtocolError):
            await anext(parts)


async def test_chunks_and_answers_without_a_length_pass(led: Led) -> None:
    async with led.client() as client:
        for says in (
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
            b"HTTP/1.0 200 OK\r\n\r\nhello",
            b"HTTP/1.1 100 Continue\r\n\r\n" + KEPT,
        ):
            led.far.says = says
            assert (await client.get("https://api.tmdb.org/")).text == "hello"


async def test_nobody_behind_it_is_told_as_such(tmp_path: Path) -> None:
    async with proxied(tmp_path / "trust") as led:
        nobody = Place("http", "127.0.0.1", 1)
    async with (
        open_proxy(nobody, SystemClock(), folder=tmp_path / "trust") as variables,
        Led(led.far, nobody, variables).client() as client,
    ):
        answer = await client.get("https://api.themoviedb.org/3/movie/550")
    assert (answer.status_code, "admitone sandbox" in answer.text) == (502, True)


HOSTILE = {
    b"GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n": 400,
    b"GET /3/movie/550 HTTP/1.1\r\nhost: api.themoviedb.org\r\n\r\n": 400,
    b"CONNECT example.com:443 HTTP/1.1\r\nhost: example.com\r\n\r\n": 403,
    b"CONNECT api.themoviedb.org:22 HTTP/1.1\r\nhost: x\r\n\r\n": 403,
    b"CONNECT api.themoviedb.org.evil.test:443 HTTP/1.1\r\nhost: x\r\n\r\n": 403,
    b"CONNECT 127.0.0.1:443 HTTP/1.1\r\nhost: x\r\n\r\n": 403,
    b"CONNECT api.themoviedb.org HTTP/1.1\r\nhost: x\r\n\r\n": 400,
    b"CONNECT api.themoviedb.org:99999 HTTP/1.1\r\nhost: x\r\n\r\n": 400,
    b"CONNECT \xff:443 HTTP/1.1\r\nhost: x\r\n\r\n": 400,
    b"GET http://api.themoviedb.org@evil.test/ HTTP/1.1\r\nhost: x\r\n\r\n": 400,
    b"GET http://evil.test/ HTTP/1.1\r\nhost: api.themoviedb.org\r\n\r\n": 403,
    b"GET http://api.themoviedb.org:22/ HTTP/1.1\r\nhost: x\r\n\r\n": 403,
    b"GET http://[::1/ HTTP/1.1\r\nhost: x\r\n\r\n": 400,
    b"GET ftp://api.themoviedb.org/ HTTP/1.1\r\nhost: x\r\n\r\n": 400,
    b"GET http://api.themoviedb.org/ HTTP/1.1\r\nhost: x\r\nhost: y\r\n\r\n": 400,
    b"PUT http://tmdb.org/ HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n": None,
    b"GET http://api.themoviedb.org/ HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n": 400,
    b"GET http://api.themoviedb.org/ HTTP/1.1\r\n\r\n": 400,
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03": 400,
    b"GET http://api.themoviedb.org/" + b"x" * 200_000 + b" HTTP/1.1\r\nhost: x\r\n\r\n": None,
    b"CONNECT api.themoviedb.org:443 HTTP/1.1\r\nhost: x\r\n\r\nGET / HTTP/1.1\r\n\r\n": None,
    b"": None,
    b"\r\n\r\n\r\n": None,
}


@pytest.mark.parametrize("said", HOSTILE, ids=range(len(HOSTILE)))
async def test_whatever_clients_say_is_answered_or_hung_up_on(led: Led, said: bytes) -> None:
    heard = await led.raw(said)
    status = HOSTILE[said]
    if status is None:
        assert b" 200 OK" not in heard
    else:
        assert heard.startswith(b"HTTP/1.1 %d " % status), heard
    assert led.far.heard == []
    async with led.client() as client:
        assert (await client.get("https://api.themoviedb.org/")).text == "hello"


async def test_a_whole_address_by_a_client_that_does_not_know_connect_is_understood(led: Led) -> None:
    heard = await led.raw(
        b"GET https://api.themoviedb.org/3?a=b HTTP/1.1\r\nhost: x\r\nproxy-connection: close\r\n\r\n"
    )
    assert heard.endswith(b"hello")
    assert led.far.heard[0].startswith(b"GET /3?a=b HTTP/1.1\r\n")


async def test_other_hosts_pass_by_choice_only(tmp_path: Path) -> None:
    async with proxied(tmp_path / "trust", others=True) as led:
        there = led.place.authority.encode()
        assert (await led.raw(b"GET http://%s/x HTTP/1.1\r\nhost: y\r\n\r\n" % there)).endswith(b"hello")
        tunnelled = await led.raw(b"CONNECT %s HTTP/1.1\r\nhost: y\r\n\r\nGET / HTTP/1.1\r\nhost: z\r\n\r\n" % there)
        assert tunnelled == b"HTTP/1.1 200 Connection established\r\n\r\n" + KEPT
        assert b" 502 " in await led.raw(b"CONNECT 127.0.0.1:1 HTTP/1.1\r\nhost: y\r\n\r\n")


def test_the_authority_can_speak_for_tmdb_and_nobody_else(tmp_path: Path) -> None:
    authority = Authority(SystemClock())
    alone, _ = write_trust(authority, tmp_path / "trust")
    outcomes = {}
    for host in ("api.themoviedb.org", "example.com"):
        server = authority.context(host, tmp_path)
        client = ssl.create_default_context(cafile=str(alone))
        client.verify_flags |= ssl.VERIFY_X509_STRICT
        outcomes[host] = shaken(client, server, host)
    assert outcomes == {"api.themoviedb.org": "trusted", "example.com": "permitted subtree violation"}
    constraints = authority.certificate.extensions.get_extension_for_class(x509.NameConstraints)
    assert constraints.critical


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_the_authority_can_speak_for_no_address(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = Authority(SystemClock())
    client = ssl.create_default_context(cadata=authority.pem.decode())
    # The names that it puts into a certificate are then addresses: whoever has its key could do so.
    monkeypatch.setattr(x509, "DNSName", lambda host: x509.IPAddress(ip_address(host)))
    assert shaken(client, authority.context(address, tmp_path), address) == "excluded subtree violation"


def shaken(client: ssl.SSLContext, server: ssl.SSLContext, host: str) -> str:
    """How a handshake in memory ends for the client."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    near = client.wrap_bio(to_client, to_server, server_hostname=host)
    far = server.wrap_bio(to_server, to_client, server_side=True)
    for _ in range(4):
        for side in (near, far):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLCertVerificationError as error:
                return error.verify_message
    return "trusted"


def test_a_folder_that_others_can_write_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    with pytest.raises(PermissionError):
        write_trust(Authority(SystemClock()), tmp_path)
