"""Keeps account of what a server has answered, and compares it with what its database holds."""

import re
from collections import Counter
from dataclasses import dataclass, field

from admitone.basics.digests import Digests, Kind
from admitone.basics.keyring import KeyRing
from admitone.store.schema import metadata
from tests import vault
from tests.running import Admitone

LIVE, ENDED = "live", "ended"
QUERIES = (
    "SELECT digest, state FROM request_tokens",
    "SELECT digest, token_digest, ended_at FROM sessions",
    "SELECT media_id, halves FROM ratings",
    "SELECT count(*) FROM visits",
    "SELECT kind FROM events",
    # Sessions that are not their approver's, or not of the app that made the token.
    """
    SELECT s.id FROM sessions s JOIN request_tokens t ON t.digest = s.token_digest
    WHERE s.app_id <> t.app_id OR s.account_id <> t.decided_by
    """,
    # Ratings whose votes are not as they are, though written together; there is one person who rates.
    """
    SELECT r.media_id FROM ratings r LEFT JOIN votes v ON v.media_type = r.media_type AND v.media_id = r.media_id
    WHERE coalesce(v.people, 0) <> 1 OR coalesce(v.halves, 0) <> r.halves
    """,
)
FINAL = ("denied", "spent")
WORDS = re.compile(r"[\w.-]{16,}")


@dataclass
class Ledger:
    """What may be, by what was asked and answered: one possibility where it was answered, more where it was cut off.

    Tokens and sessions by their text, with the states they may be in; ratings by film, with the halves they may have
    (None for no rating). `lost` and `doubled` say what was found missing, and how many sessions one token has.
    `ends` are tokens and sessions that an earlier check has found at the end of their lives.
    """

    admitone: Admitone
    tokens: dict[str, set[str]] = field(default_factory=dict)
    sessions: dict[str, set[str]] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    ratings: dict[int, set[int | None]] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)
    doubled: list[int] = field(default_factory=list)
    ends: dict[bytes, str] = field(default_factory=dict)
    checks: int = 0

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
        """What was answered is there; what was not is wholly there or wholly not; no token has two sessions.

        Also while somebody is asking: all that may become of it is among what may be.
        """
        digests = Digests(KeyRing.load_or_make(self.admitone.key_ring))
        found = vault.look(self.admitone.database, *QUERIES)
        tokens, sessions, ratings, [(visits,)], events, strange, uncounted = found
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
        assert (strange, uncounted) == ([], [])
        ends = {digest: state for digest, state in states.items() if state in FINAL}
        ends |= {digest: ENDED for digest, over in ended.items() if over}
        assert self.ends.items() <= ends.items(), "something left the end of its life"
        self.ends = ends
        self._whole()
        self.checks += 1

    def hold_secrets(self) -> None:
        """No secret that was ever given out is in any row."""
        rows = vault.look(self.admitone.database, *(f"SELECT * FROM {table}" for table in metadata.tables))
        cells = (cell for table in rows for row in table for cell in row)
        texts = (bytes(cell).decode("latin-1") if isinstance(cell, bytes) else str(cell) for cell in cells)
        words = {word for text in texts for word in WORDS.findall(text)}
        assert words & self.admitone.secrets == set()

    def _whole(self) -> None:
        if self.admitone.database.startswith("sqlite"):
            integrity, strangers = vault.look(
                self.admitone.database, "PRAGMA integrity_check", "PRAGMA foreign_key_check"
            )
            assert (integrity, strangers) == ([("ok",)], [])
