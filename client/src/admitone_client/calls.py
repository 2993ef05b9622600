"""Describes each call once, as a value: what to send, and how to read the answer. The two clients carry them out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

from admitone_client.answers import Account, RequestToken, text

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """One request, and what its answer means. Secrets travel in `query` and `json`, which are not part of the repr."""

    method: Literal["GET", "POST", "DELETE"]
    path: str
    parse: Callable[[Mapping[str, Any]], T] = field(repr=False)
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    json: Mapping[str, Any] | None = field(default=None, repr=False)


def new_request_token() -> Call[RequestToken]:
    """Issue a request token."""
    return Call("GET", "/3/authentication/token/new", RequestToken.parse)


def validate_with_login(token: str, username: str, password: str) -> Call[RequestToken]:
    """Approve a request token with a login."""
    return Call(
        "POST",
        "/3/authentication/token/validate_with_login",
        RequestToken.parse,
        json={"username": username, "password": password, "request_token": token},
    )


def new_session(token: str) -> Call[str]:
    """Exchange an approved request token for a session id."""
    return Call(
        "POST",
        "/3/authentication/session/new",
        lambda answer: text(answer, "session_id"),
        json={"request_token": token},
    )


def delete_session(session_id: str) -> Call[None]:
    """End a session."""
    return Call("DELETE", "/3/authentication/session", lambda _: None, json={"session_id": session_id})


def account(session_id: str) -> Call[Account]:
    """Tell whose session it is."""
    return Call("GET", "/3/account", Account.parse, query={"session_id": session_id})
