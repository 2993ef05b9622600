"""A cache before us keeps nobody's page for somebody else, and nothing that an attacker said: nginx (B13)."""

import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random

import httpx
import pytest

from tests.callers import App, Person
from tests.chaos.test_kill import free_port
from tests.databases import SqliteDatabases
from tests.running import Admitone, Nursery, program, until

# It keeps what it is told may be kept, by method, host and address, as nginx does when nothing else is said.
CONFIG = """
{user}daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log; events {{}}
http {{
    access_log off;
    proxy_cache_path {folder}/cache keys_zone=kept:1m; client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://127.0.0.1:{upstream}; proxy_cache kept; add_header X-Cache $upstream_cache_status always;
            proxy_set_header Host 127.0.0.1:{upstream}; proxy_set_header X-Forwarded-For $remote_addr;
        }}
    }}
}}
"""
EVIL = {
    "x-forwarded-host": "evil.example",
    "x-forwarded-scheme": "evil",
    "x-forwarded-prefix": "/evil",
    "x-forwarded-server": "evil.example",
    "x-original-url": "/evil",
    "x-rewrite-url": "/evil",
    "x-http-method-override": "POST",
    "forwarded": "host=evil.example;proto=evil",
    "origin": "https://evil.example",
    "referer": "https://evil.example/",
    "accept-language": "de",
    "user-agent": "evil",
    "range": "bytes=0-3",
}
SUFFIXES = ("", "/x.css", "/x.js", ";x.css", "%2fx.css", "?x.css", "/..%2fx.css", "/.css", "%00.css", "/x.css?y")


@pytest.fixture
def admitone(nursery: Nursery, tmp_path: Path, sqlite_databases: SqliteDatabases) -> Iterator[Admitone]:
    with program(nursery, tmp_path / "house", sqlite_databases.fresh()) as admitone:
        admitone.add_account("quillan")
        yield admitone


class Cache:
    """nginx before a port."""

    def __init__(self, folder: Path, upstream: int) -> None:
        folder.mkdir()
        self.port = free_port(Random())
        config = folder / "nginx.conf"
        user = "user root; " if os.geteuid() == 0 else ""  # else its worker could not get into the folder
        config.write_text(CONFIG.format(user=user, folder=folder, port=self.port, upstream=upstream))
        nginx = shutil.which("nginx") or "/usr/sbin/nginx"
        assert Path(nginx).exists(), "this test needs nginx: scripts/browser installs it"
        self._process = subprocess.Popen([nginx, "-p", folder, "-c", config, "-e", folder / "error.log"])
        self.url = f"http://127.0.0.1:{self.port}"
        self._http = httpx.Client(base_url=self.url, trust_env=False, timeout=30)
        until(self._answers, "nginx")

    def _answers(self) -> bool | None:
        try:
            return bool(self._http.get("/up"))
        except httpx.TransportError:
            return None

    def get(self, path: str, **headers: str) -> httpx.Response:
        """Ask through the cache."""
        return self._http.get(path, headers=headers)

    def close(self) -> None:
        self._http.close()
        self._process.terminate()
        self._process.wait(30)


def poisoned(cache: Cache, path: str, said: dict[str, str], secrets: tuple[str, ...]) -> list[str]:
    """What the next client gets to see after an attacker, or a victim who was lured, has asked for a path."""
    found = []
    for name, value in said.items():
        # Each probe has an address of its own, so that none hides behind what an earlier one left.
        probe = f"{path}{'&' if '?' in path else '?'}probe={name}"
        cache.get(probe, **{name: value})
        next_one = cache.get(probe)
        kept = next_one.headers.get("x-cache")  # none for what nginx answers by itself
        told = [secret for secret in (*secrets, "evil") if secret in next_one.text or secret in str(next_one.headers)]
        found += [f"{probe}: {secret} ({kept})" for secret in told]
        if kept == "HIT":
            fresh = cache.get(f"{probe}&fresh")
            found += [f"{probe}: another answer is kept"] if fresh.content != next_one.content else []
    return found


@pytest.mark.holds("B13", "F23")
def test_the_next_client_never_sees_what_the_first_one_said_or_got(admitone: Admitone, tmp_path: Path) -> None:
    credentials = admitone.add_app("CineShelf", "quillan")
    server = admitone.serve()
    person, app = Person(admitone, server), App(admitone, server, credentials)
    person.sign_in("quillan")
    cookie = "; ".join(f"{each.name}={each.value}" for each in person.http.cookies.jar)
    token = app.token()
    session = app.session("quillan")
    own = tuple(f"{path}{suffix}" for path in ("/account/profile", f"/authenticate/{token}") for suffix in SUFFIXES)
    for_all = ("/", "/signin", "/help", "/docs", "/robots.txt", "/nowhere", "/static/x.css", "/openapi.json")
    wire = ("/3/configuration", "/3/account", f"/3/account?session_id={session}", "/3/authentication/token/new")
    keyed = tuple(f"{path}{'&' if '?' in path else '?'}api_key={credentials.api_key}" for path in wire)
    cache = Cache(tmp_path / "nginx", server.port)
    try:
        secrets = ("Quillan", session)
        lured, evil = {"cookie": cookie}, {**EVIL, "cookie": cookie}
        found = [each for path in own for each in poisoned(cache, path, lured, secrets)]
        found += [each for path in (*own[:1], *for_all) for each in poisoned(cache, path, evil, secrets)]
        found += [each for path in keyed[:2] for each in poisoned(cache, path, evil, (session,))]
        assert found == []
        # Each call for a token is another one, and a person's answers are kept for nobody.
        tokens = [cache.get(keyed[3]) for _ in range(3)]
        assert len({answer.json()["request_token"] for answer in tokens}) == 3
        admitone.secrets |= {answer.json()["request_token"] for answer in tokens}
        assert [cache.get(keyed[2]).headers["x-cache"] for _ in range(3)] == ["MISS"] * 3
        # And it does keep what may be kept.
        assert [cache.get(keyed[0]).headers["x-cache"] for _ in range(2)] == ["MISS", "HIT"]
    finally:
        cache.close()


class Careless(BaseHTTPRequestHandler):
    """A server that builds its pages from what it is told, and lets everybody keep them."""

    def do_GET(self) -> None:
        body = f"{self.headers['x-forwarded-host']} {self.headers['cookie']}".encode()
        self.send_response(200)
        self.send_header("cache-control", "public, max-age=60")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_a_careless_server_would_be_found_out(tmp_path: Path) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Careless) as careless:
        threading.Thread(target=careless.serve_forever, daemon=True).start()
        cache = Cache(tmp_path / "nginx", careless.server_address[1])
        try:
            found = poisoned(cache, "/", {**EVIL, "cookie": "visit=Mira"}, ("Mira",))
        finally:
            cache.close()
            careless.shutdown()
    assert any("evil (HIT)" in each for each in found)
    assert any("Mira (HIT)" in each for each in found)
