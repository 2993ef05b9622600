"""This file is what people do in a world: by a developer's click, or by the script that they follow."""

from typing import TYPE_CHECKING

from admitone.flows import consents, logins, request_tokens
from admitone.flows.logins import Attempt
from admitone.model.faults import Fault, Refused
from admitone.model.request_tokens import Decision, Generation
from admitone.model.web import returns
from admitone.sandbox import masking
from admitone.sandbox.clock import read_span
from admitone.sandbox.script import Meant
from admitone.sandbox.shapes import Act, Approval, Decided

if TYPE_CHECKING:
    from admitone.sandbox.worlds import World

ADDRESS = "127.0.0.1"
LATE = "approve-late"
SAYS = {Decision.APPROVE: "approves", Decision.DENY: "denies"}
TIMES_WRONG = 2


async def decide(world: "World", approval: Approval) -> Decided:
    """One click of a person, and where their browser goes then. Raises Refused."""
    address = returns.parse(approval.redirect_to) if approval.redirect_to is not None else None
    account = await world.account(approval.username)
    decision = Decision(approval.decision)
    ask = await _decide(world, approval.request_token, account.username, account.id, decision)
    if ask.generation is Generation.FOURTH:
        result = "approve" if decision is Decision.APPROVE else "deny"
        location = ask.redirect_to or f"{world.around.origin}/auth/access/{result}"
    elif address is not None:
        go = returns.approved if decision is Decision.APPROVE else returns.denied
        location = go(address, approval.request_token)
    else:
        result = "allow" if decision is Decision.APPROVE else "deny"
        location = f"{world.around.origin}/authenticate/{approval.request_token}/{result}"
    return Decided(state=ask.state.value, username=account.username, location=location)


async def notice(world: "World", text: str, app: str) -> None:
    """A request token was made: let whoever the script names see to it. What is due at once has happened after this."""
    world.note_token(text)
    act = next((act for act in world.script if not act.app or act.app in (app, world.public_id_of(app))), None)
    if act is None:
        return
    if act.times is not None:
        act.times -= 1
        if not act.times:
            world.script.remove(act)
    now = world.clock.now()
    world.stage.plan(Meant(at=await _when(world, act, text, now), does=act.does, token=text, username=act.username))
    await world.stage.until(now)


async def act(world: "World", meant: Meant) -> None:
    """Do what somebody meant to do; the log tells what became of it."""
    hint = masking.hint(meant.token)
    try:
        account = await world.account(meant.username)
        who, token = account.username, meant.token
        match meant.does:
            case "ignore":
                world.tell("person", f"{who} ignores {hint}")
            case "close-the-page":
                await world.house.read(consents.look, token, account.id)
                world.tell("person", f"{who} opens the page of {hint} and closes it")
            case "deny":
                await _decide(world, token, who, account.id, Decision.DENY)
            case "approve-twice":
                await _decide(world, token, who, account.id, Decision.APPROVE)
                await _decide(world, token, who, account.id, Decision.APPROVE)
            case "wrong-password-twice-then-approve":
                await _fumble(world, who)
                await _decide(world, token, who, account.id, Decision.APPROVE)
            case "approve" | "approve-late":
                await _decide(world, token, who, account.id, Decision.APPROVE)
    except Refused as refusal:
        if refusal.fault is Fault.ACCOUNT_UNKNOWN:
            world.tell("person", f"nobody of the name {masking.text(meant.username)} is here for {hint}", refusal)


async def _when(world: "World", act: Act, text: str, now: int) -> int:
    after = read_span(act.after)
    if act.does != LATE:
        return now + after
    token = await world.house.read(request_tokens.find, text)
    return (token.expires_at if token else now) + after


async def _decide(world: "World", text: str, username: str, account_id: int, decision: Decision) -> consents.Ask:
    what = f"{username} {SAYS[decision]} {masking.hint(text)}"
    try:
        ask = await world.house.write(consents.decide, text, account_id, decision)
    except Refused as refusal:
        world.tell("person", what, refusal)
        raise
    world.tell("person", what)
    return ask


async def _fumble(world: "World", username: str) -> None:
    """Two wrong passwords, then the right one, as far as it is known."""
    password = world.password_of(username)
    for wrong in range(1, TIMES_WRONG + 1):
        try:
            await logins.check(world.house, Attempt(username, f"{password}{wrong}", ADDRESS))
        except Refused as refusal:
            world.tell("person", f"{username} types a wrong password", refusal)
    if password:
        try:
            await logins.check(world.house, Attempt(username, password, ADDRESS))
        except Refused as refusal:
            world.tell("person", f"{username} types the right password", refusal)
            raise
        world.tell("person", f"{username} types the right password")
