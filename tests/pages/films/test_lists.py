"""The pages of lists: make, change, clear and delete them, without a line of script; nobody else's are there."""

import dataclasses

from sqlalchemy import update

from admitone.basics.mail import Kept, Post
from admitone.flows.films import own_lists
from admitone.flows.fourth import lists as fourth
from admitone.flows.fourth.lists import NewFourthList
from admitone.flows.media import lists
from admitone.flows.media.lists import NewList
from admitone.model.lists import LONGEST_DESCRIPTION, LONGEST_NAME, ListSort
from admitone.model.media import MediaType
from admitone.model.paging import ROWS
from admitone.store.engine.statements import Statement, no_row
from admitone.store.schema import accounts
from tests.pages.browser import Browser, Form, title, words
from tests.pages.films.shelf import anchors, landed, push, rows
from tests.world import World

UNCONFIRMED = Statement(
    update(accounts).where(accounts.c.username == "mira").values(email="m@x.example", email_key="m@x.example"), no_row
)


async def make(world: World, name: str = "Noir", films: tuple[int, ...] = (), app_id: int | None = None) -> int:
    """A list of Mira's with these films on it."""
    made = await world.house.write(lists.create, world.mira.id, app_id, NewList(name, "", "en", public=False))
    for film in films:
        await world.house.write(lists.add_item, world.mira.id, app_id, made, MediaType.MOVIE, film)
    return made


async def said_of(world: World, list_id: int) -> tuple[str, str, int, ListSort]:
    """What is said of a list of Mira's."""
    said = (await world.house.read(own_lists.find, world.mira.id, list_id)).said
    return said.name, said.description, said.public, said.sort


async def test_a_list_is_made_changed_and_shown_among_all(mira: Browser, world: World) -> None:
    empty = await mira.get("/lists")
    assert "You have no list yet. Apps you connect can make one for you, or make one here." in words(empty)
    form = await mira.get("/lists/new")
    fields = {"name": " Film\u200b noir \n", "description": "Dark ones.\r\nAll of them.", "public": "1"}
    answer = await push(mira, form, "/lists/new", **fields, sort_by="title.desc")
    address, page = await landed(mira, answer)
    made = int(address.removeprefix("/lists/"))
    assert await said_of(world, made) == ("Film noir", "Dark ones.\nAll of them.", 1, ListSort.TITLE_REVERSED)
    assert title(page) == "Film noir – Admit One"
    assert "Film noir Dark ones. All of them. Public 0 titles" in words(page)
    assert "Nothing is on this list yet." in words(page)
    form = await mira.get(f"/lists/{made}/edit")
    assert Form(form.text).typed["name"] == "Film noir"
    assert ">\nDark ones.\nAll of them.</textarea>" in form.text
    address, _ = await landed(mira, await push(mira, form, f"/lists/{made}/edit", name="Noir", public="0"))
    assert address == f"/lists/{made}"
    assert await said_of(world, made) == ("Noir", "", 0, ListSort.ORIGINAL)
    newer = await make(world, "Newer", (550, 597), world.cineshelf.app.id)
    shown = rows(await mira.get("/lists"))
    assert list(shown) == [f"list-{newer}", f"list-{made}"]
    assert shown[f"list-{newer}"] == "Newer 2 titles changed less than a minute ago made with CineShelf Private"


async def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_is_kept(mira: Browser, world: World) -> None:
    made = await make(world)
    for path in ("/lists/new", f"/lists/{made}/edit"):
        form = await mira.get(path)
        for name in ("", "  \u200b ", "\u200d"):
            answer = await push(mira, form, path, name=name, description="<b>kept")
            assert (answer.status_code, title(answer).startswith("Error: ")) == (422, True)
            assert "Give the list a name." in words(answer)
            assert "&lt;b&gt;kept</textarea>" in answer.text
        long = {"name": "x" * (LONGEST_NAME + 1), "description": "y" * (LONGEST_DESCRIPTION + 1)}
        answer = await push(mira, form, path, **long)
        assert answer.text.count('class="error"') == 2
        assert "Use at most 255 characters: this has 256." in words(answer)
        assert (await push(mira, form, path)).status_code == 422
    assert (await said_of(world, made))[0] == "Noir"
    assert len(rows(await mira.get("/lists"))) == 1


