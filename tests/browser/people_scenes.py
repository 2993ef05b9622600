"""The pages of signing up, addresses, passwords and profiles, each as a person would come to it."""

from admitone.flows import accounts
from tests.browser.stage import Stage
from tests.browser.tab import Tab
from tests.factors import with_authenticator

NEW = "nine purple umbrellas dance"


async def signup(tab: Tab, _stage: Stage) -> None:
    await tab.page.goto("/signin")
    await tab.page.get_by_role("link", name="Create an account").click()
    await tab.sees("Create an account")


async def signup_errors(tab: Tab, stage: Stage) -> None:
    await signup(tab, stage)
    await tab.page.get_by_label("Username").fill("mira")
    await tab.page.get_by_label("E-mail address").fill("mira")
    await tab.page.get_by_label("Password", exact=True).fill("too short")
    await tab.page.keyboard.press("Enter")
    await tab.page.get_by_role("alert").wait_for()


async def signup_listed(tab: Tab, stage: Stage) -> None:
    await signup(tab, stage)
    await tab.page.get_by_label("Username").fill("nora")
    await tab.page.get_by_label("E-mail address").fill("nora@example.org")
    await tab.page.get_by_label("Password", exact=True).fill("passwordpassword")
    await tab.page.keyboard.press("Enter")
    await tab.page.locator("#password-error").wait_for()


async def verify(tab: Tab, stage: Stage) -> None:
    await signup(tab, stage)
    await tab.page.get_by_label("Username").fill(f"nora{stage.clock.now()}")
    await tab.page.get_by_label("E-mail address").fill(f"nora{stage.clock.now()}@example.org")
    await tab.page.get_by_label("Password", exact=True).fill(NEW)
    await tab.page.keyboard.press("Enter")
    await tab.sees("Check your e-mail")
    stage.clock.advance(360_000)


async def verify_wrong(tab: Tab, stage: Stage) -> None:
    await verify(tab, stage)
    await tab.page.get_by_label("Code").fill("0000 0000")
    await tab.page.keyboard.press("Enter")
    await tab.page.locator("#code-error").wait_for()


async def confirm_address(tab: Tab, stage: Stage) -> None:
    await verify(tab, stage)
    await tab.page.goto(stage.link("/verify"))


async def confirm_elsewhere(tab: Tab, stage: Stage) -> None:
    await verify(tab, stage)
    await tab.context.clear_cookies()
    await tab.page.goto(stage.link("/verify"))


async def confirmed(tab: Tab, stage: Stage) -> None:
    await confirm_address(tab, stage)
    await tab.page.get_by_role("button", name="Confirm").click()
    await tab.sees("Your e-mail address is confirmed.")


async def unconfirmed(tab: Tab, stage: Stage) -> None:
    await verify(tab, stage)
    await tab.ask(stage.token(stage.app()))
    await tab.sees("Confirm your e-mail address first")


async def link_dead(tab: Tab, _stage: Stage) -> None:
    await tab.page.goto("/verify/" + "0" * 40)


async def forgot(tab: Tab, _stage: Stage) -> None:
    await tab.page.goto("/signin")
    await tab.page.get_by_role("link", name="Forgot your password?").click()
    await tab.sees("Forgot your password?")


async def forgot_sent(tab: Tab, stage: Stage) -> None:
    await forgot(tab, stage)
    await tab.page.get_by_label("Where should we send the link?").fill("nobody@example.org")
    await tab.page.keyboard.press("Enter")
    await tab.page.get_by_role("status").wait_for()


async def reset(tab: Tab, stage: Stage) -> None:
    await confirmed(tab, stage)
    await _by_mail(tab, stage, await _address(tab))
    await tab.sees("Choose a new password")


async def reset_code(tab: Tab, stage: Stage) -> None:
    await confirmed(tab, stage)
    address = await _address(tab)
    person = stage.run(stage.world.house.read(accounts.find, address.partition("@")[0]))
    stage.run(with_authenticator(stage.world, person))
    await _by_mail(tab, stage, address)
    await tab.sees("Enter your code")


async def reset_code_wrong(tab: Tab, stage: Stage) -> None:
    await reset_code(tab, stage)
    await tab.page.get_by_label("Code").fill("000000")
    await tab.page.keyboard.press("Enter")
    await tab.page.get_by_role("alert").wait_for()


async def _address(tab: Tab) -> str:
    return (await tab.page.locator("main p.break").inner_text()).strip()


async def _by_mail(tab: Tab, stage: Stage, address: str) -> None:
    await tab.context.clear_cookies()
    await forgot(tab, stage)
    await tab.page.get_by_label("Where should we send the link?").fill(address)
    await tab.page.keyboard.press("Enter")
    await tab.page.get_by_role("status").wait_for()
    await tab.page.goto(stage.link("/reset"))


async def reset_apps(tab: Tab, stage: Stage) -> None:
    await reset(tab, stage)
    await tab.page.get_by_label("New password").fill("eleven quiet harbours sing")
    await tab.page.keyboard.press("Enter")
    await tab.sees("Also disconnect your apps?")


async def disconnect_link(tab: Tab, stage: Stage) -> None:
    await confirmed(tab, stage)
    await tab.ask(stage.token(stage.app()))
    await tab.press("Approve")
    await tab.page.wait_for_url("**/allow")
    await tab.page.goto(stage.link("/disconnect"))
    await tab.page.get_by_role("button", name="Disconnect").wait_for()


async def disconnected(tab: Tab, stage: Stage) -> None:
    await disconnect_link(tab, stage)
    await tab.page.get_by_role("button", name="Disconnect").click()
    await tab.page.get_by_role("link", name="See what it wrote, and undo it").wait_for()


async def disconnect_dead(tab: Tab, _stage: Stage) -> None:
    await tab.page.goto("/disconnect/" + "0" * 40)


async def profile(tab: Tab, _stage: Stage) -> None:
    await tab.sign_in()
    await tab.page.goto("/account/profile")


async def profile_saved(tab: Tab, stage: Stage) -> None:
    await profile(tab, stage)
    await tab.page.get_by_role("button", name="Save").click()
    await tab.page.get_by_role("status").wait_for()


async def email(tab: Tab, _stage: Stage) -> None:
    await tab.sign_in()
    await tab.page.goto("/account/email")


async def password(tab: Tab, _stage: Stage) -> None:
    await tab.sign_in()
    await tab.page.goto("/account/password")


async def password_wrong(tab: Tab, stage: Stage) -> None:
    await password(tab, stage)
    await tab.page.get_by_label("Current password").fill("wrong")
    await tab.page.get_by_label("New password").fill(NEW)
    await tab.page.keyboard.press("Enter")
    await tab.page.locator("#present-error").wait_for()


PEOPLE_SCENES = (
    signup, signup_errors, signup_listed, verify, verify_wrong, confirm_address, confirm_elsewhere, confirmed,
    unconfirmed, link_dead, forgot, forgot_sent, reset, reset_apps, reset_code,
    reset_code_wrong, disconnect_link, disconnected, disconnect_dead, profile, profile_saved, email, password,
    password_wrong,
)  # fmt: skip
