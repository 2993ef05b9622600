"""This file gives the control plane its shapes: what its calls take, and what they answer."""

from typing import Annotated, Literal, NamedTuple

import msgspec
from msgspec import Meta

from admitone.model.apps import AppKind
from admitone.sandbox.faults import FaultRule, Ordered, Times
from admitone.sandbox.log import Entry

Text = Annotated[str, Meta(max_length=200)]
Address = Annotated[str, Meta(max_length=2048)]
Number = Annotated[int, Meta(ge=1, le=2**31 - 1)]
Part = Annotated[int, Meta(ge=0, le=100_000)]
Points = Annotated[float, Meta(ge=0.5, le=10, multiple_of=0.5)]
Media = Literal["movie", "tv"]
Catalogue = Literal["sample", "any", "own"]
Profile = Literal["documented", "observed"]
Does = Literal[
    "approve",
    "deny",
    "ignore",
    "wrong-password-twice-then-approve",
    "approve-late",
    "approve-twice",
    "close-the-page",
]


class Taken(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What a caller sends: a field that is not known is refused, because it is a mistake."""


class Given(msgspec.Struct, kw_only=True):
    """What is answered."""


# What is in a world


class TitleRef(Taken):
    """A film or series, by its number."""

    media_type: Media
    id: Number


class RatingSeed(Taken):
    """A rating; with `season` and `episode` it is of an episode of a series."""

    media_type: Media
    id: Number
    value: Points
    season: Part | None = None
    episode: Part | None = None


class ListSeed(Taken):
    """A list of a person's."""

    name: Text
    description: Annotated[str, Meta(max_length=1000)] = ""
    language: Annotated[str, Meta(max_length=10)] = "en"
    public: bool = True
    items: list[TitleRef] = []


class PersonSeed(Taken):
    """A person. Without a password it is `let-NAME-in-please`, NAME being the user name."""

    username: Text
    password: Text = ""
    name: Text = ""
    ratings: list[RatingSeed] = []
    favorites: list[TitleRef] = []
    watchlist: list[TitleRef] = []
    lists: list[ListSeed] = []


class AppSeed(Taken):
    """An app; without an owner it is the first person's."""

    name: Text
    owner: Text = ""
    website: Address = ""
    kind: AppKind = AppKind.WEBSITE
    redirects: Annotated[list[Address], Meta(max_length=50)] = []


class TitleSeed(Taken):
    """A film or series to put into the catalogue. Every episode of a series there is."""

    media_type: Media
    id: Number
    title: Text
    original_title: Text = ""
    original_language: Annotated[str, Meta(max_length=10)] = "en"
    release_date: Annotated[str, Meta(pattern=r"^(\d{4}-\d{2}-\d{2})?$")] = ""
    popularity: Annotated[float, Meta(ge=0, le=1_000_000)] = 1.0
    adult: bool = False
    video: bool = False
    imdb_id: Text | None = None
    wikidata_id: Text | None = None


class ClockOrder(Taken):
    """Move a clock: first `set`, then `advance`, then `freeze` (false lets it run)."""

    set: Annotated[Text | None, Meta(description="An instant: 2027-01-15T08:00:00Z.")] = None
    advance: Annotated[
        str | int | float | None, Meta(description="A span: 61m, 1h30m, 90s, 250ms, or a number of seconds.")
    ] = None
    freeze: Annotated[bool | None, Meta(description="Stand still, or run.")] = None


class Seed(Taken):
    """What a world begins with. Where nobody and nothing is named it is Mira and an app of hers."""

    catalogue: Annotated[
        Catalogue,
        Meta(description="`sample`: 3,536 titles; `any`: every positive number is a title; `own`: only `titles`."),
    ] = "sample"
    people: list[PersonSeed] = []
    apps: list[AppSeed] = []
    titles: list[TitleSeed] = []
    clock: str | ClockOrder | None = None


class NewWorld(Taken):
    """Everything may be left out."""

    seed: Annotated[
        Literal["sample", "any", "own", "none"] | Seed | None,
        Meta(description="A catalogue's name or a whole seed; else the one the server was started with."),
    ] = None
    profile: Annotated[Profile | None, Meta(description="How faithfully to imitate; else the server's.")] = None
    clock: Annotated[
        str | ClockOrder | None, Meta(description="Where the clock begins: an instant at which it stands, or an order.")
    ] = None
    entropy: Annotated[
        str | int | None, Meta(description="Worlds of the same entropy have the same ids; else nobody can tell them.")
    ] = None


# What people do


class NewPerson(PersonSeed):
    """A person; `signed_in` asks for a session of the app (the first one unless named)."""

    signed_in: bool = False
    app: Text = ""


class NewSession(Taken):
    """For which app; the first one unless named."""

    app: Text = ""


class Approval(Taken):
    """One click of a person. `redirect_to` is what the app put into the link, if it did."""

    request_token: Annotated[str, Meta(max_length=4096)]
    username: Text = ""
    decision: Literal["approve", "deny"] = "approve"
    redirect_to: Address | None = None


class Act(Taken):
    """What a person does with every new request token; `username` is the first person unless named.

    `after` is a span on the world's clock; `times` how often before the rule ends; `app` for which app only.
    """

    does: Does
    username: Text = ""
    after: str | int | float = 0
    app: Text = ""
    times: Times | None = None


class Script(Taken):
    """The rules of a world's people: the first that fits a new request token is followed."""

    script: Annotated[list[Act], Meta(max_length=100)]


class NewTitles(Taken):
    """Titles to put into the catalogue; those that are there stay as they are."""

    titles: Annotated[list[TitleSeed], Meta(max_length=10_000)]


# What is answered


class Health(Given):
    """Ready, which version, and how many worlds there are."""

    ready: bool
    version: str
    worlds: int


class Snapshot(NamedTuple):
    """A whole world as one text file; that is all a program need know of it."""

    world: str
    text: bytes


class ClockState(Given):
    """What a world's clock says: the instant as text and in UTC milliseconds, and whether it stands still."""

    now: str
    now_ms: int
    frozen: bool


class PersonMade(Given):
    """A person; `session_id` only when it was asked for."""

    username: str
    password: str
    name: str
    id: int
    object_id: str
    session_id: str | None = None


class People(Given):
    """Everybody in a world."""

    people: list[PersonMade]


class SessionMade(Given):
    """A session of a person with an app."""

    username: str
    app: str
    session_id: str


class AppMade(Given):
    """An app and its credentials; `app` is its public id."""

    app: str
    name: str
    owner: str
    redirects: list[str]
    api_key: str
    read_token: str


class Apps(Given):
    """The apps of a world."""

    apps: list[AppMade]


class WorldMade(Given):
    """A world, and all that an app under test needs of it: the credentials are those of its first app."""

    world: str
    api_key: str
    read_token: str
    base_url: str
    site_url: str
    control_url: str
    profile: str
    entropy: str
    clock: ClockState
    people: list[PersonMade]
    apps: list[AppMade]


class WorldShown(Given):
    """A world in the list of all."""

    world: str
    default: bool
    profile: str
    clock: ClockState
    people: int
    apps: int
    calls: int
    unused_s: int


class WorldList(Given):
    """All worlds, the one used last first."""

    worlds: list[WorldShown]


class Deleted(Given):
    """The world that is gone."""

    world: str
    deleted: bool = True


class Decided(Given):
    """What came of a decision: the token's state, and where the person's browser goes next."""

    state: str
    username: str
    location: str


class Faults(Given):
    """The fault rules in force, in the order in which they are tried."""

    faults: list[Ordered]


class Log(Given):
    """Entries of the log, oldest first, and the number of the newest there is."""

    log: list[Entry]
    newest: int


class TokenShown(Given):
    """A request token, never itself: `id` names it here, `hint` is how it ends, `age_s` how old it is in seconds.

    `state` is pending, approved, denied, spent or expired.
    """

    id: str
    hint: str
    app: str
    state: str
    made_at: str
    expires_at: str
    age_s: int
    expires_in_s: int
    decided_by: str | None


class SessionShown(Given):
    """A session or guest session."""

    kind: str
    app: str
    username: str | None
    made_at: str
    used_at: str
    ended_at: str | None
    expires_at: str | None


class Tokens(Given):
    """The request tokens and sessions of a world, newest first."""

    request_tokens: list[TokenShown]
    sessions: list[SessionShown]


class MailShown(Given):
    """A mail that was sent, whole: its links and codes are what a test follows."""

    to: str
    subject: str
    text: str
    html: str
    at: str


class Mail(Given):
    """Mails that this world sent, newest first."""

    mail: list[MailShown]


class TitlesMade(Given):
    """How many titles were sent, and how many of them were new."""

    sent: int
    added: int


class Problem(Given):
    """Why a call was refused: a word for programs, a sentence for people."""

    error: str
    detail: str


class NewFaults(Taken):
    """The fault rules that are to be in force, in the order in which they are tried."""

    faults: Annotated[list[FaultRule], Meta(max_length=100)]
