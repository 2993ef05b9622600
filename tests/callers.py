"""Calls a served Admit One from outside: as an app does, and as a person's browser does."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import httpx

from tests.pages.browser import Form
from tests.running import Admitone, Credentials, Server
from tests.world import PASSWORD

SECRETS = ("request_token", "session_id", "access_token")


class App:
    """An app with its key, over real HTTP."""

    def __init__(self, admitone: Admitone, server: Server, credentials: Credentials, **options: Any) -> None:
        self._admitone = admitone
        self.key = credentials.api_key
        self.read_token = credentials.read_token
        self.http = admitone.opened.enter_context(
            httpx.Client(base_url=server.url, timeout=60, trust_env=False, **options)
        )

    def call(self, method: str, path: str, body: Any = None, **query: Any) -> httpx.Response:
        """Call with the key in the query; a body goes as JSON. Whatever secret comes back must never be printed."""
        json = {} if body is None else {"json": body}
        response = self.http.request(method, path, params={"api_key": self.key, **query}, **json)
        answer = response.json()
        self._admitone.secrets |= {answer[name] for name in SECRETS if name in answer}
        return response

    def fourth(self, method: str, path: str, body: Any = None, token: str = "", **query: Any) -> httpx.Response:
        """Call the fourth generation, with the read token unless told otherwise."""
        headers = {"Authorization": f"Bearer {token or self.read_token}"}
        response = self.http.request(method, f"/4{path}", params=query, headers=headers, json=body)
        answer = response.json()
        self._admitone.secrets |= {answer[name] for name in SECRETS if name in answer}
        return response

    def approved_access(self, person: "Person") -> str:
        """A request token of the fourth generation that a person has approved at their browser."""
        token = str(self._good(self.fourth("POST", "/auth/request_token"))["request_token"])
        person.press(person.get(f"/auth/access?request_token={token}"), submit="Approve")
        return token

    def access_token(self, person: "Person") -> str:
        """A user access token of a person who is signed in at their browser."""
        token = self.approved_access(person)
        return str(self._good(self.fourth("POST", "/auth/access_token", {"request_token": token}))["access_token"])

    def token(self) -> str:
        """A new request token."""
        return str(self._good(self.call("GET", "/3/authentication/token/new"))["request_token"])

    def login(self, token: str, username: str = "mira", password: str = PASSWORD) -> httpx.Response:
        """Approve a request token with a password."""
        body = {"username": username, "password": password, "request_token": token}
        return self.call("POST", "/3/authentication/token/validate_with_login", body)

    def exchange(self, token: str) -> httpx.Response:
        """Exchange a request token."""
        return self.call("GET", "/3/authentication/session/new", request_token=token)

    def session(self, username: str = "mira", password: str = PASSWORD) -> str:
        """A session of a person, by login."""
        token = self.token()
        self._good(self.login(token, username, password))
        return str(self._good(self.exchange(token))["session_id"])

    def account(self, session: str) -> httpx.Response:
        """Who the session belongs to."""
        return self.call("GET", "/3/account", session_id=session)

    def rate(self, session: str, film: int, value: float) -> httpx.Response:
        """Rate a film."""
        return self.call("POST", f"/3/movie/{film}/rating", {"value": value}, session_id=session)

    def rated(self, session: str) -> dict[int, float]:
        """The films rated, with what they were given."""
        results = self._good(self.call("GET", "/3/account/0/rated/movies", session_id=session))["results"]
        return {row["id"]: row["rating"] for row in results}

    def _good(self, response: httpx.Response) -> dict[str, Any]:
        assert response.status_code in (200, 201), response.text
        answer: dict[str, Any] = response.json()
        return answer


class Person:
    """A person's browser without a screen: keeps cookies, follows nothing by itself, sends forms as browsers do."""

    def __init__(self, admitone: Admitone, server: Server, origin: str = "", **options: Any) -> None:
        self._admitone = admitone
        self.origin = origin or server.url
        self.http = admitone.opened.enter_context(
            httpx.Client(base_url=server.url, timeout=60, trust_env=False, **options)
        )

    def get(self, path: str) -> httpx.Response:
        """Open a page."""
        return self._kept(self.http.get(path))

    def press(self, page: httpx.Response, **fields: str) -> httpx.Response:
        """Send the one form of a page, with what was typed and the button pressed."""
        form = Form(page.text)
        assert form.action, page.text
        headers = {"origin": self.origin, "sec-fetch-site": "same-origin"}
        return self._kept(self.http.post(form.action, data={**form.hidden, **fields}, headers=headers))

    def sign_in(self, username: str = "mira", password: str = PASSWORD) -> httpx.Response:
        """Sign in by hand."""
        return self.press(self.get("/signin"), username=username, password=password)

    def approve(self, token: str) -> httpx.Response:
        """Look at a request and approve it."""
        return self.press(self.get(f"/authenticate/{token}"), decision="approve")

    def _kept(self, response: httpx.Response) -> httpx.Response:
        self._admitone.secrets |= {cookie.value for cookie in self.http.cookies.jar if cookie.value}
        return response


def elsewhere(answers: Iterable[httpx.Response], origin: str) -> list[str]:
    """Every address in headers and links of answers that leads to another place than `origin`."""
    found = []
    for answer in answers:
        addresses = [answer.headers.get(name, "") for name in ("location", "authentication-callback", "link")]
        for address in addresses:
            parts = urlsplit(address)
            if parts.netloc and f"{parts.scheme}://{parts.netloc}" != origin:
                found.append(address)
    return found
