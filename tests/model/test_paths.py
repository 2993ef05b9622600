"""Other writings of a path of the wire are that path, and no other path is ever made of them."""

from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admitone.model.web.paths import as_meant, with_one_slash, without_empty


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("/3//movie/550", "/3/movie/550"),
        ("/3/movie//550///rating/", "/3/movie/550/rating"),
        ("/4//list/1//items/", "/4/list/1/items"),
        ("/3/account/", "/3/account"),
        ("/3/account//", "/3/account"),
        ("/3/account//7/favorite/movies", "/3/account/7/favorite/movies"),
        *(
            (f"/3/account//{below}", f"/3/account/0/{below}")
            for below in ("lists", "favorite", "watchlist/tv", "rated/tv")
        ),
        ("/4/account//movie/favorites", "/4/account/0/movie/favorites"),
        ("/3/movie//rating", "/3/movie/rating"),
        # What is the wire's and in order, and what is somebody else's, however it is written.
        *(
            (path, path)
            for path in ("/3/movie/550", "/3", "/3/account/favorite", "/30//x/", "//3/x", "/lists//", "/", "")
        ),
    ],
)
def test_a_path_is_read_without_its_empty_parts(path: str, meant: str) -> None:
    assert as_meant(path) == meant


@given(
    parts=st.lists(st.sampled_from(["", "3", "4", "account", "favorite", "lists", "movie", "550", ".."]), max_size=8)
)
def test_nothing_is_read_into_a_path_but_an_account(parts: list[str]) -> None:
    kept = without_empty(parts)
    assert "" not in kept
    assert kept == [part for part in parts if part] or (kept[1:3] == ["account", "0"])
    assert without_empty(kept) == kept


def scope(raw: bytes) -> dict[str, Any]:
    """As a server tells of a path."""
    return {"type": "http", "raw_path": raw, "path": unquote(raw.decode("latin-1"))}


@pytest.mark.parametrize("raw", [b"//3/movie/550", b"///4/list/1", b"//3//movie%2F%2F550/"])
def test_slashes_before_the_wire_are_one(raw: bytes) -> None:
    made = with_one_slash(scope(raw))
    assert made == scope(b"/" + raw.lstrip(b"/"))


@pytest.mark.parametrize(
    "raw",
    [
        *(
            b"/3/movie/550",
            b"//",
            b"//3",
            b"//30/x",
            b"//account/apps",
            b"//health/ready",
            b"//sandbox/worlds",
            b"//metrics",
        ),
        *(b"/%2F3/movie/550", b"//%33/movie/550", b"//%2F3/x", b"//./3/x", b"/account//3/x", b"//x//3/x", b"", b"*"),
    ],
)
def test_everything_else_is_left_as_it_is(raw: bytes) -> None:
    before = scope(raw)
    assert with_one_slash(before) is before


def test_a_scope_without_bytes_of_its_path_is_left_as_it_is() -> None:
    assert with_one_slash(before := {"type": "http", "path": "//3/x"}) is before
