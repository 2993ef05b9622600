"""A server that nobody has come to: what it holds, and that loading the rest keeps no caller waiting."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from tests.running import SERVING, Admitone, until
from tests.world import PASSWORD

# What takes more than half a megabyte, and is needed by people, by an upgrade, by another command, or by nobody.
LARGE = {
    *("admitone.pages.app", "admitone.sandbox.worlds", "admitone.wire.openapi"),
    *("aiosmtplib", "alembic", "argon2", "babel", "cryptography", "email_validator", "greenlet", "httpx", "jinja2"),
    *("mako", "rich", "segno", "sqlalchemy.ext.asyncio", "sqlalchemy.orm", "starlette", "webauthn", "zxcvbn"),
}

# The program itself, which tells for each line what is loaded, and what the loop's thread has loaded since the last.
TOLD = """
import json
import sys
import threading

by_the_loop = []

class Looked:
    def find_spec(self, name, path=None, target=None):
        if threading.current_thread() is threading.main_thread():
            by_the_loop.append(name)

def tell():
    for _ in sys.stdin:
        print(json.dumps([sorted(sys.modules), by_the_loop]), flush=True)
        by_the_loop.clear()

sys.meta_path.insert(0, Looked())
threading.Thread(target=tell, daemon=True).start()
from admitone.cli import main
main()
"""


class Loaded(NamedTuple):
    """What a server has loaded, and what its loop has loaded itself, so that everybody waited."""

    large: set[str]
    by_the_loop: set[str]


class Server:
    """A server of its own process, not forked from one in which all is loaded."""

    def __init__(self, process: "subprocess.Popen[str]", client: httpx.Client) -> None:
        self._process = process
        self.client = client
        self.loaded()  # what the start took is nobody's burden

    def loaded(self) -> Loaded:
        assert self._process.stdin
        assert self._process.stdout
        print(file=self._process.stdin, flush=True)
        there, by_the_loop = json.loads(self._process.stdout.readline())
        return Loaded(LARGE & set(there), LARGE & set(by_the_loop))


@pytest.fixture
def server(peopled: Admitone, tmp_path: Path) -> Iterator[Server]:
    peopled.run("sweep")  # it is ready: the first start of all makes it so
    err = tmp_path / "err"
    with err.open("w") as written:
        process = subprocess.Popen(
            [sys.executable, "-c", TOLD, "serve"],
            cwd=peopled.folder,
            env=peopled.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=written,
            text=True,
        )
    try:
        found = until(lambda: SERVING.search(err.read_text()), "server")
        with httpx.Client(base_url=found["origin"], timeout=60) as client:
            yield Server(process, client)
    finally:
        process.terminate()
        process.communicate(timeout=60)


def test_a_server_loads_what_people_need_when_they_come_and_beside_its_loop(peopled: Admitone, server: Server) -> None:
    app = peopled.add_app("CineShelf", "mira")
    key = {"api_key": app.api_key}
    assert server.client.get("/health/ready").status_code == 200
    assert server.client.get("/3/account", headers={"authorization": "Bearer eyJ.eyJ.x"}).status_code == 401
    token = server.client.get("/3/authentication/token/new", params=key).json()["request_token"]
    assert server.loaded() == (set(), set())

    login = {"request_token": token, "password": PASSWORD}
    for username, status in (("mira@admit.example", 401), ("mira", 200)):
        sent = {**login, "username": username}
        said = server.client.post("/3/authentication/token/validate_with_login", params=key, json=sent)
        assert said.status_code == status
    loaded = server.loaded()
    assert loaded.large >= {"argon2", "cryptography", "email_validator", "jinja2"}
    assert loaded.by_the_loop == set()

    for path in ("/signin", "/docs", "/openapi.json"):
        assert server.client.get(path).status_code == 200
    loaded = server.loaded()
    assert loaded.large >= {"admitone.pages.app", "admitone.wire.openapi", "segno", "starlette", "webauthn"}
    assert loaded.by_the_loop == set()
