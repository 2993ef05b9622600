"""This file shows a world to its developer: which request tokens and sessions there are, and in which state."""

from typing import NamedTuple

from admitone.flows.house import House
from admitone.model.request_tokens import State
from admitone.store.engine.tx import Tx
from admitone.store.worlds import overview
from admitone.store.worlds.overview import SessionRow, TokenRow

__all__ = ["EXPIRED", "Overview", "SessionRow", "TokenRow", "look", "state_of"]

MOST = 200
EXPIRED = "expired"


class Overview(NamedTuple):
    """What there is at `now`, newest first; at most 200 of each."""

    tokens: list[TokenRow]
    sessions: list[SessionRow]
    guests: list[SessionRow]
    now: int


async def look(_house: House, tx: Tx) -> Overview:
    """The request tokens and sessions of a world."""
    return Overview(
        await tx.all(overview.TOKENS, most=MOST),
        await tx.all(overview.SESSIONS, most=MOST),
        await tx.all(overview.GUESTS, most=MOST),
        tx.now,
    )


def state_of(token: TokenRow, now: int) -> str:
    """Where a request token is in its life; one that nobody spent or denied in time has expired."""
    if token.state in (State.PENDING, State.APPROVED) and now >= token.expires_at:
        return EXPIRED
    return token.state
