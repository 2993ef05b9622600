"""Holds that the short ways through the wire lead where the long ones do."""

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admitone.wire import inputs
from admitone.wire.router import Router, segments
from admitone.wire.routes import ROUTES

WRITTEN_OUT = [route for route in ROUTES if "{" not in route.path]


def by_the_library(query: bytes) -> dict[str, str]:
    pairs = parse_qsl(query.decode("utf-8", "replace"), keep_blank_values=True, errors="replace")
    return dict(reversed(pairs))  # the first of each name counts


@given(st.text(alphabet="ab=&+%20;é\0", max_size=30).map(str.encode) | st.binary(max_size=30))
def test_a_query_is_read_as_the_library_reads_it(query: bytes) -> None:
    assert inputs.query_fields(query) == by_the_library(query)


@pytest.mark.parametrize("query", [b"", b"&", b"=", b"a", b"a=", b"=a", b"a=1&a=2", b"&&a==1&", b"a=%zz", b"a+b=c+d"])
def test_odd_queries_are_read_as_the_library_reads_them(query: bytes) -> None:
    assert inputs.query_fields(query) == by_the_library(query)


@pytest.mark.parametrize("route", WRITTEN_OUT, ids=lambda route: f"{route.method} {route.path}")
def test_a_path_written_out_is_found_where_the_walk_finds_it(route: object) -> None:
    router = Router(ROUTES)
    found, places = router.find(route.method, route.path)  # type: ignore[attr-defined]
    node = router._walk(router._root, segments(found.path), 0, [])
    assert node is not None
    assert found is route is node.routes[found.method]
    assert places == {}
