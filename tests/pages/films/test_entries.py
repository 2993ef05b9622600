"""The pages of what is on a list: look up, add, comment, move and remove, without a line of script."""

from admitone.flows.connected import undo
from admitone.flows.fourth import lists as fourth
from admitone.flows.fourth.lists import Item, ListChange
from admitone.flows.media import lists, titles
from admitone.model.connected.changes import Undone
from admitone.model.lists import LONGEST_COMMENT, ListSort
from admitone.model.media import MediaType
from admitone.model.paging import ROWS
from tests.pages.browser import Browser, Form, title, words
from tests.pages.films.shelf import anchors, landed, push, rows
from tests.pages.films.test_lists import make
from tests.world import MINUTE, World
from tests.world import title as title_row


async def test_a_title_is_found_put_on_the_list_and_taken_off(mira: Browser, world: World) -> None:
    made = await make(world, "Noir", (550,))
    found = await mira.get(f"/lists/{made}/search?query=t")
    assert "Add Titanic" in rows(found)["movie-597"]
    address, shown = await landed(mira, await push(mira, found, f"/lists/{made}/movie/597/add"))
    assert address == f"/lists/{made}#movie-597"
    assert "Titanic is on the list." in words(shown)
    assert anchors(shown) == ["movie-550", "movie-597"]
    assert "On this list" in rows(await mira.get(f"/lists/{made}/search?query=titanic"))["movie-597"]
    again = await push(mira, found, f"/lists/{made}/movie/597/add")
    assert (again.status_code, title(again)) == (422, "Error: Titanic on Noir – Admit One")
    assert "That’s already on this list." in words(again)
    page = await mira.get(f"/lists/{made}/movie/597")
    address, shown = await landed(mira, await push(mira, page, f"/lists/{made}/movie/597/remove"))
    assert (address, anchors(shown)) == (f"/lists/{made}", ["movie-550"])
    assert "Titanic is off the list." in words(shown)
    assert (await push(mira, page, f"/lists/{made}/movie/597/remove")).headers["location"] == address
    assert "Put on the list" in words(await mira.get(f"/lists/{made}/movie/597"))
    for unknown in ("movie/7777", "tv/550", "episode/1396", "movie/0"):
        assert (await mira.get(f"/lists/{made}/{unknown}")).status_code == 404


async def test_a_comment_is_written_changed_and_taken_back(mira: Browser, world: World) -> None:
    made = await make(world, "Noir", (550, 597), world.cineshelf.app.id)
    path = f"/lists/{made}/movie/550"
    page = await mira.get(f"{path}?sort_by=title.asc")
    assert "It was added with CineShelf." in words(page)
    answer = await push(mira, page, path, comment="Twice.\r\n<b>Or\u202e thrice</b>")
    address, shown = await landed(mira, answer)
    assert address == f"/lists/{made}?sort_by=title.asc#movie-550"
    said = rows(shown)["movie-550"]
    assert "added with CineShelf Twice. <b>Or thrice</b>" in said
    assert "&lt;b&gt;Or thrice&lt;/b&gt;" in shown.text
    assert ">\nTwice.\n&lt;b&gt;Or thrice&lt;/b&gt;</textarea>" in (await mira.get(path)).text
    answer = await push(mira, page, path, comment="x" * (LONGEST_COMMENT + 1))
    assert answer.status_code == 422
    assert "Use at most 1,000 characters: this has 1,001." in words(answer)
    await push(mira, page, path, comment="  ")
    assert "Twice" not in rows(await mira.get(f"/lists/{made}"))["movie-550"]
    await push(mira, page, f"{path}/remove")
    assert (await push(mira, page, path, comment="gone")).status_code == 422


