"""This file starts the peers, each with the same eight people, and says how each is asked who somebody is."""

import asyncio
import http.client
import json
import os
import shutil
import sys
import tomllib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

from admitone.wire.openapi import document
from bench import servers
from bench.floors.nginx import free_port
from bench.loads.call import Call

ROOT = Path(__file__).parents[2]
PROGRAMS = Path(__file__).parent / "programs"
CACHE = Path(os.environ.get("ADMITONE_BENCH_CACHE", ROOT / "bench" / ".cache"))
PYTHON = CACHE / "python"
NODE = CACHE / "node"
PEOPLE = 8
FILMS = 3000
ONE_WORKER = ("--workers", "1", "--worker-class", "gthread", "--threads", "4", "--keep-alive", "30")
GUNICORN = (*ONE_WORKER, "--no-control-socket", "--access-logfile", "-")


class Peer(NamedTuple):
    """One kind of call at a peer: how it is asked about each of the people, and what must stand in the answer.

    `proofs` are the words of which each answer must hold its own; of a mock all are the same.
    """

    name: str
    running: servers.Running
    calls: tuple[Call, ...]
    proofs: tuple[bytes, ...]
    status: int = 200


class Written(NamedTuple):
    """The calls of a rating at a peer."""

    name: str
    running: servers.Running
    calls: tuple[Call, ...]
    status: int = 201


def known_people(folder: Path) -> Path:
    """A file that says who is known."""
    written = folder / "people.json"
    written.write_text(json.dumps(people()), encoding="utf-8")
    return written


def people() -> list[dict[str, Any]]:
    """Who is known to each of them."""
    return [
        {
            "id": number + 1,
            "username": f"person{number}",
            "name": f"Person {number}",
            "gravatar": f"{number:032x}",
            "token": f"{number + 11:040x}",
        }
        for number in range(PEOPLE)
    ]


async def install() -> str:
    """Install what the locks name, if it is not; what is wrong where that cannot be done, else nothing."""
    script = ROOT / "scripts" / "peers"
    process = await asyncio.create_subprocess_exec(str(script), str(CACHE), stdout=sys.stderr, stderr=-1)
    _, complaint = await process.communicate()
    return complaint.decode().strip().splitlines()[-1:][0] if process.returncode else ""


Asked = list[Peer | Written]
Start = Callable[[Path, Path], AbstractAsyncContextManager[Asked]]


async def right(peer: Peer) -> None:
    """Make sure that it tells the right person for every credential. Raises Broken."""
    for call, proof in zip(peer.calls, peer.proofs, strict=True):
        status, body = await asyncio.to_thread(_answer, peer.running.port, call)
        if status != peer.status or proof not in body:
            raise servers.Broken(f"{peer.name} does not know {proof.decode()}: {status} {body[:300]!r}")


@asynccontextmanager
async def _django(known: Path, folder: Path) -> AsyncIterator[Asked]:
    async with _gunicorn("django_tokens", known, folder) as running:
        yield [
            _asked("DRF, token", running, _bearer("/rest/account", kind="Token")),
            _asked("django-oauth-toolkit", running, _bearer("/oauth/account")),
            _asked("django-oauth-toolkit, introspect", running, _introspected()),
        ]


@asynccontextmanager
async def _flask(known: Path, folder: Path) -> AsyncIterator[Asked]:
    async with _gunicorn("flask_authlib", known, folder) as running:
        yield [_asked("Authlib + Flask", running, _bearer("/account"))]


@asynccontextmanager
async def _fastapi(known: Path, folder: Path) -> AsyncIterator[Asked]:
    environment, port = await _furnished("fastapi_orm", known, folder), free_port()
    command = [str(PYTHON / "bin" / "uvicorn"), "--port", str(port), "fastapi_orm:app"]
    async with servers.listening(command, port, folder / "fastapi.log", environment, PROGRAMS) as running:
        yield [
            _asked("FastAPI + ORM", running, _queried("/3/account", "session_id", api_key="bench")),
            Written("FastAPI + ORM, rating", running, tuple(_ratings())),
        ]


@asynccontextmanager
async def _oidc(known: Path, folder: Path) -> AsyncIterator[Asked]:
    tokens = folder / "tokens.json"
    async with _node("oidc", ["oidc.mjs", str(known), str(tokens)], folder) as running:
        made = json.loads(await asyncio.to_thread(tokens.read_text, "utf-8"))
        yield [_asked("oidc-provider, userinfo", running, _bearer("/me", made))]


@asynccontextmanager
async def _prism(_known: Path, folder: Path) -> AsyncIterator[Asked]:
    described = folder / "openapi.json"
    described.write_text(json.dumps(document("http://127.0.0.1")), encoding="utf-8")
    program = "node_modules/@stoplight/prism-cli/dist/index.js"
    async with _node("prism", [program, "mock", str(described), "--port"], folder) as running:
        calls = _queried("/3/account", "session_id", api_key="0" * 32)
        yield [_asked("Prism, mock", running, calls, b'"username"')]


