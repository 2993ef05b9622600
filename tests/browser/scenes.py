"""Every page in every state it can be in, each as a person would come to it."""

from collections.abc import Awaitable, Callable

from sqlalchemy import update

from admitone.flows import visits
from admitone.flows.connected import connections
from admitone.flows.logins import Attempt
from admitone.flows.media import lists, ratings
from admitone.flows.media.lists import NewList
from admitone.flows.media.ratings import Rater
from admitone.flows.people import passkeys
from admitone.model.apps import AppKind
from admitone.model.connected.connections import AppOrder
from admitone.model.media import RatedType, Subject
from admitone.store.schema import accounts, apps, sessions
from tests.browser import record_scenes
from tests.browser.stage import Stage
from tests.browser.tab import Tab
from tests.factors import plant_passkey, turned_off, with_authenticator
from tests.world import MINUTE, PASSWORD, Registered

Scene = Callable[[Tab, Stage], Awaitable[None]]
HERE = "https://cineshelf.example/back"


async def ticket(tab: Tab, stage: Stage, app: Registered, redirect_to: str | None = None) -> str:
    """Mira looks at what an app asks, two minutes after it asked."""
    if "/signin" in tab.page.url or tab.page.url == "about:blank":
        await tab.sign_in()
    token = stage.token(app)
    stage.clock.advance(2 * MINUTE)
    await tab.ask(token, redirect_to)
    return token


async def front(tab: Tab, _stage: Stage) -> None:
    await tab.page.goto("/")


async def front_signed_in(tab: Tab, _stage: Stage) -> None:
    await tab.sign_in()


async def signin(tab: Tab, _stage: Stage) -> None:
    await tab.page.goto("/signin")


async def signin_to_connect(tab: Tab, stage: Stage) -> None:
    await tab.ask(stage.token(stage.app()))


async def signin_error(tab: Tab, stage: Stage) -> None:
    await signin_to_connect(tab, stage)
    await tab.page.get_by_label("Username").fill("mira")
    await tab.page.get_by_label("Password", exact=True).fill("wrong")
    await tab.page.keyboard.press("Enter")
    await tab.page.get_by_role("alert").wait_for()


async def signin_other(tab: Tab, stage: Stage) -> None:
    await ticket(tab, stage, stage.app())
    await tab.page.get_by_role("link", name="Not you?").click()
    await tab.sees("Sign in")


async def signout(tab: Tab, _stage: Stage) -> None:
    await tab.sign_in()
    await tab.page.goto("/signout")


async def signed_out(tab: Tab, _stage: Stage) -> None:
    await tab.page.goto("/signout")


async def approve(tab: Tab, stage: Stage) -> None:
    await ticket(tab, stage, stage.app("", HERE), HERE)


async def approve_caution(tab: Tab, stage: Stage) -> None:
    app = stage.app()
    stage.change(update(apps).where(apps.c.id == app.app.id).values(accepted=0))
    await ticket(tab, stage, app, "https://reel.example/cb")


async def approve_again(tab: Tab, stage: Stage) -> None:
    app = stage.app()
    stage.run(stage.world.session(app, stage.world.mira))
    await ticket(tab, stage, app)


async def approve_own(tab: Tab, stage: Stage) -> None:
    app = stage.app()
    stage.change(update(apps).where(apps.c.id == app.app.id).values(first_party=1))
    await ticket(tab, stage, app, "http://127.0.0.1:8731/")


async def approve_error(tab: Tab, stage: Stage) -> None:
    await ticket(tab, stage, stage.app())
    await tab.page.locator("[name=form_key]").evaluate("field => { field.value = '' }")
    await tab.press("Approve")
    await tab.page.get_by_role("alert").wait_for()


async def approve_long_names(tab: Tab, stage: Stage) -> None:
    app = stage.app("W" * 50 + f"{stage.number():09}")
    stage.change(update(accounts).where(accounts.c.username == "mira").values(name="M" * 60))
    await ticket(tab, stage, app, "https://" + "a" * 60 + "." + "b" * 60 + ".example/")
    stage.change(update(accounts).where(accounts.c.username == "mira").values(name="Mira Okafor"))


async def approve_right_to_left(tab: Tab, stage: Stage) -> None:
    # Letters for digits, so that every one of them is another app.
    name = "".join(chr(0x05D0 + int(digit)) for digit in f"{stage.number():013}")
    await ticket(tab, stage, stage.app(name))


async def approved(tab: Tab, stage: Stage) -> None:
    await ticket(tab, stage, stage.app())
    await tab.press("Approve")
    await tab.page.wait_for_url("**/allow")


async def approved_onward(tab: Tab, stage: Stage) -> None:
    await ticket(tab, stage, stage.app(), "https://elsewhere.example/cb")
    await tab.press("Approve")
    await tab.page.wait_for_url("**/allow?*")


async def denied(tab: Tab, stage: Stage) -> None:
    await ticket(tab, stage, stage.app())
    await tab.press("Deny")
    await tab.page.wait_for_url("**/deny")


