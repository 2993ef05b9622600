"""People bring what they have, take it away, and leave; each with the words and states of ux.md §7.15."""

import re
import zipfile
from io import BytesIO

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from admitone.flows import sessions
from admitone.flows.records import importing, leaving, works
from admitone.flows.sweep import sweep
from admitone.model.faults import Fault, Refused
from admitone.model.records.jobs import DAY_MS, GRACE_MS
from admitone.pages.forms import LARGEST_UPLOAD, _parted
from tests.model.records import samples
from tests.pages.browser import HONEST, Browser, Form, title, words
from tests.post import MIRAS, give_address
from tests.world import PASSWORD, World

IMPORT = "/account/data/import"


async def upload(browser: Browser, *sent: tuple[str, str | bytes], **fields: str) -> httpx.Response:
    """Choose files and send them, as a browser does."""
    form = Form((await browser.get(f"{IMPORT}?new=1")).text)
    files = [("files", (name, content)) for name, content in sent]
    return await browser.http.post(IMPORT, data={**form.hidden, **fields}, files=files, headers=HONEST)


async def push(browser: Browser, page: httpx.Response, action: str, **fields: str) -> httpx.Response:
    """Send one of the forms of a page: the one that goes to `action`."""
    found = re.search(rf'<form[^>]* action="{re.escape(action)}".*?</form>', page.text, re.DOTALL)
    assert found, action
    return await browser.send(action, {**Form(found[0]).hidden, **fields})


async def test_a_file_is_shown_then_imported_then_reported(mira: Browser) -> None:
    assert (await upload(mira, ("ratings.csv", samples.TMDB))).headers["location"] == IMPORT
    shown = await mira.get(IMPORT)
    assert "Import this? Nothing has been changed yet. From TMDB Ratings 3" in words(shown)
    assert "3 entries come to nothing" in words(shown)
    assert (await push(mira, shown, f"{IMPORT}/start")).status_code == 303
    done = await mira.get(IMPORT)
    assert "Your import is done From TMDB Added 1" in words(done)
    assert "Game, of Thrones (2011) Ratings We don’t know this title." in words(done)
    assert "ratings.csv, line 7" in words(done)
    again = await push(mira, shown, f"{IMPORT}/start")
    assert again.headers["location"] == IMPORT


async def test_what_was_read_can_be_left_alone(mira: Browser) -> None:
    await upload(mira, ("letterboxd.zip", samples.LETTERBOXD))
    shown = await mira.get(IMPORT)
    assert "Lists: Nights, long" in words(shown)
    assert "Look at what was read" in words(await mira.get("/account/data"))
    assert (await push(mira, shown, f"{IMPORT}/forget")).status_code == 303
    assert title(await mira.get(IMPORT)) == "Bring your ratings – Admit One"


async def test_while_it_runs_the_page_is_loaded_again_without_any_script(
    mira: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def later(*_args: object) -> None:
        """Somebody else will do it."""

    monkeypatch.setattr(works, "attend", later)
    await upload(mira, ("ratings.csv", samples.TMDB))
    await push(mira, await mira.get(IMPORT), f"{IMPORT}/start")
    waits = await mira.get(IMPORT)
    assert "0 of 3 entries are done." in words(waits)
    assert waits.headers["refresh"] == "3"
    refused = await upload(mira, ("ratings.csv", samples.TMDB))
    assert (refused.status_code, title(refused)) == (422, "Error: Bring your ratings – Admit One")
    assert "This is being done already" in words(refused)
    assert await works.work(mira.world.house) == 1
    assert "refresh" not in (await mira.get(IMPORT)).headers


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ([], "Choose a file"),
        ([("ratings.csv", "")], "Choose a file"),
        ([("holiday.csv", "a,b\n1,2\n")], "We don’t know this kind of file"),
        ([("x.zip", b"PK\x03\x04")], "We couldn’t open this archive"),
        ([("ratings.csv", samples.MOVIELENS_RATINGS + "2,1,3.0,1\n")], "This file holds the ratings of several people"),
    ],
)
async def test_what_cannot_be_imported_is_said_above_the_form(mira: Browser, sent, said: str) -> None:
    answer = await upload(mira, *sent)
    assert (answer.status_code, title(answer)) == (422, "Error: Bring your ratings – Admit One")
    assert said in words(answer)


async def test_of_many_people_s_ratings_one_says_which_are_theirs(mira: Browser) -> None:
    sent = [("ratings.csv", samples.MOVIELENS_RATINGS + "2,1,3.0,1\n"), ("links.csv", samples.MOVIELENS_LINKS)]
    assert "Your number (userId)" in words(await upload(mira, *sent))
    assert (await upload(mira, *sent, whose="1")).status_code == 303
    assert "Ratings 3" in words(await mira.get(IMPORT))


