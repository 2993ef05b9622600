"""A TMDB sign-in and everything that goes wrong with it, by tmdbsimple, which never heard of Admit One."""

import pytest
import requests
from tmdbsimple import Account, Authentication, Movies


def refused(call, **arguments):
    """TMDB's code of a refusal."""
    with pytest.raises(requests.HTTPError) as error:
        call(**arguments)
    return error.value.response.json()["status_code"]


def test_approval_by_script(admitone):
    admitone.script("approve")
    token = Authentication().token_new()["request_token"]
    session = Authentication().session_new(request_token=token)["session_id"]
    account = Account(session)
    assert account.info()["username"] == "mira"
    Movies(550).rating(session_id=session, value=8.5)
    assert account.rated_movies()["results"][0]["rating"] == 8.5


def test_denial(admitone):
    token = Authentication().token_new()["request_token"]
    admitone.person("mira").denies(token)
    assert refused(Authentication().session_new, request_token=token) == 17


def test_expiry(admitone):
    token = Authentication().token_new()["request_token"]
    admitone.person("mira").approves(token)
    admitone.clock.advance(minutes=61)
    assert refused(Authentication().session_new, request_token=token) == 17


def test_revoked_session(admitone):
    session = admitone.person("mira").session()
    assert Account(session).info()["username"] == "mira"
    Authentication().session_delete(session_id=session)
    assert refused(Account(session).info) == 3


def test_wrong_password(admitone):
    token = Authentication().token_new()["request_token"]
    login = {"username": "mira", "password": "not this one", "request_token": token}
    assert refused(Authentication().token_validate_with_login, **login) == 30
    login["password"] = admitone.person("mira").password
    assert Authentication().token_validate_with_login(**login)["success"] is True


def test_too_many_requests(admitone):
    admitone.faults.add("/3/movie/*", status=429, retry_after=7)
    with pytest.raises(requests.HTTPError) as error:
        Movies(550).info()
    assert error.value.response.headers["Retry-After"] == "7"
    assert Movies(550).info()["title"] == "Fight Club"


def test_slow_answer(admitone):
    admitone.faults.add("/3/movie/*", delay="2s")
    with pytest.raises(requests.ReadTimeout):
        Movies(550).info()


def test_cut_connection(admitone):
    admitone.faults.add("/3/movie/*", drop=True)
    with pytest.raises(requests.ConnectionError):
        Movies(550).info()
    assert Movies(550).info()["title"] == "Fight Club"
