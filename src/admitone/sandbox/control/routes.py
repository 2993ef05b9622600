"""This file is the table of the control plane: every call, what it takes, what it gives."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from inspect import getdoc
from typing import Any

from admitone.sandbox import shapes
from admitone.sandbox.control import calls
from admitone.sandbox.control.calls import Call
from admitone.sandbox.faults import FaultRule

Handler = Callable[[Call], Coroutine[Any, Any, Any]]


@dataclass(frozen=True, slots=True)
class Route:
    """One call. `takes` is the shape of its JSON body, `gives` that of its answer; `query` what else it reads."""

    method: str
    path: str
    handler: Handler
    gives: type
    takes: type | None = None
    status: int = 200
    query: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What generated clients call it."""
        return self.handler.__name__

    @property
    def says(self) -> str:
        """What it does, in a sentence."""
        return getdoc(self.handler) or ""


WORLD = "/sandbox/worlds/{world}"

ROUTES = (
    Route("GET", "/sandbox/health", calls.health, shapes.Health),
    Route("POST", "/sandbox/worlds", calls.make_world, shapes.WorldMade, shapes.NewWorld, 201),
    Route("GET", "/sandbox/worlds", calls.list_worlds, shapes.WorldList),
    Route("GET", WORLD, calls.show_world, shapes.WorldMade),
    Route("DELETE", WORLD, calls.delete_world, shapes.Deleted),
    Route("POST", f"{WORLD}/reset", calls.reset, shapes.WorldMade),
    Route("GET", f"{WORLD}/snapshot", calls.show_snapshot, shapes.Snapshot),
    Route("PUT", f"{WORLD}/snapshot", calls.load_snapshot, shapes.WorldMade, shapes.Snapshot),
    Route("GET", f"{WORLD}/clock", calls.show_clock, shapes.ClockState),
    Route("POST", f"{WORLD}/clock", calls.move_clock, shapes.ClockState, shapes.ClockOrder),
    Route("GET", f"{WORLD}/people", calls.list_people, shapes.People),
    Route("POST", f"{WORLD}/people", calls.add_person, shapes.PersonMade, shapes.NewPerson, 201),
    Route("POST", f"{WORLD}/people/{{username}}/sessions", calls.sign_in, shapes.SessionMade, shapes.NewSession, 201),
    Route("GET", f"{WORLD}/apps", calls.list_apps, shapes.Apps),
    Route("POST", f"{WORLD}/apps", calls.add_app, shapes.AppMade, shapes.AppSeed, 201),
    Route("POST", f"{WORLD}/approvals", calls.decide, shapes.Decided, shapes.Approval),
    Route("GET", f"{WORLD}/script", calls.show_script, shapes.Script),
    Route("PUT", f"{WORLD}/script", calls.set_script, shapes.Script, shapes.Script),
    Route("DELETE", f"{WORLD}/script", calls.drop_script, shapes.Script),
    Route("GET", f"{WORLD}/faults", calls.show_faults, shapes.Faults),
    Route("PUT", f"{WORLD}/faults", calls.set_faults, shapes.Faults, shapes.NewFaults),
    Route("POST", f"{WORLD}/faults", calls.add_fault, shapes.Faults, FaultRule, 201),
    Route("DELETE", f"{WORLD}/faults", calls.drop_faults, shapes.Faults),
    Route("GET", f"{WORLD}/log", calls.show_log, shapes.Log, query=("after", "most")),
    Route("GET", f"{WORLD}/tokens", calls.show_tokens, shapes.Tokens),
    Route("GET", f"{WORLD}/mail", calls.show_mail, shapes.Mail),
    Route("POST", f"{WORLD}/titles", calls.add_titles, shapes.TitlesMade, shapes.NewTitles, 201),
)