async def test_more_than_fits_is_refused(mira: Browser) -> None:
    answer = await upload(mira, ("ratings.csv", b"x" * (LARGEST_UPLOAD + 1)))
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=", b"x"),
        ("multipart/form-data; boundary=a", b"--a\r\n\r\nx"),
        ("multipart/form-data; boundary=" + "a" * 400, b"x"),
        ("multipart/form-data; boundary=a", b"--a\r\ncontent-disposition: form-data; name=a\r\n\r\n\xff\r\n--a--"),
        ("application/json", b"{}"),
    ],
)
async def test_what_no_browser_sends_is_refused(mira: Browser, kind: str, content: bytes) -> None:
    answer = await mira.http.post(IMPORT, content=content, headers={**HONEST, "content-type": kind})
    assert answer.status_code in (400, 422)


async def test_nobody_else_can_send_files_into_an_account(mira: Browser) -> None:
    await mira.get(IMPORT)
    answer = await mira.http.post(IMPORT, files=[("files", ("ratings.csv", samples.TMDB))], headers=HONEST)
    assert answer.status_code == 422
    assert "Please send it again" in words(answer)
    assert title(await mira.get(IMPORT)) == "Bring your ratings – Admit One"


async def not_believed(browser: Browser, page: httpx.Response, action: str, **fields: str) -> None:
    """A form with the key of another, and the same form from another site, come back and do nothing."""
    found = re.search(rf'<form[^>]* action="{re.escape(action)}".*?</form>', page.text, re.DOTALL)
    assert found, action
    hidden = Form(found[0]).hidden
    foreign = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    for sent, headers in (({**hidden, "form_key": "x.y"}, HONEST), (hidden, foreign), (hidden, {})):
        answer = await browser.send(action, {**sent, **fields}, headers)
        assert (answer.status_code, title(answer).startswith("Error: ")) == (422, True)
        assert "This page was open for a long time" in words(answer)


async def test_nobody_else_can_press_the_buttons_of_an_import(mira: Browser) -> None:
    await upload(mira, ("ratings.csv", samples.TMDB))
    shown = await mira.get(IMPORT)
    for action in ("start", "forget"):
        await not_believed(mira, shown, f"{IMPORT}/{action}")
    assert title(await mira.get(IMPORT)) == title(shown)


async def test_nobody_else_can_end_the_days_of_grace(mira: Browser, world: World) -> None:
    await delete(mira)
    await mira.press(await mira.get("/signin"), username="mira", password=PASSWORD)
    page = await mira.get("/leaving")
    for choice in ("keep", "erase"):
        await not_believed(mira, page, "/leaving", choice=choice)
    assert words(await mira.get("/leaving")) == words(page)
    assert await world.house.read(leaving.of_account, world.mira.id) is not None


async def test_everything_can_be_taken_away(mira: Browser) -> None:
    page = await mira.get("/account/data")
    assert "Make the file" in words(page)
    assert (await push(mira, page, "/account/data")).status_code == 303
    assert "It is ready and is kept until 22 January." in words(await mira.get("/account/data"))
    archive = await mira.get("/account/data/archive")
    assert archive.headers["content-type"] == "application/zip"
    assert len(archive.content) == int(archive.headers["content-length"])
    with zipfile.ZipFile(BytesIO(archive.content)) as opened:
        assert opened.testzip() is None


@pytest.mark.holds("ASVS 7.5.3")
async def test_the_archive_is_only_for_whoever_has_just_proved_who_they_are(mira: Browser) -> None:
    await push(mira, await mira.get("/account/data"), "/account/data")
    mira.world.clock.advance(16 * 60_000)
    asked = await mira.get("/account/data/archive")
    assert "Confirm it’s you" in words(asked)
    assert (await mira.press(asked, password=PASSWORD)).headers["location"] == "/account/data/archive"
    mira.world.clock.advance(60_000)
    assert (await mira.get("/account/data/archive")).status_code == 200


async def test_without_an_archive_there_is_nothing_to_fetch(mira: Browser) -> None:
    assert (await mira.get("/account/data/archive")).headers["location"] == "/account/data"
    assert "There is no file to download" in words(await mira.get("/account/data"))


async def delete(mira: Browser) -> httpx.Response:
    return await push(mira, await mira.get("/account/delete"), "/account/delete", username=" @Mira ")


async def test_deleting_takes_the_user_name(mira: Browser) -> None:
    answer = await push(mira, await mira.get("/account/delete"), "/account/delete", username="tomas")
    assert (answer.status_code, title(answer)) == (422, "Error: Delete your account – Admit One")
    assert "That isn’t your username" in words(answer)
    assert 'value="tomas"' in answer.text
    assert (await mira.get("/account")).status_code == 200


@pytest.mark.holds("A16", "ASVS 7.4.2")
async def test_deleting_ends_everything_at_once(mira: Browser, world: World) -> None:
    session = await world.session(world.cineshelf, world.mira)
    pending = await world.approved(world.cineshelf, world.mira)
    said = await delete(mira)
    assert "Everything is erased on 29 January 2027." in words(said)
    assert "/signin" in (await mira.get("/account")).headers["location"]
    with pytest.raises(Refused):
        await world.house.write(sessions.exchange, world.cineshelf.app.id, pending, "")
    with pytest.raises(Refused):
        await world.house.write(sessions.end, world.cineshelf.app.id, session, "")