@asynccontextmanager
async def _json_server(_known: Path, folder: Path) -> AsyncIterator[Asked]:
    kept = folder / "json-server.json"
    accounts = [
        {
            "session_id": person["token"],
            "id": person["id"],
            "iso_639_1": "en",
            "iso_3166_1": "US",
            "name": person["name"],
            "include_adult": False,
            "username": person["username"],
            "avatar": {"gravatar": {"hash": person["gravatar"]}, "tmdb": {"avatar_path": None}},
        }
        for person in people()
    ]
    kept.write_text(json.dumps({"accounts": accounts}), encoding="utf-8")
    program = "node_modules/json-server/lib/cli/bin.js"
    async with _node("json-server", [program, "--host", "127.0.0.1", str(kept), "--port"], folder) as running:
        yield [_asked("json-server", running, _queried("/accounts", "session_id"))]


STARTS: dict[str, Start] = {
    "oidc-provider": _oidc,
    "Prism": _prism,
    "json-server": _json_server,
    "Authlib": _flask,
    "Django": _django,
    "FastAPI": _fastapi,
}


def versions() -> dict[str, str]:
    """Which versions are locked, and so were measured."""
    lock = json.loads((PROGRAMS / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    wanted = json.loads((PROGRAMS / "package.json").read_text(encoding="utf-8"))["dependencies"]
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    names = [entry.split(">")[0].split("[")[0] for entry in groups["peers"]] + ["django"]
    lines = (ROOT / "requirements" / "peers.txt").read_text(encoding="utf-8").splitlines()
    found = dict(line.split(" ")[0].split("==") for line in reversed(lines) if "==" in line)
    return {
        **{name: lock[f"node_modules/{name}"]["version"] for name in wanted},
        **{name: found[name] for name in names},
    }


def _asked(name: str, running: servers.Running, calls: Iterator[Call], proof: bytes = b"") -> Peer:
    proofs = tuple(proof or f"{person['username']}".encode() for person in people())
    return Peer(name, running, tuple(calls), proofs)


def _bearer(path: str, tokens: list[str] | None = None, kind: str = "Bearer") -> Iterator[Call]:
    for token in tokens or [person["token"] for person in people()]:
        yield Call(path, headers={"Authorization": f"{kind} {token}"})


def _queried(path: str, session: str, **query: str) -> Iterator[Call]:
    for person in people():
        yield Call(f"{path}?{urlencode({**query, session: person['token']})}")


def _introspected() -> Iterator[Call]:
    asking = {
        "Authorization": f"Bearer {people()[0]['token']}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    for person in people():
        yield Call("/o/introspect/", "POST", asking, urlencode({"token": person["token"]}))


def _ratings() -> Iterator[Call]:
    known = people()
    for number in range(4096):
        query = urlencode({"api_key": "bench", "session_id": known[number % len(known)]["token"]})
        target = f"/3/movie/{number * 7 % FILMS + 1}/rating?{query}"
        yield Call(target, "POST", {"Content-Type": "application/json"}, '{"value":8.5}')


@asynccontextmanager
async def _gunicorn(module: str, known: Path, folder: Path) -> AsyncIterator[servers.Running]:
    environment, port = await _furnished(module, known, folder), free_port()
    command = [str(PYTHON / "bin" / "gunicorn"), "--bind", f"127.0.0.1:{port}", *GUNICORN, f"{module}:application"]
    async with servers.listening(command, port, folder / f"{module}.log", environment, PROGRAMS) as running:
        yield running


async def _furnished(module: str, known: Path, folder: Path) -> dict[str, str]:
    environment = {"PEER_DATABASE": str(folder / f"{module}.db"), "PYTHONDONTWRITEBYTECODE": "1"}
    process = await asyncio.create_subprocess_exec(
        str(PYTHON / "bin" / "python"),
        str(PROGRAMS / f"{module}.py"),
        str(known),
        env={**os.environ, **environment},
        stderr=-1,
    )
    _, complaint = await process.communicate()
    if process.returncode:
        raise servers.Broken(f"{module}: {complaint.decode()}")
    return environment


@asynccontextmanager
async def _node(name: str, arguments: list[str], folder: Path) -> AsyncIterator[servers.Running]:
    """Run a program of Node's that takes its port last."""
    port = free_port()
    command = [shutil.which("node") or "node", *arguments, str(port)]
    async with servers.listening(command, port, folder / f"{name}.log", {"NODE_ENV": "production"}, NODE) as running:
        yield running


def _answer(port: int, call: Call) -> tuple[int, bytes]:
    """Make one call by an ordinary client."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=servers.PATIENCE_S)
    try:
        line.request(call.method, call.target, call.body or None, dict(call.headers))
        heard = line.getresponse()
        return heard.status, heard.read()
    finally:
        line.close()
