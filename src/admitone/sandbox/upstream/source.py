"""This file asks a real TMDB, or another Admit One, with a token of its own: patiently, but not for ever."""

import asyncio
import time
from typing import Final
from urllib.parse import urlsplit
from weakref import WeakValueDictionary

import httpx
import msgspec

import admitone
from admitone.model.faults import Fault, Refused
from admitone.model.web.hosts import is_loopback_host
from admitone.sandbox.upstream.asking import Ask
from admitone.sandbox.upstream.keeping import Cache, Found
from admitone.sandbox.upstream.tape import Recorder

CONNECTING_S: Final = 5.0
PATIENCE_S: Final = 15.0  # for a whole answer
LARGEST: Final = 8 * 1024 * 1024
LONGEST_WAIT_S: Final = 3600


class Upstream:
    """One upstream, its cache, and the tape on which its answers are recorded if they are."""

    def __init__(
        self,
        url: str,
        token: str,
        *,
        recorder: Recorder | None = None,
        patience_s: float = PATIENCE_S,
        cache: Cache | None = None,
    ) -> None:
        """`url` is an origin, https unless it is on this machine; `token` a read access token. Raises ValueError."""
        self._cache = Cache() if cache is None else cache
        self._recorder = recorder
        self._patience_s = patience_s
        self._asking: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._http = httpx.AsyncClient(
            base_url=_origin(url),
            headers={
                "Authorization": f"Bearer {_bearer(token)}",
                "Accept": "application/json",
                "User-Agent": f"admitone/{admitone.__version__}",
            },
            timeout=httpx.Timeout(patience_s, connect=min(CONNECTING_S, patience_s)),
            follow_redirects=False,
        )

    async def find(self, ask: Ask) -> Found:
        """What it answers, or has answered a while ago; one question at a time is asked once."""
        key = ask.target
        async with self._asking.setdefault(key, asyncio.Lock()):
            return await self._found(key, ask)

    async def aclose(self) -> None:
        """Close what is open."""
        await self._http.aclose()

    async def _found(self, key: str, ask: Ask) -> Found:
        kept = self._cache.find(key)
        if kept is not None and time.monotonic() < kept.fresh_until:
            return kept.found
        known = {"If-None-Match": kept.found.etag} if kept is not None and kept.found.etag else {}
        told, body = await self._ask(key, known)
        cache_control, age = told.headers.get("cache-control", ""), told.headers.get("age", "")
        if told.status_code == 304 and kept is not None:
            return self._cache.renew(key, kept, cache_control, age, time.monotonic())
        found = _judged(told, body, cache_control)
        self._cache.keep(key, found, age, time.monotonic())
        if self._recorder is not None and found.status in (200, 404):
            await asyncio.to_thread(self._recorder.write, ask, found)
        return found

    async def _ask(self, target: str, headers: dict[str, str]) -> tuple[httpx.Response, bytes]:
        try:
            async with asyncio.timeout(self._patience_s), self._http.stream("GET", target, headers=headers) as told:
                body = b""
                async for part in told.aiter_bytes():
                    body += part
                    if len(body) > LARGEST:
                        raise Refused(Fault.UPSTREAM_BAD, detail=f"more than {LARGEST} bytes")
                return told, body
        except (httpx.TimeoutException, TimeoutError) as error:
            raise Refused(Fault.UPSTREAM_SLOW) from error
        except httpx.ConnectError as error:
            raise Refused(Fault.UPSTREAM_DOWN) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Refused(Fault.UPSTREAM_BAD, detail=type(error).__name__) from error


def _judged(told: httpx.Response, body: bytes, cache_control: str) -> Found:
    """What can be handed on; what is about us and the upstream only is told as a fault of that."""
    status = told.status_code
    if status in (401, 403):
        raise Refused(Fault.UPSTREAM_REFUSED, detail=f"it answered {status}")
    if status >= 500 or 300 <= status < 400:
        raise Refused(Fault.UPSTREAM_BAD, detail=f"it answered {status}")
    wait = told.headers.get("retry-after", "")
    retry_after = min(int(wait), LONGEST_WAIT_S) if wait.isascii() and wait.isdecimal() else None
    if status == 429:
        raise Refused(Fault.RATE_LIMITED, retry_after=retry_after, detail="by the upstream")
    try:
        is_json = isinstance(msgspec.json.decode(body), dict | list)
    except (msgspec.DecodeError, RecursionError):
        is_json = False
    if not is_json:
        raise Refused(Fault.UPSTREAM_BAD, detail="not JSON")
    etag = told.headers.get("etag", "")
    return Found(status, body, etag if etag.isascii() and etag.isprintable() else "", cache_control)


def _origin(url: str) -> str:
    parts = urlsplit(url.removesuffix("/"))
    secure = parts.scheme == "https" or (parts.scheme == "http" and is_loopback_host(parts.hostname or ""))
    if not secure or not parts.hostname or parts.path or parts.query or parts.username is not None:
        raise ValueError("the upstream is at an address like https://api.themoviedb.org")
    return f"{parts.scheme}://{parts.netloc}"


def _bearer(token: str) -> str:
    token = token.strip()
    if (
        token.count(".") != 2
        or not token.isascii()
        or not token.replace(".", "").replace("_", "").replace("-", "").isalnum()
    ):
        raise ValueError("the upstream's token is its read access token: three parts with dots between them")
    return token