async def test_until_it_is_erased_it_can_be_kept(mira: Browser, world: World) -> None:
    await upload(mira, ("ratings.csv", samples.TMDB))
    await push(mira, await mira.get(IMPORT), f"{IMPORT}/start")
    await delete(mira)
    world.clock.advance(13 * DAY_MS)
    wrong = await mira.press(await mira.get("/signin"), username="mira", password="wrong wrong wrong")
    assert "We couldn’t sign you in" in words(wrong)
    answer = await mira.press(await mira.get("/signin"), username="mira", password=PASSWORD)
    assert answer.headers["location"] == "/leaving"
    page = await mira.get("/leaving")
    assert "Your account is set to be deleted on 29 January 2027" in words(page)
    kept = await mira.press(page, choice="keep")
    assert "Your account stays" in words(kept)
    await mira.sign_in()
    assert "Added 1" in words(await mira.get(IMPORT)) or "Bring your ratings" in words(await mira.get(IMPORT))
    assert (await sweep(world.house, rest=0)).accounts == 0


async def test_whoever_signs_in_by_address_is_led_there_as_well(mira: Browser, world: World) -> None:
    await world.house.write(give_address, world.mira.id, MIRAS)
    await delete(mira)
    answer = await mira.press(await mira.get("/signin"), username=MIRAS, password=PASSWORD)
    assert answer.headers["location"] == "/leaving"
    assert "Nobody can use @mira meanwhile" in words(await mira.get("/leaving"))


async def test_whoever_does_not_want_to_wait_need_not(mira: Browser, world: World) -> None:
    await delete(mira)
    await mira.press(await mira.get("/signin"), username="mira", password=PASSWORD)
    gone = await mira.press(await mira.get("/leaving"), choice="erase")
    assert "Your account is deleted" in words(gone)
    assert (await mira.get("/leaving")).headers["location"] == "/signin"
    answer = await mira.press(await mira.get("/signin"), username="mira", password=PASSWORD)
    assert "We couldn’t sign you in" in words(answer)


async def test_the_page_of_leaving_is_nobody_else_s(mira: Browser, world: World) -> None:
    await delete(mira)
    assert (await mira.get("/leaving")).headers["location"] == "/signin"
    await mira.press(await mira.get("/signin"), username="mira", password=PASSWORD)
    page = await mira.get("/leaving")
    other = Browser(world)
    stolen = await other.send("/leaving", {**Form(page.text).hidden, "choice": "erase"})
    assert stolen.status_code != 200 or "deleted" not in words(stolen)
    assert await world.house.read(leaving.of_account, world.mira.id) is not None
    world.clock.advance(11 * 60_000)
    assert (await mira.get("/leaving")).headers["location"] == "/signin"
    await other.http.aclose()


async def test_after_the_days_of_grace_there_is_no_way_back(mira: Browser, world: World) -> None:
    await delete(mira)
    await mira.press(await mira.get("/signin"), username="mira", password=PASSWORD)
    page = await mira.get("/leaving")
    world.clock.advance(GRACE_MS)
    assert (await sweep(world.house, rest=0)).accounts == 1
    assert (await mira.press(page, choice="keep")).status_code in (303, 422)
    with pytest.raises(Refused) as refused:
        await world.house.write(leaving.keep, world.mira.id)
    assert refused.value.fault is Fault.ACCOUNT_UNKNOWN


async def test_reports_have_pages(mira: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "BATCH", 1000)
    lines = "".join(f"{number},,,4,4,Unknown {number} (1999)\n" for number in range(1, 46))
    head = "movie_id,imdb_id,tmdb_id,rating,average_rating,title\n"
    await upload(mira, ("movielens-ratings.csv", head + lines))
    await push(mira, await mira.get(IMPORT), f"{IMPORT}/start")
    assert "Page 1 of 3" in words(await mira.get(IMPORT))
    assert "Unknown 45 (1999)" in words(await mira.get(f"{IMPORT}?page=3"))
    assert (await mira.get(f"{IMPORT}?page=x")).status_code == 404


PARTS = st.lists(
    st.sampled_from(
        [
            b"--a",
            b"--",
            b"\r\n",
            b"\r\n\r\n",
            b'content-disposition: form-data; name="x"',
            b'; filename="y"',
            b"\xff",
            b"z",
        ]
    ),
    max_size=12,
).map(b"".join)


@given(st.one_of(st.binary(max_size=60), PARTS), st.sampled_from([b"a", b"", b"\xff", b"a" * 300]))
def test_any_form_with_files_is_read_or_refused(content: bytes, boundary: bytes) -> None:
    try:
        found = _parted(content, boundary)
    except Refused as refused:
        assert refused.fault is Fault.BODY_BAD  # noqa: PT017 - either way is right
    else:
        assert all(isinstance(file.content, bytes) for file in found.files)
