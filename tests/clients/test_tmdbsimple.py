"""tmdbsimple, unmodified, does the whole story: approved in a real browser, and with a password."""

from collections.abc import Callable, Iterator

import pytest
import requests
import tmdbsimple

from tests.clients.chromium import approve
from tests.clients.conftest import Stage
from tests.clients.redirection import redirected
from tests.world import PASSWORD

Way = Callable[[Stage, str], None]


@pytest.fixture
def client(stage: Stage) -> Iterator[Stage]:
    """The module, with the app's key and its session led to our server."""
    tmdbsimple.API_KEY = stage.app.api_key
    tmdbsimple.REQUESTS_SESSION, _ = redirected(stage.admitone, stage.server)
    yield stage
    tmdbsimple.REQUESTS_SESSION.close()
    tmdbsimple.REQUESTS_SESSION = None


def approve_in_a_browser(stage: Stage, token: str) -> None:
    """Open the link, sign in, look, approve; as a person does."""
    ended = approve(f"{stage.server.url}/authenticate/{token}")
    assert ended == f"{stage.server.url}/authenticate/{token}/allow"


def approve_by_login(_stage: Stage, token: str) -> None:
    """Where an app has no web view."""
    answer = tmdbsimple.Authentication().token_validate_with_login(
        request_token=token, username="mira", password=PASSWORD
    )
    assert answer["request_token"] == token


def refused(call: Callable[[], object]) -> int:
    """The code of a refusal."""
    with pytest.raises(requests.HTTPError) as caught:
        call()
    return int(caught.value.response.json()["status_code"])


@pytest.mark.parametrize("way", [approve_in_a_browser, approve_by_login])
def test_the_whole_story(client: Stage, way: Way) -> None:
    authentication = tmdbsimple.Authentication()
    token = authentication.token_new()["request_token"]
    assert refused(lambda: authentication.session_new(request_token=token)) == 17

    way(client, token)
    session = authentication.session_new(request_token=token)["session_id"]
    assert refused(lambda: authentication.session_new(request_token=token)) == 17

    account = tmdbsimple.Account(session)
    assert account.info()["username"] == "mira"
    rates_a_film(account, session)
    keeps_a_list(session)

    assert authentication.session_delete(session_id=session) == {"success": True}
    assert refused(tmdbsimple.Account(session).info) == 3


def rates_a_film(account: "tmdbsimple.Account", session: str) -> None:
    film = tmdbsimple.Movies(550)
    assert film.rating(session_id=session, value=8.5)["status_code"] == 1
    assert film.rating(session_id=session, value=9)["status_code"] == 12
    rated = account.rated_movies()
    assert [(row["id"], row["rating"]) for row in rated["results"]] == [(550, 9)]
    assert film.rating_delete(session_id=session)["status_code"] == 13
    assert account.rated_movies()["total_results"] == 0


def keeps_a_list(session: str) -> None:
    new = tmdbsimple.Lists(0, session).list_create(name="Sunday", description="For rain")
    mine = tmdbsimple.Lists(new["list_id"], session)
    assert mine.add_item(media_id=278)["status_code"] == 12
    assert refused(lambda: mine.add_item(media_id=278)) == 8
    assert [row["id"] for row in mine.info()["items"]] == [278]
    assert mine.remove_item(media_id=278)["status_code"] == 13
    assert mine.list_delete()["status_code"] == 13
    assert refused(mine.info) == 34
