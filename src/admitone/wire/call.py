"""This file is what a handler gets: who is asking, what they sent, and the house in which it happens."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from admitone.flows.callers import Caller, Person
from admitone.flows.house import House
from admitone.model.faults import Fault, Refused
from admitone.model.limits import Limit
from admitone.model.networks import is_loopback, network_of
from admitone.wire.answers import Says
from admitone.wire.exchange import Answer, Request
from admitone.wire.inputs import Input


class Who(StrEnum):
    """Who may ask. A route without one does not construct."""

    APP = "app"  # any known app, for whomever or nobody
    ACCOUNT = "account"  # an app that acts for a person: a session, or the read token of the app's owner


@dataclass(frozen=True, slots=True)
class Call:
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
    def network(self) -> str:
        """The network the call came from, as it is kept."""
        return network_of(self.request.address)

    @property
    def private(self) -> bool:
        """Whether nobody between the caller and us can have read the call."""
        return self.request.secure or is_loopback(self.request.address)


Handler = Callable[[Call], Awaitable[Answer]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One operation: where it is, who may ask, what it takes.

    `throttle` limits one app from one network and is for operations that write. `refusals` holds what this operation
    says differently from all others; `absent` the methods that answer 404 as recorded rather than 405; `nothing` the
    fault of a call that brings no value at all.
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
