"""tmdbsimple, unmodified, does the whole story: approved in a real browser, and with a password."""

from collections.abc import Callable
from typing import Any

import pytest
import requests
import tmdbsimple

from tests.clients.chromium import approve
from tests.clients.conftest import Stage
from tests.clients.redirection import Redirection, redirected
from tests.world import PASSWORD

FILM, OTHER, UNKNOWN = 603692, 550, 10

Way = Callable[[Stage, str], None]


@pytest.fixture
def redirection(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Redirection:
    """The module, set up as its users do: the app's key, and a session of their own, which is led to our server."""
    session, redirection = redirected(stage.admitone, stage.server)
    monkeypatch.setattr(tmdbsimple, "API_KEY", stage.app.api_key)
    monkeypatch.setattr(tmdbsimple, "REQUESTS_SESSION", session)
    return redirection


def approve_in_a_browser(stage: Stage, token: str) -> None:
    """Open the link, sign in, look, approve; as a person does."""
    ended = approve(f"{stage.server.url}/authenticate/{token}")
    assert ended == f"{stage.server.url}/authenticate/{token}/allow"


def approve_by_login(_stage: Stage, token: str) -> None:
    """Where an app has no web view."""
    login = tmdbsimple.Authentication().token_validate_with_login
    assert refused(login, request_token=token, username="mira", password="a wrong password") == (401, 30)
    assert login(request_token=token, username="mira", password=PASSWORD)["request_token"] == token


def refused(call: Callable[..., Any], **arguments: Any) -> tuple[int, int]:
    """The status and the code of a refusal."""
    with pytest.raises(requests.HTTPError) as caught:
        call(**arguments)
    answer = caught.value.response.json()
    assert answer["success"] is False
    return caught.value.response.status_code, answer["status_code"]


@pytest.mark.parametrize("way", [approve_in_a_browser, approve_by_login])
def test_the_whole_story(stage: Stage, redirection: Redirection, way: Way) -> None:
    authentication = tmdbsimple.Authentication()
    token = authentication.token_new()["request_token"]
    assert authentication.expires_at.endswith(" UTC")
    assert refused(authentication.session_new, request_token=token) == (401, 17)

    way(stage, token)
    session = authentication.session_new(request_token=token)["session_id"]
    assert refused(authentication.session_new, request_token=token) == (401, 17)

    account = tmdbsimple.Account(session)
    assert account.info()["username"] == "mira"
    assert (account.name, account.iso_639_1) == ("Mira", "en")
    rates_films(account, session)
    keeps_a_list(session)

    assert authentication.session_delete(session_id=session) == {"success": True}
    assert refused(tmdbsimple.Account(session).info) == (401, 3)
    assert refused(authentication.session_delete, session_id=session) == (404, 37)
    assert "DELETE /3/authentication/session" in redirection.sent


def rates_films(account: "tmdbsimple.Account", session: str) -> None:
    film = tmdbsimple.Movies(FILM)
    assert film.rating(session_id=session, value=8.5)["status_code"] == 1
    assert film.rating(session_id=session, value=9)["status_code"] == 12
    assert tmdbsimple.Movies(OTHER).rating(session_id=session, value=0.5)["status_code"] == 1
    rated = account.rated_movies(sort_by="created_at.desc", page=1, language="en-US")
    assert [(row["id"], row["rating"]) for row in rated["results"]] == [(OTHER, 0.5), (FILM, 9.0)]
    assert (account.page, account.total_pages, account.total_results) == (1, 1, 2)

    assert film.rating_delete(session_id=session)["status_code"] == 13
    assert [row["id"] for row in account.rated_movies()["results"]] == [OTHER]
    assert refused(film.rating, session_id=session, value=11) == (400, 18)
    assert refused(tmdbsimple.Movies(UNKNOWN).rating, session_id=session, value=5) == (404, 34)


def keeps_a_list(session: str) -> None:
    new = tmdbsimple.Lists(0, session).list_create(name="Sunday", description="For rain")
    mine = tmdbsimple.Lists(new["list_id"], session)
    assert mine.add_item(media_id=FILM)["status_code"] == 12
    assert refused(mine.add_item, media_id=FILM) == (403, 8)
    details = mine.info()
    assert (details["name"], details["item_count"], details["created_by"]) == ("Sunday", 1, "mira")
    assert [row["id"] for row in details["items"]] == [FILM]
    assert mine.remove_item(media_id=FILM)["status_code"] == 13
    assert mine.remove_item(media_id=FILM)["status_code"] == 21
    assert mine.list_delete()["status_code"] == 13
    assert refused(mine.info) == (404, 34)


def test_a_read_token_does_in_place_of_the_key(
    stage: Stage, redirection: Redirection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tmdbsimple, "USE_BEARER_AUTH", True)
    monkeypatch.setattr(tmdbsimple, "API_KEY", stage.app.read_token)
    authentication = tmdbsimple.Authentication()
    token = authentication.token_new()["request_token"]
    approve_by_login(stage, token)
    session = authentication.session_new(request_token=token)["session_id"]

    assert tmdbsimple.Account(session).info()["username"] == "mira"


def test_a_wrong_key_is_told_as_one(stage: Stage, redirection: Redirection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tmdbsimple, "API_KEY", "0" * 32)

    assert refused(tmdbsimple.Authentication().token_new) == (401, 7)
