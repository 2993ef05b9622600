"""Only reads of the catalogue are asked upstream, and of those nothing that is a person's or that nobody knows."""

import pytest

from admitone.sandbox.upstream.asking import read_of
from admitone.wire.routes import ROUTES

SECRET = "0123456789abcdef0123456789abcdef01234567"

GOES = {
    "/3/movie/550": "/3/movie/550",
    "/3/movie/550-fight-club?language=de-DE": "/3/movie/550-fight-club?language=de-DE",
    "/3/movie/550/": "/3/movie/550",
    "/3//movie//550//": "/3/movie/550",
    "/3/movie/550/credits": "/3/movie/550/credits",
    "/3/tv/1396/season/1/episode/2/images?include_image_language=en,null": (
        "/3/tv/1396/season/1/episode/2/images?include_image_language=en%2Cnull"
    ),
    "/3/search/movie?query=fight%20club&page=2": "/3/search/movie?page=2&query=fight+club",
    "/3/discover/movie?vote_average.gte=8&with_genres=18|35&without_keywords=1&sort_by=revenue.desc": (
        "/3/discover/movie?sort_by=revenue.desc&vote_average.gte=8&with_genres=18%7C35&without_keywords=1"
    ),
    "/3/trending/all/day": "/3/trending/all/day",
    "/3/find/tt0137523?external_source=imdb_id": "/3/find/tt0137523?external_source=imdb_id",
    "/3/configuration/countries": "/3/configuration/countries",
    "/3/watch/providers/movie?watch_region=DE": "/3/watch/providers/movie?watch_region=DE",
    f"/3/movie/550?api_key={SECRET}&session_id={SECRET}&guest_session_id={SECRET}": "/3/movie/550",
    f"/3/movie/550?request_token={SECRET}&username=mira&password=x&token={SECRET}&{SECRET}={SECRET}": "/3/movie/550",
    f"/3/movie/550?query={SECRET * 20}": "/3/movie/550",
    "/3/movie/550?language=de&language=en": "/3/movie/550?language=de",
    "/3/movie/popular?page=1&language=de&page=2": "/3/movie/popular?language=de&page=2",
    "/3/movie/550?append_to_response=credits,account_states,watch/providers": (
        "/3/movie/550?append_to_response=credits%2Cwatch%2Fproviders"
    ),
    "/3/movie/550?append_to_response=account_states": "/3/movie/550",
}
STAYS = [
    "/3/account",
    "/3/account/0/rated/movies",
    "/3/authentication/token/new",
    "/3/authentication/guest_session/new",
    "/3/guest_session/1/rated/movies",
    "/3/list/1",
    "/3/movie/550/account_states",
    "/3/movie/550/rating",
    "/3/movie/550/lists",
    "/3/tv/1396/season/1/account_states",
    "/4/account/x/movie/rated",
    "/4/list/1",
    "/4/movie/550",
    "/3/",
    "/3/movie/../account",
    "/3/movie/%2e%2e/account",
    "/3/movie/550%2faccount_states",
    "/3/movie/550//account_states/..",
    "/3/Movie/550",
    "/3/movie\\550",
    "/3//account",
    "/3//movie//550//rating",
    "/3/movie/550//account_states/",
    "/3/account//favorite/movies",
    "/3/movie/550?callback=f",
    "/3/movie/550?append_to_response=../account",
    "/3/movie/550?append_to_response=credits%0d%0a",
    "/3/movie/550?language=%ff",
    "/sandbox/worlds",
    "/authenticate/x",
]


def asked(address: str, method: str = "GET") -> str | None:
    path, _, query = address.partition("?")
    read = read_of(method, path.encode("latin-1"), query.encode("latin-1"))
    return read.ask.target if read else None


@pytest.mark.parametrize("address", GOES)
def test_a_read_of_the_catalogue_is_asked_without_what_is_not_known(address: str) -> None:
    assert asked(address) == GOES[address]
    assert asked(address, "HEAD") == GOES[address]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "CONNECT", "get"])
def test_no_write_leaves(method: str) -> None:
    assert [address for address in GOES if asked(address, method)] == []


@pytest.mark.parametrize("address", STAYS)
def test_what_is_a_person_s_stays(address: str) -> None:
    assert asked(address) is None


def test_no_operation_of_a_person_leaves_whatever_it_is_called() -> None:
    personal = ("Account", "Rater")
    routes = [route for route in ROUTES if route.who.name.title() in personal or route.writes]
    assert len(routes) > 20
    assert [route.path for route in routes if asked(route.path.replace("{", "").replace("}", ""), route.method)] == []


def test_personal_parts_are_named_to_be_answered_here() -> None:
    read = read_of("GET", b"/3/movie/550", b"append_to_response=credits,account_states,lists")
    assert read
    assert read.personal == ("account_states", "lists")
