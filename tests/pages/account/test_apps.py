"""The pages of connected apps: what they say, and that what is disconnected is disconnected."""

import itertools
import re

import pytest

from admitone.flows import apps, callers
from admitone.flows.apps import Registration
from admitone.flows.callers import Credential
from admitone.model.apps import AppKind
from admitone.model.connected.connections import SHOWN, UNUSED_MS
from tests.pages.browser import Browser, Form, title, words
from tests.world import MINUTE, Registered, World

LIST = "/account/apps"
EMPTY = "No app is connected. When one asks, you’ll see it here."


async def alive(world: World, app: Registered, session: str) -> bool:
    caller = await world.house.read(callers.recognise, Credential(app.key, None, session))
    return caller.person is not None


async def made(world: World, name: str, kind: AppKind = AppKind.WEBSITE) -> Registered:
    return Registered(*await world.house.write(apps.add, Registration(name, "tomas", kind=kind)))


def disconnects(text: str) -> list[str]:
    return re.findall(r'href="(/account/apps/[0-9a-f]{32}/\d+/disconnect)"', text)


async def test_the_list_says_who_what_and_since_when(mira: Browser, world: World) -> None:
    assert EMPTY in words(await mira.get(LIST))
    session = await world.session(world.cineshelf, world.mira)
    world.clock.advance(4 * MINUTE)
    page = await mira.get(LIST)
    assert title(page) == "Connected apps – Admit One"
    said = words(page)
    assert "CineShelf by Mira Okafor · cineshelf.example" in said
    assert "Can see and change ratings, lists, favourites and watchlist" in said
    assert "Website In use now Last used 4 minutes ago Connected 15 January from 203.0.113.7, your network" in said
    assert "Disconnect CineShelf, Website, connected 15 January" in said
    assert session not in page.text
    world.clock.advance(11 * MINUTE)
    assert "In use now" not in words(await mira.get(LIST))
    world.clock.advance(UNUSED_MS)
    await mira.sign_in()
    assert "Not used for 6 months" in words(await mira.get(LIST))


async def test_one_goes_and_the_page_says_so_once(mira: Browser, world: World) -> None:
    kept, gone = [await world.session(world.cineshelf, world.mira) for _ in range(2)]
    asked = await mira.get(disconnects((await mira.get(LIST)).text)[0])
    assert title(asked) == "Disconnect CineShelf on the web? – Admit One"
    assert "Also disconnect the other one (last used less than a minute ago" in words(asked)
    assert "Ask its maker to delete it: cineshelf.example" in words(asked)
    assert await alive(world, world.cineshelf, gone)
    answer = await mira.press(asked)
    assert (answer.status_code, answer.headers["location"]) == (303, LIST)
    assert [await alive(world, world.cineshelf, each) for each in (kept, gone)] == [True, False]
    assert "CineShelf on the web is disconnected." in words(await mira.get(LIST))
    assert "is disconnected." not in words(await mira.get(LIST))
    again = await mira.press(asked)  # a second click
    assert (again.status_code, again.headers["location"]) == (303, LIST)
    assert await alive(world, world.cineshelf, kept)


async def test_the_others_go_as_well_when_ticked(mira: Browser, world: World) -> None:
    both = [await world.session(world.cineshelf, world.mira) for _ in range(2)]
    asked = await mira.get(disconnects((await mira.get(LIST)).text)[0])
    await mira.press(asked, others="1")
    assert [await alive(world, world.cineshelf, each) for each in both] == [False, False]
    assert "CineShelf is disconnected." in words(await mira.get(LIST))


@pytest.mark.parametrize(
    ("path", "ends"),
    [
        ("/account/apps/{app}/disconnect", [False, True]),
        ("/account/apps/disconnect-all", [False, False]),
        ("/account/apps/disconnect-unused", [True, True]),
    ],
)
async def test_opening_ends_nothing_and_sending_ends_what_it_says(
    mira: Browser, world: World, path: str, ends: list[bool]
) -> None:
    pairs = [(app, await world.session(app, world.mira)) for app in (world.cineshelf, world.reelsync)]
    toms = await world.session(world.cineshelf, world.tomas)
    asked = await mira.get(path.replace("{app}", world.cineshelf.app.public_id))
    assert [await alive(world, *pair) for pair in pairs] == [True, True]
    assert (await mira.press(asked)).headers["location"] == LIST
    assert [await alive(world, *pair) for pair in pairs] == ends
    assert await alive(world, world.cineshelf, toms)


