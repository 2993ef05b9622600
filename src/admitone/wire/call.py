"""This file is what a handler gets: who is asking, what they sent, and the house in which it happens."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from inspect import getdoc
from typing import Any, NamedTuple

from admitone.flows.callers import Caller, Person
from admitone.flows.house import House
from admitone.flows.media.ratings import Rater
from admitone.model.faults import Fault, Refused
from admitone.model.limits import Limit
from admitone.model.web.networks import is_loopback, network_of
from admitone.wire.answers import Says
from admitone.wire.exchange import Answer, Request
from admitone.wire.inputs import Input


class Who(StrEnum):
    """Who may ask. A route without one does not construct."""

    APP = "app"  # any known app, for whomever or nobody
    RATER = "rater"  # an app that acts for a person or a guest
    ACCOUNT = "account"  # an app that acts for a person: a session, or the read token of the app's owner
    # The fourth generation asks for a token in the header; a key is not enough.
    READ_TOKEN = "read token"  # an app, by its read access token
    ANY_TOKEN = "any token"  # an app, by its read access token or that of a person
    PERSON_TOKEN = "person's token"  # an app that acts for a person: their access token, or the owner's read token
    WRITE_TOKEN = "write token"  # an app that writes for a person: their access token and no other


class Call(NamedTuple):
    """One recognised call. `values` holds the route's inputs by name."""

    house: House
    request: Request
    public_url: str
    caller: Caller
    values: Mapping[str, Any]

    @property
    def app_id(self) -> int:
        """The app that asks."""
        return self.caller.app_id

    @property
    def person(self) -> Person:
        """For whom it asks. Raises SESSION_MISSING when for nobody; on a route for ACCOUNT it is never nobody."""
        if self.caller.person is None:
            raise Refused(Fault.SESSION_MISSING)
        return self.caller.person

    @property
    def rater(self) -> Rater:
        """Who rates: the person, else the guest. Raises SESSION_MISSING when it is nobody."""
        if self.caller.person is None and self.caller.guest is not None:
            return Rater(self.caller.guest.id, guest=True)
        return Rater(self.person.account_id)

    @property
    def network(self) -> str:
        """The network the call came from, as it is kept."""
        return network_of(self.request.address)

    @property
    def private(self) -> bool:
        """Whether nobody between the caller and us can have read the call."""
        return self.request.secure or is_loopback(self.request.address)


Run = Callable[[Call], Awaitable[Answer]]
# What an answer that is no refusal holds, by status: a type, or the codes of a write that has nothing else to say.
Gives = Mapping[int, Any]
# What a write says: whether it made something, changed it, or deleted it.
MADE, CHANGED, MADE_OR_CHANGED, DELETED = {200: (1,)}, {201: (12,)}, {201: (1, 12)}, {200: (13,)}


@dataclass(frozen=True, slots=True)
class Handler:
    """What answers an operation, and what programmers are told of it: a sentence, what it gives, how it refuses.

    `raises` are the faults of what it does, beyond those of the caller and of what was sent.
    """

    run: Run
    says: str
    gives: Gives
    raises: tuple[Fault, ...] = ()


def gives(what: Any, *raises: Fault, says: str = "") -> Callable[[Run], Handler]:
    """Make a handler of a function that gives `what`: a type, or `Gives`; `says` is its docstring if nothing else."""
    by_status = what if isinstance(what, Mapping) else {200: what}
    return lambda run: Handler(run, says or getdoc(run) or "", by_status, raises)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Route:
    """One operation: where it is, who may ask, what it takes.

    `throttle` limits one app from one network and is for operations that write. `refusals` holds what this operation
    says differently from all others; `absent` the methods that answer 404 as recorded rather than 405; `nothing` the
    fault of a call that brings no value at all.
    `appends` is the path below which `append_to_response` may name others; `fresh_s` for how many seconds anybody may
    keep an answer that is nobody's own.
    """

    name: str
    method: str
    path: str
    who: Who
    handler: Handler
    writes: bool = False
    inputs: tuple[Input, ...] = ()
    throttle: Limit | None = None
    refusals: dict[Fault, Says] | None = None
    absent: tuple[str, ...] = ()
    nothing: Fault | None = None
    appends: str | None = None
    fresh_s: int = 0
