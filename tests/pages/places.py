"""Addresses of every page, made of things that are really there: the other half of the table of all pages."""

from admitone.flows import visits
from admitone.flows.connected import connections
from admitone.flows.logins import Attempt
from admitone.flows.media import lists
from admitone.flows.media.lists import NewList
from admitone.flows.people import app_passwords
from admitone.model.media import MediaType
from tests.factors import plant_passkey, with_authenticator
from tests.world import NETWORK, PASSWORD, World


async def address_of(world: World, path: str, token: str) -> str:
    """An address at which the page of this path shows something of Mira's; `token` is a request token's."""
    public_id = world.cineshelf.app.public_id
    path = path.replace("{token}", token).replace("{app}", public_id)
    path = path.replace("{kind}/{title}", "movie/550").replace("{title}/{season}/{episode}", "1396/1/2")
    if "{list}" in path:
        new = NewList("Noir", "", "en", public=False)
        made = await world.house.write(lists.create, world.mira.id, None, new)
        await world.house.write(lists.add_item, world.mira.id, None, made, MediaType.MOVIE, 550)
        path = path.replace("{list}", str(made))
    if "{number}" in path:
        path = path.replace("{number}", str(await _one_of_hers(world, path)))
    if path.endswith(("/authenticator/off", "/recovery-codes")):
        await with_authenticator(world, world.mira)
    if path.endswith("/history"):
        await visits.sign_in(world.house, Attempt("mira", PASSWORD, "198.51.100.9"), remember=True)
    if "{session}" in path:
        await world.session(world.cineshelf, world.mira)
        found, _ = await world.house.read(connections.of_app, world.mira.id, public_id, 1)
        path = path.replace("{session}", str(found.connections[0].id))
    elif public_id in path:
        await world.session(world.cineshelf, world.mira)
    return path


async def _one_of_hers(world: World, path: str) -> int:
    """The number of what the page at this path is about."""
    if "/passkeys/" in path:
        return await plant_passkey(world, world.mira)
    await world.house.write(app_passwords.add, world.mira.id, "Player", NETWORK)
    return (await world.house.read(app_passwords.all_of, world.mira.id))[-1].id
