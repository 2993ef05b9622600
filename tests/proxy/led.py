"""Published clients as they are: nothing is told them but a key. Run with the proxy's variables, by test_clients.py."""

import os
import sys

import httpx
import tmdbsimple
import tmdbv3api

KEY, USERNAME, PASSWORD = (os.environ[name] for name in ("LED_KEY", "LED_USERNAME", "LED_PASSWORD"))


def by_tmdbsimple() -> str:
    tmdbsimple.API_KEY = KEY
    authentication = tmdbsimple.Authentication()
    token = authentication.token_new()["request_token"]
    authentication.token_validate_with_login(request_token=token, username=USERNAME, password=PASSWORD)
    session = authentication.session_new(request_token=token)["session_id"]
    tmdbsimple.Movies(550).rating(session_id=session, value=8.5)
    return str(tmdbsimple.Account(session).info()["username"])


def by_tmdbv3api() -> str:
    tmdb = tmdbv3api.TMDb()
    tmdb.api_key = KEY
    tmdbv3api.Authentication(username=USERNAME, password=PASSWORD)
    return str(tmdbv3api.Account().details().username)


def by_httpx() -> str:
    told = httpx.get("https://api.tmdb.org/3/movie/550", params={"api_key": KEY}).json()
    in_the_open = httpx.get("http://api.themoviedb.org/3/movie/550", params={"api_key": KEY}).json()
    assert told == in_the_open
    return str(told["title"])


def elsewhere() -> str:
    try:
        httpx.get("https://image.tmdb.org/t/p/w500/x.jpg")
    except httpx.ProxyError as error:
        return f"{error}".split()[0]
    return "reached"


for story in (by_tmdbsimple, by_tmdbv3api, by_httpx, elsewhere):
    print(f"{story.__name__}: {story()}", file=sys.stdout)