async def test_the_unused_can_go_together(mira: Browser, world: World) -> None:
    assert "no longer use" not in words(await mira.get(LIST))
    await world.session(world.cineshelf, world.mira)
    world.clock.advance(UNUSED_MS)
    await mira.sign_in()
    assert "Disconnect what you no longer use…" in words(await mira.get(LIST))
    asked = await mira.get("/account/apps/disconnect-unused")
    assert "One connection has not been used for half a year." in words(asked)
    await mira.press(asked)
    assert EMPTY in words(await mira.get(LIST))


async def test_strangers_and_made_up_addresses_lead_to_one_page(mira: Browser, world: World) -> None:
    await world.session(world.cineshelf, world.mira)
    address = disconnects((await mira.get(LIST)).text)[0]
    tomas = Browser(world)
    await tomas.sign_in("tomas")
    app = f"/account/apps/{world.cineshelf.app.public_id}"
    theirs = [await tomas.get(path) for path in (address, app, f"{app}/disconnect")]
    numbers = ("0", "-1", "x", "1e9", "9" * 18, "9" * 40, "1 ", "%00", "\uff11", "1.0")
    made_up = [await mira.get(f"{app}/{number}/disconnect") for number in numbers]
    made_up += [await mira.get(f"/account/apps/{public_id}") for public_id in ("0" * 32, "x", "%00", "'")]
    assert {page.status_code for page in theirs + made_up} == {404}
    assert len({page.content for page in theirs + made_up}) == 1
    form = Form((await mira.get(address)).text)
    assert (await tomas.send(address, form.hidden)).status_code == 404
    for page in ("0", "2", "x", "501"):
        assert (await mira.get(f"{app}?page={page}")).status_code == 404


async def test_a_form_is_good_for_its_own_connection_only(mira: Browser, world: World) -> None:
    both = [await world.session(world.cineshelf, world.mira) for _ in range(2)]
    first, second = disconnects((await mira.get(LIST)).text)
    form = Form((await mira.get(first)).text)
    assert (await mira.send(second, form.hidden)).status_code == 422
    assert (await mira.send("/account/apps/disconnect-all", form.hidden)).status_code == 422
    assert [await alive(world, world.cineshelf, each) for each in both] == [True, True]


async def test_many_connections_are_folded_and_many_apps_sorted(mira: Browser, world: World) -> None:
    for _ in range(21):
        await world.session(world.cineshelf, world.mira)
    page = await mira.get(LIST)
    assert len(disconnects(page.text)) == SHOWN
    assert "16 more connections" in words(page)
    own = f"/account/apps/{world.cineshelf.app.public_id}"
    pages = [await mira.get(f"{own}?page={number}") for number in (1, 2)]
    assert [len(disconnects(each.text)) for each in pages] == [20, 1]
    assert "Page 2 of 2" in words(pages[1])
    assert "?sort=" not in page.text
    for number, kind in zip(range(8), itertools.cycle(AppKind), strict=False):
        await world.session(await made(world, f"Zebra {9 - number}", kind), world.mira)
        world.clock.advance(MINUTE)
    orders = {order: words(await mira.get(f"{LIST}?sort={order}")) for order in ("used", "name", "connected", "x")}
    names = {order: re.findall(r"Zebra \d(?= by)", said) for order, said in orders.items()}
    assert names["used"] == sorted(names["used"])
    assert names["used"] == names["x"] == names["connected"] == names["name"]
    assert orders["name"].index("CineShelf by") < orders["name"].index("Zebra") < orders["used"].index("CineShelf by")
    listed = (await mira.get(LIST)).text
    assert all(order in listed for order in ("?sort=name", "?sort=connected"))


@pytest.mark.parametrize("name", ["<b>Bold</b>", "W" * 60, "אבג", "a\u202eb", "{{7*7}} %s %(x)s"])
async def test_names_stay_names(mira: Browser, world: World, name: str) -> None:
    app = await made(world, name, AppKind.TV)
    await world.session(app, world.mira)
    shown = name.replace("\u202e", "")
    page = await mira.get(LIST)
    assert f"<bdi>{shown}</bdi>".replace("<b>Bold</b>", "&lt;b&gt;Bold&lt;/b&gt;") in page.text
    asked = await mira.get(disconnects(page.text)[0])
    assert f"Disconnect {shown} on your TV?" in words(asked)
    await mira.press(asked)
    assert f"{shown} on your TV is disconnected." in words(await mira.get(LIST))
    assert shown in words(await mira.get(f"/account/apps/{app.app.public_id}"))
