"""This file answers the calls of the control plane: a few lines for each, on the worlds and the flows."""

from dataclasses import dataclass
from typing import Any

import msgspec

import admitone
from admitone.flows.media import titles
from admitone.flows.people import outbox
from admitone.flows.worlds import overview
from admitone.sandbox import people, planting, shapes, snapshots
from admitone.sandbox.clock import read_span, written
from admitone.sandbox.faults import MOST_RULES, FaultRule
from admitone.sandbox.log import MOST_ENTRIES
from admitone.sandbox.masking import hint
from admitone.sandbox.problems import Unusable
from admitone.sandbox.worlds import World, Worlds

SECOND = 1000


@dataclass(slots=True)
class Call:
    """One call: what its path names, what its query and body say. `world` raises where the path names none."""

    worlds: Worlds
    path: dict[str, str]
    query: dict[str, str]
    body: Any = None

    @property
    def world(self) -> World:
        """The world that the path names; `default` is the default one. Raises Unusable."""
        tag = self.path["world"]
        found = self.worlds.default if tag == "default" else self.worlds.find(tag)
        if found is None:
            raise Unusable(404, "world_unknown", "there is no such world")
        return found

    def number(self, name: str, usual: int, most: int) -> int:
        """A whole number from the query. Raises Unusable."""
        text = self.query.get(name, str(usual))
        if not text.isascii() or not text.isdecimal() or len(text) > 15:
            raise Unusable(422, "parameter_bad", f"{name} is a whole number")
        return min(int(text), most)


async def health(call: Call) -> shapes.Health:
    """Whether the sandbox is ready, which version it is, and how many worlds it has."""
    return shapes.Health(ready=True, version=admitone.__version__, worlds=len(call.worlds))


async def make_world(call: Call) -> shapes.WorldMade:
    """Make a world of its own: its key chooses it, and nobody else sees what happens in it."""
    return shown(await call.worlds.make(call.body))


async def list_worlds(call: Call) -> shapes.WorldList:
    """Show all worlds, the one used last first; without credentials."""
    now = call.worlds.around.wall.now()
    rows = [
        shapes.WorldShown(
            world=world.tag,
            default=call.worlds.is_default(world),
            profile=world.profile,
            clock=world.clock_state,
            people=len(world.people),
            apps=len(world.apps),
            calls=world.log.newest,
            unused_s=max(0, now - world.used_at) // SECOND,
        )
        for world in sorted(call.worlds, key=lambda each: -each.used_at)
    ]
    return shapes.WorldList(worlds=rows)


async def show_world(call: Call) -> shapes.WorldMade:
    """Show a world with the credentials of its apps."""
    return shown(call.world)


async def delete_world(call: Call) -> shapes.Deleted:
    """End a world; the default one can only be reset."""
    world = call.world
    await call.worlds.delete(world)
    return shapes.Deleted(world=world.tag)


async def reset(call: Call) -> shapes.WorldMade:
    """Bring a world back to its seed, clock, script and faults included: same credentials, same ids to come."""
    return shown(await call.worlds.reset(call.world))


async def show_snapshot(call: Call) -> shapes.Snapshot:
    """Write a world down as one text file, its credentials and plans included; keep it as a secret if they are one."""
    return shapes.Snapshot(call.world.tag, snapshots.save(call.world))


async def load_snapshot(call: Call) -> shapes.WorldMade:
    """Make a world again from its snapshot, or bring it back to it: same ids, same instant."""
    worlds = call.worlds
    snapshot = snapshots.read(call.body)
    wanted = call.path["world"]
    if wanted != snapshot.world and not (wanted == "default" and worlds.default.tag == snapshot.world):
        raise Unusable(409, "snapshot_of_other", f"this is a snapshot of the world {snapshot.world}; put it there")
    if worlds.find(snapshot.world) is None:
        await worlds.make_room()
    world = snapshots.load(worlds.around, snapshot)
    await worlds.replace(world)
    return shown(world)


async def show_clock(call: Call) -> shapes.ClockState:
    """Tell the time in a world."""
    return call.world.clock_state


async def move_clock(call: Call) -> shapes.ClockState:
    """Set, advance, freeze or run a world's clock; everything that expires obeys it."""
    state = await call.world.move(call.body)
    call.world.tell("control", f"the clock is at {state.now}{', standing still' if state.frozen else ''}")
    return state


async def add_person(call: Call) -> shapes.PersonMade:
    """Add a person; with `signed_in` an app has a session of theirs at once."""
    world, wanted = call.world, call.body
    app = world.app_named(wanted.app)
    made = await world.add_person(wanted)
    if wanted.signed_in:
        session = await planting.sign_in(world.house, app.app, made.id)
        return msgspec.structs.replace(made, session_id=session)
    return made


async def list_people(call: Call) -> shapes.People:
    """Show the people of a world with their passwords, which open nothing but this sandbox."""
    return shapes.People(people=call.world.people)


async def sign_in(call: Call) -> shapes.SessionMade:
    """Give an app a session of a person, without a page or a request token to approve."""
    world = call.world
    app = world.app_named(call.body.app)
    account = await world.account(call.path["username"])
    session = await planting.sign_in(world.house, app.app, account.id)
    return shapes.SessionMade(username=account.username, app=app.app, session_id=session)


async def add_app(call: Call) -> shapes.AppMade:
    """Register an app and give it its two credentials."""
    world = call.world
    owner = world.people[0].username if world.people else planting.USERNAME
    made = await planting.add_app(world.house, call.body, owner)
    world.apps.append(made)
    return made