async def expired(tab: Tab, _stage: Stage) -> None:
    await tab.page.goto("/authenticate/" + "0" * 40)


async def wrong_address(tab: Tab, stage: Stage) -> None:
    await ticket(tab, stage, stage.app("", HERE), "https://elsewhere.example/")


async def switched_off(tab: Tab, stage: Stage) -> None:
    app = stage.app()
    token = stage.token(app)
    stage.change(update(apps).where(apps.c.id == app.app.id).values(switched_off_at=1))
    await tab.ask(token)


async def neutral(tab: Tab, _stage: Stage) -> None:
    await tab.page.goto("/authenticate/allow")


async def nowhere(tab: Tab, _stage: Stage) -> None:
    await tab.page.goto("/nowhere")


async def help_page(tab: Tab, _stage: Stage) -> None:
    await tab.page.goto("/help")


async def privacy(tab: Tab, _stage: Stage) -> None:
    await tab.page.goto("/privacy")


async def reference(tab: Tab, _stage: Stage) -> None:
    await tab.page.goto("/docs#account-add-favorite")
    await tab.page.locator("details[open]").wait_for()
    # One of each kind: nothing taken, a path, a query, a body; a page of rows and a code for an answer.
    for name in ("authentication-create-request-token", "search-movie", "list-create", "tv-season-account-states"):
        await tab.page.locator(f"details:has(#{name}) summary").click()


async def account(tab: Tab, _stage: Stage) -> None:
    await tab.page.goto("/account")
    await tab.sign_in()
    await tab.sees("Your account")


async def apps_connected(tab: Tab, stage: Stage) -> None:
    stage.clock.advance(10)  # names are made of the time
    stage.run(stage.world.house.write(connections.end_all, stage.world.mira.id))
    phone = stage.app("Projectionist " + str(stage.clock.now())[-6:], kind=AppKind.PHONE)
    long_name = stage.app("W" * 50 + str(stage.clock.now())[-9:], kind=AppKind.TV)
    stage.change(update(apps).where(apps.c.id == long_name.app.id).values(accepted=0))
    old = stage.app("".join(chr(0x05D0 + int(digit)) for digit in str(stage.clock.now() + 1)), kind=AppKind.SCRIPT)
    for app in (old, long_name, phone, phone, *[stage.app() for _ in range(7)]):
        stage.run(stage.world.session(app, stage.world.mira))
    stage.change(update(sessions).where(sessions.c.app_id == old.app.id).values(used_at=1))
    await tab.page.goto("/account/apps")
    await tab.sign_in()
    await tab.sees("Connected apps")


async def apps_none(tab: Tab, stage: Stage) -> None:
    stage.run(stage.world.house.write(connections.end_all, stage.world.tomas.id))
    await tab.page.goto("/account/apps")
    await tab.sign_in("tomas")
    await tab.sees("Connected apps")


async def app_alone(tab: Tab, stage: Stage) -> None:
    await apps_connected(tab, stage)
    await tab.page.get_by_role("link", name="Projectionist").first.click()
    await tab.page.get_by_text("Disconnect it everywhere…").wait_for()


async def app_changes(tab: Tab, stage: Stage) -> None:
    await app_alone(tab, stage)
    app = stage.run(stage.world.house.read(connections.overview, stage.world.mira.id, AppOrder.USED)).apps[0].app
    for film, halves in ((550, 17), (597, 3)):
        subject = Subject(RatedType.MOVIE, film)
        stage.run(stage.world.house.write(ratings.rate, Rater(stage.world.mira.id), app.id, subject, halves))
    noir = NewList("W" * 100, "", "en", True)
    stage.run(stage.world.house.write(lists.create, stage.world.mira.id, app.id, noir))
    await tab.page.goto(f"/account/apps/{app.public_id}/changes")
    await tab.page.get_by_text("Undo everything it wrote…").wait_for()


async def app_undo(tab: Tab, stage: Stage) -> None:
    await app_changes(tab, stage)
    await tab.page.get_by_role("link", name="Undo… Titanic").click()
    await tab.sees("Undo this change?")


async def app_disconnect(tab: Tab, stage: Stage) -> None:
    await app_alone(tab, stage)
    await tab.page.get_by_role("link", name="Disconnect Projectionist").first.click()
    await tab.page.get_by_role("button", name="Disconnect").wait_for()


async def app_disconnect_everywhere(tab: Tab, stage: Stage) -> None:
    await app_alone(tab, stage)
    await tab.page.get_by_text("Disconnect it everywhere…").click()
    await tab.page.get_by_role("button", name="Disconnect").wait_for()


async def app_disconnected(tab: Tab, stage: Stage) -> None:
    await app_disconnect(tab, stage)
    await tab.page.get_by_role("button", name="Disconnect").click()
    await tab.page.get_by_role("status").wait_for()


async def apps_disconnect_all(tab: Tab, stage: Stage) -> None:
    await apps_connected(tab, stage)
    await tab.page.get_by_role("link", name="Disconnect all apps…").click()
    await tab.sees("Disconnect all apps?")


