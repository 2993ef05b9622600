"""Knows one server: its addresses, the app's credential, and what its responses mean."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import quote

import httpx

from admitone_client.calls import Call
from admitone_client.errors import NAMED, Refused, Unreachable

T = TypeVar("T")

ACCEPT = {"Accept": "application/json"}


@dataclass(frozen=True, slots=True)
class Server:
    """Where the server is and who the app is to it: what every request to it has in common."""

    base_url: str
    site_url: str
    params: Mapping[str, str] = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)

    def approval_url(self, token: str, redirect_to: str | None) -> str:
        """The address of the page on which a person decides about `token`."""
        address = f"{self.site_url}/authenticate/{quote(token, safe='')}"
        return address if redirect_to is None else f"{address}?redirect_to={quote(redirect_to, safe='')}"


def describe(base_url: str, site_url: str | None, api_key: str | None, read_token: str | None) -> Server:
    """A server from what a caller gives; ValueError unless exactly one of `api_key` and `read_token` is there."""
    base_url = base_url.rstrip("/").removesuffix("/3")
    site_url = base_url if site_url is None else site_url.rstrip("/")
    if read_token is not None and api_key is None:
        return Server(base_url, site_url, {}, {**ACCEPT, "Authorization": f"Bearer {read_token}"})
    if api_key is not None and read_token is None:
        return Server(base_url, site_url, {"api_key": api_key}, ACCEPT)
    message = "Give either api_key or read_token"
    raise ValueError(message)


def unanswered(call: Call[T], error: httpx.HTTPError) -> Unreachable:
    """The failure of a call that got no answer."""
    return Unreachable(f"{call.method} {call.path} got no answer: {str(error) or type(error).__name__}")


def read(call: Call[T], response: httpx.Response) -> T:
    """What `response` means for `call`. Raises Refused for a no, Unreachable for what this protocol does not know."""
    stranger = Unreachable(f"{call.method} {call.path} got HTTP {response.status_code} from something else")
    try:
        answer = response.json()
    except ValueError as error:
        raise stranger from error
    if not isinstance(answer, dict):
        raise stranger
    if not response.is_success or answer.get("success") is False:
        raise refusal(response, answer) or stranger
    try:
        return call.parse(answer)
    except (KeyError, TypeError, ValueError) as error:
        raise stranger from error


def refusal(response: httpx.Response, answer: Mapping[str, Any]) -> Refused | None:
    """The refusal that `answer` states, under its name where it has one; None when it states none."""
    code, message = answer.get("status_code"), answer.get("status_message")
    if not isinstance(code, int) or not isinstance(message, str):
        return None
    seconds = response.headers.get("Retry-After", "")
    return NAMED.get(code, Refused)(response.status_code, code, message, int(seconds) if seconds.isdecimal() else None)
