"""What of the fourth generation can stand in a call, by name, beside what `tests.wire.situation` makes."""

from admitone.basics import jwt
from admitone.flows import access_tokens
from admitone.model.access_tokens import LONGEST_ADDRESS, access_claims, request_claims
from admitone.model.request_tokens import FOURTH_LIFE_MS, Decision
from tests.wire.situation import ACCOUNT_OFF, APP_OFF, long_ago, named, person, register, switch_off
from tests.world import NETWORK, World


@named
async def access_pending(world: World) -> str:
    return await world.access_request(world.cineshelf)


@named
async def access_approved(world: World) -> str:
    return await world.approved_access(world.cineshelf, world.mira)


@named
async def access_denied(world: World) -> str:
    token = await world.access_request(world.cineshelf)
    await world.decide(token, world.mira, Decision.DENY)
    return token


@named
async def access_spent(world: World) -> str:
    token = await world.approved_access(world.cineshelf, world.mira)
    await world.house.write(access_tokens.exchange, world.cineshelf.app.id, token, NETWORK)
    return token


@named
async def access_expired(world: World) -> str:
    return await long_ago(world, world.approved_access(world.cineshelf, world.mira), FOURTH_LIFE_MS)


@named
async def access_swept(world: World) -> str:
    """One that nobody has kept for long: we signed it, and know nothing more of it."""
    return jwt.mint(request_claims(world.cineshelf.app.public_id, 0, 0, None), world.house.digests)


@named
async def other_access_approved(world: World) -> str:
    return await world.approved_access(world.reelsync, world.mira)


@named
async def access_approver_left(world: World) -> str:
    somebody = await person(world)
    token = await world.approved_access(world.cineshelf, somebody)
    await switch_off(world, ACCOUNT_OFF, somebody.id)
    return token


@named
async def access_token(world: World) -> str:
    return await world.access_token(world.cineshelf, world.mira)


@named
async def access_token_of_tomas(world: World) -> str:
    return await world.access_token(world.cineshelf, world.tomas)


@named
async def other_access_token(world: World) -> str:
    return await world.access_token(world.reelsync, world.mira)


@named
async def ended_access_token(world: World) -> str:
    text = await world.access_token(world.cineshelf, world.mira)
    await world.house.write(access_tokens.end, world.cineshelf.app.id, text, NETWORK)
    return text


@named
async def left_access_token(world: World) -> str:
    somebody = await person(world)
    text = await world.access_token(world.cineshelf, somebody)
    await switch_off(world, ACCOUNT_OFF, somebody.id)
    return text


@named
async def off_access_token(world: World) -> str:
    app = await register(world)
    text = await world.access_token(app, world.mira)
    await switch_off(world, APP_OFF, app.app.id)
    return text


@named
async def forged_access_token(world: World) -> str:
    """Signed by us as if for Mira, but never given to anybody."""
    claims = access_claims(world.cineshelf.app.public_id, world.mira.object_id, 0, 0)
    return jwt.mint(claims, world.house.digests)


@named
async def long_address(_world: World) -> str:
    return "https://cineshelf.example/" + "x" * LONGEST_ADDRESS