async def test_titles_are_moved_up_and_down_and_to_a_place(mira: Browser, world: World) -> None:
    films = [title_row("movie", 1000 + number, f"Film {number:02}") for number in range(ROWS + 2)]
    await world.house.write(titles.load, films)
    made = await make(world, "Noir", tuple(range(1000, 1000 + ROWS + 2)))
    page = await mira.get(f"/lists/{made}")
    said = rows(page)
    assert "Up" not in said["movie-1000"]
    assert "Down Film 00" in said["movie-1000"]
    assert "Up Film 01 Down Film 01" in said["movie-1001"]
    # The last row of a page goes to the next one, and is followed.
    address, shown = await landed(mira, await push(mira, page, f"/lists/{made}/movie/1019/move", step="down"))
    assert address == f"/lists/{made}?page=2#movie-1019"
    assert anchors(shown) == ["movie-1019", "movie-1021"]
    assert "Film 19 is at place 21 now." in words(shown)
    assert "Down" not in rows(shown)["movie-1021"]
    address, shown = await landed(mira, await push(mira, page, f"/lists/{made}/movie/1019/move", step="up"))
    assert anchors(shown)[-1] == "movie-1019"
    entry = await mira.get(f"/lists/{made}/movie/1021")
    assert "Place on the list, from 1 to 22" in words(entry)
    assert Form(entry.text, f"/lists/{made}/movie/1021/move").typed["position"] == "22"
    address, shown = await landed(mira, await push(mira, entry, f"/lists/{made}/movie/1021/move", position=" 1 "))
    assert address == f"/lists/{made}#movie-1021"
    assert anchors(shown)[:2] == ["movie-1021", "movie-1000"]
    for nowhere in ("0", "23", "-1", "x", "", "1.5", "9" * 300, "\u0663"):
        answer = await push(mira, entry, f"/lists/{made}/movie/1021/move", position=nowhere)
        assert answer.status_code == 422
        assert "Choose a place from 1 to 22." in words(answer)
    assert anchors(await mira.get(f"/lists/{made}"))[:2] == ["movie-1021", "movie-1000"]
    # Apps see the same order, in both generations.
    _, third = await world.house.read(lists.show, made, world.mira.id, 1)
    _, later = await world.house.read(fourth.show, made, world.mira.id, ListSort.ORIGINAL, 1)
    for shown_films in ([each.id for each in third.rows], [each.title.id for each in later.rows]):
        assert shown_films[:3] == [1021, 1000, 1001]


async def test_a_list_is_shown_in_its_own_order_unless_asked_for_another(mira: Browser, world: World) -> None:
    made = await make(world, "Noir", (597, 550, 11))
    by_title = ["movie-550", "movie-11", "movie-597"]
    assert anchors(await mira.get(f"/lists/{made}?sort_by=title.asc")) == by_title
    change = ListChange(None, None, None, ListSort.TITLE, None)
    await world.house.write(fourth.update, world.mira.id, None, made, change)
    page = await mira.get(f"/lists/{made}")
    assert anchors(page) == by_title
    assert ">Up<" not in page.text
    own = await mira.get(f"/lists/{made}?sort_by=original_order.asc")
    assert anchors(own) == ["movie-597", "movie-550", "movie-11"]
    # Who moves something sees the order in which it was moved.
    address, _ = await landed(mira, await push(mira, own, f"/lists/{made}/movie/550/move", step="up"))
    assert address == f"/lists/{made}?sort_by=original_order.asc#movie-550"
    assert anchors(await mira.get(f"/lists/{made}?sort_by=nonsense")) == by_title
    assert (await mira.get(f"/lists/{made}?page=2")).status_code == 404


async def test_a_key_is_good_for_one_title_on_one_list(mira: Browser, world: World) -> None:
    made, other = await make(world, "Noir", (550, 597)), await make(world, "Other", (550,))
    key = Form((await mira.get(f"/lists/{made}/movie/550")).text).hidden
    for path in (f"/lists/{made}/movie/597", f"/lists/{other}/movie/550"):
        for ending in ("", "/remove", "/move", "/add"):
            answer = await mira.send(f"{path}{ending}", {**key, "step": "up", "comment": "x"})
            assert "open for a long time" in words(answer)
    assert anchors(await mira.get(f"/lists/{made}")) == ["movie-550", "movie-597"]


async def test_what_a_person_did_by_hand_is_kept_when_an_app_is_undone(mira: Browser, world: World) -> None:
    await world.session(world.cineshelf, world.mira)
    made, app_id = await make(world, "Noir", (11,)), world.cineshelf.app.id
    for film in (550, 597, 278):
        world.clock.advance(MINUTE)
        await world.house.write(lists.add_item, world.mira.id, app_id, made, MediaType.MOVIE, film)
    theirs = Item(MediaType.MOVIE, 11, comments=True, comment="Theirs.")
    await world.house.write(fourth.comment, world.mira.id, app_id, made, [theirs])
    world.clock.advance(MINUTE)
    for film, fields in ((550, {"step": "up"}), (11, None)):
        page = await mira.get(f"/lists/{made}/movie/{film}")
        path = f"/lists/{made}/movie/{film}"
        await (push(mira, page, f"{path}/move", **fields) if fields else push(mira, page, path, comment="Mine."))
    report = await undo.everything(world.house, world.mira.id, world.cineshelf.app.public_id)
    assert report.outcomes == {Undone.DONE: 2, Undone.PERSON: 2}
    shown = await mira.get(f"/lists/{made}")
    assert anchors(shown) == ["movie-550", "movie-11"]
    assert "Mine." in rows(shown)["movie-11"]
