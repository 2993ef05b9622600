"""Leads a client whose host is fixed to our server: below it, in the session of its HTTP library, and nowhere else."""

from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

from tests.running import Admitone, Server

FIXED_HOSTS = ("https://api.themoviedb.org/", "http://api.themoviedb.org/")
SECRETS = ("request_token", "session_id", "access_token")


class Redirection(HTTPAdapter):
    """Sends what is meant for TMDB to our server; `sent` is what that was, and no secret in it may ever be printed."""

    def __init__(self, admitone: Admitone, server: Server) -> None:
        super().__init__()
        self._admitone = admitone
        self._ours = urlsplit(server.url)
        self.sent: list[str] = []

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        there = urlsplit(str(request.url))
        self.sent.append(f"{request.method} {there.path}")
        request.url = there._replace(scheme=self._ours.scheme, netloc=self._ours.netloc).geturl()
        response = super().send(request, *args, **kwargs)
        answer = response.json()
        self._admitone.secrets |= {answer[name] for name in SECRETS if name in answer}
        return response


def redirected(admitone: Admitone, server: Server) -> tuple[requests.Session, Redirection]:
    """A session that reaches our server where it means TMDB."""
    session, redirection = requests.Session(), Redirection(admitone, server)
    session.trust_env = False
    admitone.opened.callback(session.close)
    for host in FIXED_HOSTS:
        session.mount(host, redirection)
    return session, redirection
