"""This file leads a session of requests to a sandbox where it means TMDB."""

from typing import Any, Final
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

from admitone.proxy.addresses import FIXED_HOSTS

SCHEMES: Final = ("https", "http")


class Redirection(HTTPAdapter):
    """Sends what is meant for TMDB to a sandbox, and says nothing of it to anybody."""

    def __init__(self, base_url: str) -> None:
        """`base_url` is the sandbox's."""
        super().__init__()
        self._place = urlsplit(base_url)

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """Send one request to the other place; no proxy of the environment is asked."""
        led = request.copy()
        meant = urlsplit(str(request.url))
        led.url = meant._replace(scheme=self._place.scheme, netloc=self._place.netloc).geturl()
        response = super().send(led, *args, **{**kwargs, "proxies": {}})
        # Who asked is answered, so that nobody who follows a way on from there leaves the way.
        response.url, response.request = str(request.url), request
        return response


def redirected(base_url: str, session: requests.Session | None) -> requests.Session:
    """The session, or a new one, that reaches the sandbox."""
    session = session or requests.Session()
    for scheme in SCHEMES:
        for host in FIXED_HOSTS:
            session.mount(f"{scheme}://{host}/", Redirection(base_url))
    return session
