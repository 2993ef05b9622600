"""This file imitates how TMDB really answers where that is not as documented: the profile `observed`.

Each rule has its source in the notes about the wire (G.1, G.9, G.11 with D.6, G.12 with C.5).
"""

import re
from dataclasses import replace

import msgspec

from admitone.sandbox.worlds import App, Past, World
from admitone.store.engine import MemoryStore

# Test suites of clients wait one to ten seconds after a write before they read it back (D.6).
LAG_MS = 2000
WRITES = {"POST", "PUT", "DELETE"}

_LIST = re.compile(r"/3/list/\d+[^/]*")
_NEW_LIST = re.compile(r"/4/list/?")
_GUEST_RATED = re.compile(r"/3/guest_session/[^/]+/rated/(movies|tv|tv/episodes)")
# What a write of people's own can change, and what shows it.
_WRITTEN = re.compile(r"/3/(movie|tv)/.*/rating|/3/account/[^/]+/(favorite|watchlist)|/[34]/list(/.*)?")
_SHOWN = re.compile(
    r"/3/account/[^/]+/(rated|favorite|watchlist|lists).*|/3/(movie|tv)/.*account_states|/[34]/list/.*|/4/account/.*"
    r"|/3/guest_session/.*"
)


def heard(method: str, path: str, body: bytes) -> bytes:
    """The body of a call as TMDB takes it: `public: false` on a new v4 list says nothing, only 0 does (G.12)."""
    if method != "POST" or not _NEW_LIST.fullmatch(path):
        return body
    try:
        said = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return body
    if not isinstance(said, dict) or said.get("public") is not False:
        return body
    return msgspec.json.encode({name: value for name, value in said.items() if name != "public"})


def before(world: World, method: str, path: str) -> None:
    """Remember how it was before a write, so that it is seen late (G.11)."""
    now = world.clock.now()
    if world.past is not None and now >= world.past.until:
        world.forget_past()
    store = world.house.store
    if method in WRITES and _WRITTEN.fullmatch(path) and world.past is None and isinstance(store, MemoryStore):
        copy = store.copy_of()
        world.past = Past(copy, world.around.compose(replace(world.house, store=copy)), now + LAG_MS)


def past_of(world: World, method: str, path: str) -> App | None:
    """What answers a read that does not yet show the newest writes."""
    return world.past.app if world.past is not None and method == "GET" and _SHOWN.fullmatch(path) else None


def code_instead(method: str, path: str, status: int, body: bytes) -> int | None:
    """TMDB's code where it says something else than was done: a deleted list (G.1), a guest's empty ratings (G.9)."""
    if method == "DELETE" and status == 200 and _LIST.fullmatch(path):
        return 11
    if method == "GET" and status == 200 and _GUEST_RATED.fullmatch(path) and b'"total_results":0' in body:
        return 34
    return None
