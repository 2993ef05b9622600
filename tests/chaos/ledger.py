"""Keeps account of what a server has answered, and compares it with what its database holds."""

from collections import Counter
from dataclasses import dataclass, field

from admitone.basics.digests import Digests, Kind
from admitone.basics.keyring import KeyRing
from tests import vault
from tests.running import Admitone

LIVE, ENDED = "live", "ended"
QUERIES = (
    "SELECT digest, state FROM request_tokens",
    "SELECT digest, token_digest, ended_at FROM sessions",
    "SELECT media_id, halves FROM ratings",
    "SELECT count(*) FROM visits",
    "SELECT kind FROM events",
)


@dataclass
class Ledger:
    """What may be, by what was asked and answered: one possibility where it was answered, more where it was cut off.

    Tokens and sessions by their text, with the states they may be in; ratings by film, with the halves they may have
    (None for no rating). `lost` and `doubled` say what was found missing, and how many sessions one token has.
    """

    admitone: Admitone
    tokens: dict[str, set[str]] = field(default_factory=dict)
    sessions: dict[str, set[str]] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    ratings: dict[int, set[int | None]] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)
    doubled: list[int] = field(default_factory=list)

    def made(self, token: str) -> None:
        self.tokens[token] = {"pending"}
        self.admitone.secrets.add(token)

    def began(self, session: str, token: str) -> None:
        """An exchange was answered."""
        self.tokens[token] = {"spent"}
        self.sessions[session] = {LIVE}
        self.origins[session] = token
        self.admitone.secrets.add(session)

    def check(self) -> None:
        """What was answered is there; what was not is wholly there or wholly not; no token has two sessions."""
        digests = Digests(KeyRing.load_or_make(self.admitone.key_ring))
        tokens, sessions, ratings, [(visits,)], events = vault.look(self.admitone.database, *QUERIES)
        states = {bytes(digest): state for digest, state in tokens}
        began = {bytes(digest): bytes(token) for digest, token, _ in sessions}
        ended = {bytes(digest): at is not None for digest, _, at in sessions}
        halves: dict[int, int] = {film: given for film, given in ratings}  # noqa: C416 - rows are no pairs to mypy

        for token, possible in self.tokens.items():
            if states.get(digests.of(Kind.REQUEST_TOKEN, token)) not in possible:
                self.lost.append(f"a token that is {sorted(possible)}")
        for session, possible in self.sessions.items():
            digest = digests.of(Kind.SESSION, session)
            if digest not in began or (ENDED if ended[digest] else LIVE) not in possible:
                self.lost.append(f"a session that is {sorted(possible)}")
            elif began[digest] != digests.of(Kind.REQUEST_TOKEN, self.origins[session]):
                self.lost.append("of which token a session is")
        self.lost += [
            f"a rating that is {given}" for film, given in self.ratings.items() if halves.get(film) not in given
        ]
        self.doubled += [times for times in Counter(began.values()).values() if times > 1]
        assert self.lost == []
        assert self.doubled == []
        assert set(halves) <= set(self.ratings)

        spent = [digest for digest, state in states.items() if state == "spent"]
        assert sorted(began.values()) == sorted(spent), "each spent token has one session, and each session its token"
        happened = Counter(kind for (kind,) in events)
        assert happened["token made"] == len(states)
        approved = happened["token approved"] + happened["token approved by login"]
        assert approved == len(spent) + sum(state == "approved" for state in states.values())
        assert happened["session started"] == len(began)
        assert happened["session ended"] == sum(ended.values())
        assert happened["signed in"] == visits
        self._whole()

    def _whole(self) -> None:
        if self.admitone.database.startswith("sqlite"):
            integrity, strangers = vault.look(
                self.admitone.database, "PRAGMA integrity_check", "PRAGMA foreign_key_check"
            )
            assert (integrity, strangers) == ([("ok",)], [])
