"""Turns what the server answers into values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class RequestToken:
    """Asks a person for permission, once. `token` is a secret and therefore not part of the repr."""

    token: str = field(repr=False)
    expires_at: datetime

    @classmethod
    def parse(cls, answer: Mapping[str, Any]) -> Self:
        """Read the answer of token/new and of token/validate_with_login."""
        return cls(text(answer, "request_token"), instant(text(answer, "expires_at")))


@dataclass(frozen=True, slots=True)
class Account:
    """The person whom a session acts for."""

    id: int
    username: str
    name: str
    language: str
    country: str
    include_adult: bool

    @classmethod
    def parse(cls, answer: Mapping[str, Any]) -> Self:
        """Read the answer of account."""
        return cls(
            id=int(answer["id"]),
            username=text(answer, "username"),
            name=text(answer, "name"),
            language=text(answer, "iso_639_1"),
            country=text(answer, "iso_3166_1"),
            include_adult=bool(answer["include_adult"]),
        )


def text(answer: Mapping[str, Any], key: str) -> str:
    """The text under `key`; TypeError when it is something else."""
    value = answer[key]
    if not isinstance(value, str):
        message = f"{key} is not text"
        raise TypeError(message)
    return value


def instant(written: str) -> datetime:
    """An instant as the wire writes it, `2026-01-01 00:00:00 UTC`, with its time zone."""
    return datetime.strptime(written, "%Y-%m-%d %H:%M:%S UTC").replace(tzinfo=UTC)
