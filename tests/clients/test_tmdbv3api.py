"""tmdbv3api, unmodified, signs in and acts against `admitone serve`."""

import os

import pytest
import tmdbv3api
from tmdbv3api.exceptions import TMDbException

from tests.clients.conftest import Stage
from tests.clients.redirection import Redirection, redirected
from tests.world import PASSWORD

FILM = 278


@pytest.fixture
def redirection(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Redirection:
    """tmdbv3api, set up as its users do: a key, a session, no cache. It keeps all of it in the environment."""
    ours = ("TMDB_SESSION_ID", "TMDB_ACCOUNT_ID", "TMDB_LANGUAGE", "page", "total_results", "total_pages")
    for name in {*ours, *(name for name in os.environ if name.startswith("TMDB_"))}:
        monkeypatch.setenv(name, "")  # so that it is put back, whatever the client makes of it
        monkeypatch.delenv(name)
    monkeypatch.setenv("TMDB_CACHE_ENABLED", "False")
    monkeypatch.setenv("TMDB_API_KEY", stage.app.api_key)
    session, redirection = redirected(stage.admitone, stage.server)
    monkeypatch.setattr(tmdbv3api.TMDb, "_session", session)
    return redirection


def test_the_story_by_login(stage: Stage, redirection: Redirection) -> None:
    authentication = tmdbv3api.Authentication(username="mira", password=PASSWORD)
    account = tmdbv3api.Account()
    assert authentication.expires_at.endswith(" UTC")
    assert account.details().username == "mira"

    film = tmdbv3api.Movie()
    film.rate_movie(FILM, 8.5)
    assert [(row.id, row.rating) for row in account.rated_movies()] == [(FILM, 8.5)]
    assert account.total_results == "1"
    film.delete_rating(FILM)
    assert list(account.rated_movies(asc_sort=False)) == []

    lists = tmdbv3api.List()
    number = lists.create_list("Slow films", "For long evenings")
    lists.add_movie(number, FILM)
    assert [row.id for row in lists.details(number)] == [FILM]
    lists.remove_movie(number, FILM)
    lists.delete_list(number)
    with pytest.raises(TMDbException, match="could not be found"):
        lists.details(number)

    session = account.session_id
    authentication.delete_session()
    account.session_id = session
    with pytest.raises(TMDbException, match="Authentication failed"):
        account.details()
    assert "POST /3/authentication/token/validate_with_login" in redirection.sent


def test_a_wrong_password_is_told_as_one(stage: Stage, redirection: Redirection) -> None:
    with pytest.raises(TMDbException, match="Invalid username and/or password"):
        tmdbv3api.Authentication(username="mira", password="a wrong password")
