"""What apps and people ask for, as the bytes of one request each; and what to read out of the answers."""

import re
from typing import Any, NamedTuple

from tests.chaos.line import Answer, Ask
from tests.world import PASSWORD

FORM_KEY = re.compile(rb'name="form_key" value="([^"]+)"')


class AppAsks(NamedTuple):
    """An app that asks with its key."""

    key: str

    def token(self) -> Ask:
        return self._ask("GET", "authentication/token/new")

    def login(self, token: str) -> Ask:
        form = {"username": "mira", "password": PASSWORD, "request_token": token}
        return self._ask("POST", "authentication/token/validate_with_login", form)

    def session(self, token: str) -> Ask:
        return self._ask("GET", "authentication/session/new", request_token=token)

    def account(self, session: str) -> Ask:
        return self._ask("GET", "account", session_id=session)

    def rating(self, session: str, film: int, halves: int) -> Ask:
        return self._ask("POST", f"movie/{film}/rating", {"value": str(halves / 2)}, session_id=session)

    def film(self, film: int) -> Ask:
        return self._ask("GET", f"movie/{film}")

    def end(self, session: str) -> Ask:
        return self._ask("DELETE", "authentication/session", session_id=session)

    def _ask(self, method: str, path: str, form: dict[str, str] | None = None, **query: str) -> Ask:
        pairs = "".join(f"&{name}={value}" for name, value in query.items())
        return Ask(method, f"/3/{path}?api_key={self.key}{pairs}", form)


class PersonAsks(NamedTuple):
    """A person's browser at the server on a port, with the cookie that signs them in."""

    port: int
    cookie: str = ""

    def sign_in_page(self) -> Ask:
        return Ask("GET", "/signin")

    def sign_in(self, page: Answer) -> Ask:
        form = {"username": "mira", "password": PASSWORD, "form_key": form_key(page)}
        return self._send("/signin", form, f"form={page.cookies['form']}")

    def ticket(self, token: str) -> Ask:
        return Ask("GET", f"/authenticate/{token}", None, {"cookie": self.cookie})

    def approve(self, token: str, ticket: Answer) -> Ask:
        return self._send(f"/authenticate/{token}", {"form_key": form_key(ticket), "decision": "approve"}, self.cookie)

    def _send(self, target: str, form: dict[str, str], cookie: str) -> Ask:
        return Ask("POST", target, form, {"cookie": cookie, "origin": f"http://127.0.0.1:{self.port}"})


def form_key(page: Answer) -> str:
    """The synchroniser in the one form of a page."""
    found = FORM_KEY.search(page.body)
    assert found, (page.status, page.body)
    return found[1].decode()


def visit_cookie(signed_in: Answer) -> str:
    """The cookie by which a browser is signed in."""
    assert signed_in.status == 303, signed_in
    return f"visit={signed_in.cookies['visit']}"


def refusal(answer: Answer) -> tuple[int, int]:
    """The status and code of a refusal."""
    content: dict[str, Any] = answer.json
    assert content["success"] is False
    return answer.status, content["status_code"]