async def list_apps(call: Call) -> shapes.Apps:
    """Show the apps of a world with their credentials."""
    return shapes.Apps(apps=call.world.apps)


async def decide(call: Call) -> shapes.Decided:
    """Let a person approve or deny a request token, as by one click on the page."""
    world, approval = call.world, call.body
    if text := world.texts.get(approval.request_token):
        approval = msgspec.structs.replace(approval, request_token=text)
    return await people.decide(world, approval)


async def set_script(call: Call) -> shapes.Script:
    """Say what people do with every new request token from now on; replaces what was said before."""
    world = call.world
    for act in call.body.script:
        try:
            read_span(act.after)
        except ValueError as error:
            raise Unusable(422, "script_bad", f"after: {error}") from None
        await world.account(act.username)
        if act.app:
            world.app_named(act.app)
    world.script = list(call.body.script)
    return shapes.Script(script=world.script)


async def show_script(call: Call) -> shapes.Script:
    """Show what people do with every new request token."""
    return shapes.Script(script=call.world.script)


async def drop_script(call: Call) -> shapes.Script:
    """Let nobody do anything by themselves; what somebody meant to do already does not happen either."""
    call.world.script = []
    call.world.stage.meant.clear()
    return shapes.Script(script=[])


async def show_faults(call: Call) -> shapes.Faults:
    """Show the fault rules in force, with how many calls each has met."""
    return shapes.Faults(faults=call.world.faults.rules)


async def set_faults(call: Call) -> shapes.Faults:
    """Replace all fault rules."""
    for rule in call.body.faults:
        _check(rule)
    faults = call.world.faults
    faults.clear()
    for rule in call.body.faults:
        faults.add(rule)
    return shapes.Faults(faults=faults.rules)


async def add_fault(call: Call) -> shapes.Faults:
    """Put one fault rule behind the others."""
    _check(call.body)
    faults = call.world.faults
    if len(faults.rules) >= MOST_RULES:
        raise Unusable(409, "too_many_rules", f"at most {MOST_RULES} rules")
    faults.add(call.body)
    return shapes.Faults(faults=faults.rules)


async def drop_faults(call: Call) -> shapes.Faults:
    """Remove all fault rules."""
    call.world.faults.clear()
    return shapes.Faults(faults=[])


async def show_log(call: Call) -> shapes.Log:
    """Show what happened in a world, secrets masked; `after` a number only what came later, at most `most` entries."""
    log = call.world.log
    entries = log.after(call.number("after", 0, 2**53), call.number("most", MOST_ENTRIES, MOST_ENTRIES))
    return shapes.Log(log=entries, newest=log.newest)


async def show_tokens(call: Call) -> shapes.Tokens:
    """Show the request tokens and sessions of a world with their state and age, never themselves."""
    return await tokens(call.world)


async def show_mail(call: Call) -> shapes.Mail:
    """Show the mails that a world sent, newest first."""
    mails = await outbox.kept(call.world.house)
    return shapes.Mail(
        mail=[
            shapes.MailShown(to=each.to, subject=each.subject, text=each.text, html=each.html, at=written(each.at))
            for each in reversed(mails)
        ]
    )


async def add_titles(call: Call) -> shapes.TitlesMade:
    """Put films and series into a world's catalogue; those that are there stay as they are."""
    world = call.world
    rows = world.add_titles(call.body.titles)
    added = await world.house.write(titles.load_counted, rows)
    return shapes.TitlesMade(sent=len(rows), added=added)


async def tokens(world: World) -> shapes.Tokens:
    """What there is to show of request tokens and sessions."""
    seen = await world.house.read(overview.look)
    return shapes.Tokens(
        request_tokens=[_token(world, row, seen.now) for row in seen.tokens],
        sessions=[_session("session", row) for row in seen.sessions] + [_session("guest", row) for row in seen.guests],
    )


def shown(world: World) -> shapes.WorldMade:
    """A world with all that an app under test needs."""
    first = world.apps[0]
    return shapes.WorldMade(
        world=world.tag,
        api_key=first.api_key,
        read_token=first.read_token,
        base_url=world.around.origin,
        site_url=world.around.origin,
        control_url=f"{world.around.origin}/sandbox/worlds/{world.tag}",
        profile=world.profile,
        entropy=world.entropy.seed,
        clock=world.clock_state,
        people=world.people,
        apps=world.apps,
    )


def _check(rule: FaultRule) -> None:
    if wrong := rule.wrong():
        raise Unusable(422, "fault_bad", wrong)


def _token(world: World, row: overview.TokenRow, now: int) -> shapes.TokenShown:
    name = world.token_id(row.digest)
    return shapes.TokenShown(
        id=name,
        hint=hint(world.texts.get(name, "")),
        app=row.app,
        state=overview.state_of(row, now),
        made_at=written(row.made_at),
        expires_at=written(row.expires_at),
        age_s=(now - row.made_at) // SECOND,
        expires_in_s=(row.expires_at - now) // SECOND,
        decided_by=row.decided_by,
    )


def _session(kind: str, row: overview.SessionRow) -> shapes.SessionShown:
    return shapes.SessionShown(
        kind=kind,
        app=row.app,
        username=row.username,
        made_at=written(row.made_at),
        used_at=written(row.used_at),
        ended_at=None if row.ended_at is None else written(row.ended_at),
        expires_at=None if row.expires_at is None else written(row.expires_at),
    )
