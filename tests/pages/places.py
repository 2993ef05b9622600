"""Addresses of every page, made of things that are really there: the other half of the table of all pages."""

from admitone.flows.connected import connections
from tests.world import World


async def address_of(world: World, path: str, token: str) -> str:
    """An address at which the page of this path shows something of Mira's; `token` is a request token's."""
    public_id = world.cineshelf.app.public_id
    path = path.replace("{token}", token).replace("{app}", public_id)
    if "{session}" in path:
        await world.session(world.cineshelf, world.mira)
        found, _ = await world.house.read(connections.of_app, world.mira.id, public_id, 1)
        path = path.replace("{session}", str(found.connections[0].id))
    elif public_id in path:
        await world.session(world.cineshelf, world.mira)
    return path
