"""Before a sensitive page whoever is signed in proves it again, and then goes on where they were."""

from html import escape

import httpx
import pytest
from starlette.responses import HTMLResponse, Response

from admitone.flows import visits
from admitone.flows.events import Happened
from admitone.model.visits import FRESH_MS
from admitone.pages import app
from admitone.pages.forms import Form as Fields
from admitone.pages.guard import Visitor, form_key
from admitone.pages.routes import PAGES, Page, Who
from admitone.pages.words import Notice
from tests.pages.browser import HONEST, Browser, Form, title, words
from tests.store.aside import audit
from tests.world import PASSWORD, World

PATH = "/account/sensitive"


class Sensitive:
    """A page that can be reached only by who has just proved who they are, and what was done on it."""

    def __init__(self) -> None:
        self.done: list[Fields] = []
        self.page = Page(PATH, self.show, self.act, self.purpose, who=Who.CONFIRMED)

    async def show(self, visitor: Visitor, form: Fields, notice: Notice | None) -> Response:
        key, typed = form_key(visitor, "sensitive"), escape(form.get("name", ""))
        hidden = f'<input type="hidden" name="form_key" value="{key}"><input name="name" value="{typed}">'
        return HTMLResponse(f"<main>Sensitive {notice or ''}<form action='{PATH}'>{hidden}</form></main>")

    async def act(self, _visitor: Visitor, form: Fields) -> Response:
        self.done.append(form)
        return HTMLResponse("<main>Done</main>")

    def purpose(self, _visitor: Visitor, _form: Fields) -> str:
        return "sensitive"


@pytest.fixture
def sensitive(monkeypatch: pytest.MonkeyPatch) -> Sensitive:
    sensitive = Sensitive()
    monkeypatch.setattr(app, "PAGES", (*PAGES, sensitive.page))
    return sensitive


@pytest.fixture
async def mira(sensitive: Sensitive, world: World) -> Browser:
    browser = Browser(world)
    await browser.sign_in()
    return browser


def asks(page: httpx.Response) -> bool:
    return "Confirm it’s you" in words(page)


async def test_nobody_asks_within_a_quarter_of_an_hour(mira: Browser, world: World, sensitive: Sensitive) -> None:
    world.clock.advance(FRESH_MS - 1)
    page = await mira.get(PATH)
    assert "Sensitive" in words(page)
    assert words(await mira.press(page, name="x")) == "Done"
    assert len(sensitive.done) == 1


@pytest.mark.holds("B12", "ASVS 7.2.4")
async def test_after_it_the_password_leads_on_with_a_new_secret(mira: Browser, world: World) -> None:
    world.clock.advance(FRESH_MS)
    before = mira.cookie("__Host-visit")
    assert before
    page = await mira.get(f"{PATH}?tab=2")
    assert asks(page)
    assert title(page) == "Confirm it’s you – Admit One"
    answer = await mira.press(page, password=PASSWORD)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PATH}?tab=2")
    after = mira.cookie("__Host-visit")
    assert after not in (None, before)
    assert await world.house.read(visits.find, before) is None
    assert "Sensitive" in words(await mira.get(PATH))
    assert (await world.house.read(audit))[-1][:3] == (Happened.CONFIRMED.value, None, world.mira.id)


async def test_what_was_typed_waits_but_for_passwords(mira: Browser, world: World, sensitive: Sensitive) -> None:
    form = Form((await mira.get(PATH)).text)
    world.clock.advance(FRESH_MS)
    page = await mira.send(PATH, {**form.hidden, "name": "<Mira> & co", "new_password": "not to be kept"})
    assert asks(page)
    assert sensitive.done == []
    assert "not to be kept" not in page.text
    answer = await mira.press(page, password=PASSWORD)
    assert Form(answer.text).typed["name"] == "<Mira> & co"
    assert sensitive.done == []
    assert words(await mira.press(answer, name="Mira")) == "Done"


@pytest.mark.parametrize(
    ("password", "said"),
    [("wrong", "isn’t right"), ("", "Fill in"), (PASSWORD + " ", "isn’t right")],
)
async def test_a_wrong_password_leads_nowhere(mira: Browser, world: World, password: str, said: str) -> None:
    world.clock.advance(FRESH_MS)
    answer = await mira.press(await mira.get(PATH), password=password)
    assert answer.status_code == 422
    assert said in words(answer)
    assert title(answer).startswith("Error: ")
    assert asks(await mira.get(PATH))


async def test_a_form_that_is_not_ours_is_neither_kept_nor_acted_on(
    mira: Browser, world: World, sensitive: Sensitive
) -> None:
    world.clock.advance(FRESH_MS)
    page = await mira.send(PATH, {"name": "from elsewhere", "form_key": "x.y"})
    assert page.status_code == 422
    assert asks(page)
    assert "kept" not in Form(page.text).hidden
    assert (await mira.press(page, password=PASSWORD)).status_code == 303
    assert sensitive.done == []


@pytest.mark.parametrize("forged", ["no key", "foreign origin", "another page's", "another person's"])
@pytest.mark.holds("B3")
async def test_nobody_else_can_make_somebody_confirm(
    mira: Browser, world: World, sensitive: Sensitive, forged: str
) -> None:
    tomas = Browser(world)
    await tomas.sign_in("tomas")
    world.clock.advance(FRESH_MS)
    form = Form((await mira.get(PATH)).text)
    fields = {**form.hidden, "password": PASSWORD}
    headers = dict(HONEST)
    if forged == "no key":
        fields["form_key"] = ""
    if forged == "foreign origin":
        headers["origin"] = "https://evil.example"
    if forged == "another page's":
        fields["form_key"] = Form((await mira.get("/signout")).text).hidden["form_key"]
    if forged == "another person's":
        fields["form_key"] = Form((await tomas.get(PATH)).text).hidden["form_key"]
    answer = await mira.send(PATH, fields, headers)
    assert answer.status_code == 422
    assert asks(await mira.get(PATH))


async def test_what_waits_for_one_person_is_not_handed_to_another(mira: Browser, world: World) -> None:
    form = Form((await mira.get(PATH)).text)
    tomas = Browser(world)
    await tomas.sign_in("tomas")
    world.clock.advance(FRESH_MS)
    waiting = Form((await mira.send(PATH, {**form.hidden, "name": "Mira’s"})).text).hidden["kept"]
    page = await tomas.get(PATH)
    answer = await tomas.press(page, password=PASSWORD, kept=waiting)
    assert answer.status_code == 303
    assert "Mira’s" not in answer.text


async def test_whoever_is_not_signed_in_signs_in_first(sensitive: Sensitive, world: World) -> None:
    browser = Browser(world)
    assert (await browser.get(PATH)).headers["location"] == "/signin?next=%2Faccount%2Fsensitive"
    assert (await browser.send(PATH, {"name": "x"})).status_code == 303
    assert sensitive.done == []