async def test_a_public_list_waits_for_a_confirmed_address(world: World) -> None:
    house = dataclasses.replace(world.house, post=Post("https://admit.example", Kept()))
    browser = Browser(dataclasses.replace(world, house=house))
    await browser.sign_in()

    async def unconfirm(_house, tx) -> None:
        await tx.run(UNCONFIRMED)

    await house.write(unconfirm)
    made = await make(world)
    for path in ("/lists/new", f"/lists/{made}/edit"):
        answer = await push(browser, await browser.get(path), path, name="Shown", public="1")
        assert answer.status_code == 403
        assert "Confirm your e-mail address first" in words(answer)
        assert 'value="Shown"' in answer.text
        assert (await push(browser, await browser.get(path), path, name="Hidden", public="0")).status_code == 303


async def test_clearing_and_deleting_ask_first(mira: Browser, world: World) -> None:
    made = await make(world, "Noir", (550, 597))
    page = await mira.get(f"/lists/{made}/clear")
    assert title(page) == "Clear Noir? – Admit One"
    assert "2 titles are taken off it" in words(page)
    assert len(anchors(await mira.get(f"/lists/{made}"))) == 2
    address, shown = await landed(mira, await push(mira, page, f"/lists/{made}/clear"))
    assert address == f"/lists/{made}"
    assert "2 titles are taken off the list." in words(shown)
    ask = await mira.get(f"/lists/{made}/delete")
    key = Form(ask.text).hidden
    other = await make(world, "Other")
    assert (await mira.send(f"/lists/{other}/delete", key)).status_code == 422
    address, shown = await landed(mira, await push(mira, ask, f"/lists/{made}/delete"))
    assert address == "/lists"
    assert "The list Noir is deleted." in words(shown)
    assert anchors(shown) == [f"list-{other}"]
    assert (await mira.send(f"/lists/{made}/delete", key)).status_code == 404


async def test_somebody_else_s_list_is_as_good_as_none(mira: Browser, world: World) -> None:
    hers = await make(world, "Noir", (550,))
    shown = NewFourthList("Shown", "", "en", "US", public=True, sort=ListSort.ORIGINAL)
    public = await world.house.write(fourth.create, world.mira.id, None, shown)
    tomas = Browser(world)
    await tomas.sign_in("tomas")
    assert rows(await tomas.get("/lists")) == {}
    endings = (
        "",
        "/edit",
        "/clear",
        "/delete",
        "/search",
        *(f"/movie/550{end}" for end in ("", "/add", "/move", "/remove")),
    )
    for ending in endings:
        missing = await tomas.get(f"/lists/999999{ending}")
        assert "There is no such list" in words(missing)
        sent = await tomas.send(f"/lists/999999{ending}", {})
        for list_id in (hers, public):
            answer = await tomas.get(f"/lists/{list_id}{ending}")
            assert (answer.status_code, answer.text) == (404, missing.text)
            assert (await tomas.send(f"/lists/{list_id}{ending}", {})).text == sent.text
    assert await said_of(world, hers) == ("Noir", "", 0, ListSort.ORIGINAL)
    for nowhere in ("x", "-1", "9" * 5000, "1.5", "%00", "%C2%B2"):
        assert (await mira.get(f"/lists/{nowhere}")).status_code == 404


async def test_many_lists_are_paged_and_names_do_nothing(mira: Browser, world: World) -> None:
    names = ("<script>alert(1)</script>", "a\u202eb", "W" * 255, "{{7*7}}", "\u200b")
    for number in range(ROWS + 1):
        await make(world, names[number % len(names)])
    first, second = await mira.get("/lists"), await mira.get("/lists?page=2")
    assert (len(anchors(first)), len(anchors(second))) == (ROWS, 1)
    assert "List number " in words(first)
    for each in (first, second, await mira.get(f"/lists/{anchors(second)[0].removeprefix('list-')}")):
        assert "<script>" not in each.text
        assert "\u202e" not in each.text
        assert "49" not in words(each)
    assert (await mira.get("/lists?page=3")).status_code == 404


async def test_names_that_programs_make_up_are_slowed(mira: Browser) -> None:
    form = await mira.get("/lists/new")
    statuses = {(await push(mira, form, "/lists/new", name=f"0a1b2c3d{number}")).status_code for number in range(40)}
    assert statuses == {303, 429}
