"""What should come of everything, in as few words as possible: the reference that the machine holds the house to."""

from dataclasses import dataclass, field

from admitone.flows.sweep import GRACE_MS
from admitone.model.faults import Fault
from admitone.model.request_tokens import LIFE_MS, Decision

APPROVED = {"approved", "spent"}


@dataclass(eq=False)
class App:
    """An app, its keys and when each of them ends."""

    id: int
    public_id: str
    keys: dict[str, float] = field(default_factory=dict)
    removed: bool = False

    def rotate(self, key: str, ends_at: int) -> None:
        self.keys = {old: min(end, ends_at) for old, end in self.keys.items()} | {key: float("inf")}

    @property
    def key(self) -> str:
        """The newest key."""
        return next(reversed(self.keys))

    def knows(self, text: str, now: int) -> bool:
        return not self.removed and now < self.keys.get(text, 0)


@dataclass(eq=False)
class Token:
    """A request token: whose it is, and who decided what."""

    text: str
    app: App
    ends_at: int
    state: str = "pending"
    by: str | None = None
    swept: bool = False

    def why_not_decide(self, person: str, decision: Decision, now: int) -> Fault | None:
        if self.swept or self.app.removed:
            return Fault.TOKEN_UNKNOWN
        if self.by == person and (self.state in APPROVED) == (decision is Decision.APPROVE):
            return None
        if self.state == "spent" or now >= self.ends_at:
            return Fault.TOKEN_SPENT if self.state == "spent" else Fault.TOKEN_EXPIRED
        return {"pending": None, "denied": Fault.TOKEN_DENIED, "approved": Fault.TOKEN_DECIDED}[self.state]

    def why_not_exchange(self, app: App, now: int) -> Fault | None:
        if self.swept or self.app.removed:
            return Fault.TOKEN_UNKNOWN
        if self.app is not app:
            return Fault.TOKEN_OF_OTHER_APP
        if self.state in {"spent", "denied"}:
            return Fault.TOKEN_SPENT if self.state == "spent" else Fault.TOKEN_DENIED
        if now >= self.ends_at:
            return Fault.TOKEN_EXPIRED
        return Fault.TOKEN_PENDING if self.state == "pending" else None

    def decide(self, person: str, decision: Decision) -> None:
        if self.state == "pending":
            self.state, self.by = decision.state.value, person


@dataclass(eq=False)
class Session:
    """A session: for whom it is, with which app."""

    text: str
    app: App
    person: str
    ended: bool = False


@dataclass(eq=False)
class Reference:
    """All that there is, and the instant at which it is so."""

    now: int
    apps: list[App] = field(default_factory=list)
    tokens: list[Token] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)

    def issue(self, text: str, app: App) -> None:
        self.tokens.append(Token(text, app, self.now + LIFE_MS))

    def exchange(self, token: Token, text: str) -> None:
        assert token.by
        token.state = "spent"
        self.sessions.append(Session(text, token.app, token.by))

    def disconnect(self, person: str) -> None:
        for session in self.sessions:
            session.ended = session.ended or session.person == person
        for token in self.tokens:
            if (token.by, token.state) == (person, "approved") and self.now < token.ends_at:
                token.state = "denied"

    def sweep(self) -> None:
        for token in self.tokens:
            token.swept = token.swept or token.ends_at < self.now - GRACE_MS