async def apps_disconnect_unused(tab: Tab, stage: Stage) -> None:
    await apps_connected(tab, stage)
    await tab.page.get_by_role("link", name="Disconnect what you no longer use…").click()
    await tab.sees("Disconnect what you no longer use?")


async def access(tab: Tab, stage: Stage) -> None:
    token = stage.run(stage.world.access_request(stage.app()))
    await tab.page.goto(f"/auth/access?request_token={token}")


async def access_ticket(tab: Tab, stage: Stage) -> None:
    await access(tab, stage)
    await tab.page.get_by_role("link", name="Login").click()
    await tab.sign_in()
    await tab.page.locator("input[value=Approve]").wait_for()


async def access_approved(tab: Tab, stage: Stage) -> None:
    await access_ticket(tab, stage)
    await tab.page.locator("input[value=Approve]").click()
    await tab.page.wait_for_url("**/auth/access/approve")


async def security(tab: Tab, stage: Stage) -> None:
    await tab.sign_in()
    if not stage.run(stage.world.house.read(passkeys.all_of, stage.world.mira.id)):
        stage.run(plant_passkey(stage.world, stage.world.mira, "iPhone of Mira"))
    await tab.page.goto("/account/security")


async def passkey_new(tab: Tab, _stage: Stage) -> None:
    await tab.sign_in()
    await tab.page.goto("/account/security/passkeys/new")


async def passkey_remove(tab: Tab, stage: Stage) -> None:
    await security(tab, stage)
    await tab.page.get_by_role("link", name="Remove…").first.click()
    await tab.sees("Remove iPhone of Mira?")


async def authenticator(tab: Tab, _stage: Stage) -> None:
    await tab.sign_in()
    await tab.page.goto("/account/security/authenticator")


async def authenticator_error(tab: Tab, stage: Stage) -> None:
    await authenticator(tab, stage)
    await tab.page.get_by_label("Code").fill("123 456")
    await tab.page.keyboard.press("Enter")
    await tab.page.get_by_role("alert").wait_for()


async def recovery_codes(tab: Tab, stage: Stage) -> None:
    await tab.sign_in()
    phone, _ = stage.run(with_authenticator(stage.world, stage.world.mira))
    await tab.page.goto("/account/security/recovery-codes")
    await tab.page.get_by_role("button", name="Make new codes").click()
    await tab.sees("Your recovery codes")
    stage.run(turned_off(stage.world, stage.world.mira, phone))


async def app_passwords(tab: Tab, _stage: Stage) -> None:
    await tab.sign_in()
    await tab.page.goto("/account/security/app-passwords")
    await tab.page.get_by_label("Which app is it for?").fill("Player in the living room")
    await tab.page.keyboard.press("Enter")
    await tab.page.get_by_role("link", name="Done").click()
    await tab.sees("App passwords")


async def app_password(tab: Tab, stage: Stage) -> None:
    await app_passwords(tab, stage)
    await tab.page.get_by_label("Which app is it for?").fill("Player")
    await tab.page.keyboard.press("Enter")
    await tab.sees("App password for Player")


async def confirm(tab: Tab, stage: Stage) -> None:
    await tab.sign_in()
    stage.clock.advance(15 * MINUTE)
    await tab.page.goto("/account/security/app-passwords")
    await tab.sees("Confirm it’s you")


async def history(tab: Tab, stage: Stage) -> None:
    elsewhere = Attempt("mira", PASSWORD, "198.51.100.7")
    stage.run(visits.sign_in(stage.world.house, elsewhere, remember=True))
    await tab.sign_in()
    await tab.page.goto("/account/history")


async def code(tab: Tab, stage: Stage) -> None:
    phone, _ = stage.run(with_authenticator(stage.world, stage.world.mira))
    await tab.page.goto("/signin")
    await tab.page.get_by_label("Username").fill("mira")
    await tab.page.get_by_label("Password", exact=True).fill(PASSWORD)
    await tab.page.keyboard.press("Enter")
    await tab.sees("Enter your code")
    stage.run(turned_off(stage.world, stage.world.mira, phone))


SCENES: tuple[Scene, ...] = (
    front, front_signed_in, signin, signin_to_connect, signin_error, signin_other, signout, signed_out, approve,
    approve_caution, approve_again, approve_own, approve_error, approve_long_names, approve_right_to_left, approved,
    approved_onward, denied, expired, wrong_address, switched_off, neutral, nowhere, help_page, privacy,
    reference, account, access, access_ticket, access_approved,
    apps_connected, apps_none, app_alone, app_changes, app_undo, app_disconnect,
    app_disconnect_everywhere,
    app_disconnected, apps_disconnect_all, apps_disconnect_unused,
    record_scenes.records, record_scenes.import_error, record_scenes.import_shown, record_scenes.import_done,
    record_scenes.delete_error, record_scenes.leaving,
    security, passkey_new, passkey_remove, authenticator, authenticator_error, recovery_codes, app_passwords,
    app_password, confirm, history, code,
)  # fmt: skip
