"""No form and no call tells which accounts there are: the same status, headers and bytes for everybody (A3, A4)."""

import re
from collections.abc import Awaitable, Callable

import httpx
import pytest

from admitone.model.limits import LINKS_TO_ADDRESS
from tests.pages.browser import Browser
from tests.pages.people.conftest import Town, form_of, sign_up, town
from tests.post import MIRAS
from tests.store.aside import switch_account
from tests.wire.program import Program

__all__ = ["town"]

FREE = "nobody@example.org"
# What differs between any two answers: ids, keys of forms, and what was typed and comes back.
DRAWN = re.compile(r'(name="form_key" value=")[^"]*|(/static/[\w-]+\.)\w+|(for=)[0-9a-f]+|(data-options=")[^"]*')


def told(answer: httpx.Response, *typed: str) -> tuple[object, ...]:
    """All that an answer says, without what is drawn anew each time and without what was typed."""
    text = DRAWN.sub(r"\1\2\3\4", answer.text)
    for each in sorted(filter(None, typed), key=len, reverse=True):
        text = text.replace(each, "TYPED")
    kept = {name: value for name, value in answer.headers.items() if name not in ("x-request-id", "content-length")}
    cookies = re.sub(r"=[\w.-]+;", "=;", kept.pop("set-cookie", ""))
    return answer.status_code, tuple(sorted(kept.items())), cookies, text


async def all_say(told_by: Callable[[str], Awaitable[tuple[object, ...]]], *whom: str) -> None:
    first, *others = [await told_by(each) for each in whom]
    for other in others:
        assert other == first


@pytest.mark.holds("A3", "ASVS 6.3.8")
async def test_signing_in_says_the_same_of_everybody(town: Town) -> None:
    await town.world.house.write(switch_account, town.world.tomas.id, off=True)

    async def signed_in(whom: str) -> tuple[object, ...]:
        browser = town.browser()
        return told(await browser.press(await browser.get("/signin"), username=whom, password="a guess"), whom)

    await all_say(signed_in, "mira", "tomas", "nobody", MIRAS, FREE, "MIRA", "mi_ra", "m" * 300)


@pytest.mark.holds("A3", "ASVS 6.3.8")
async def test_a_call_says_the_same_of_everybody(town: Town) -> None:
    program = Program(town.world)
    await town.world.house.write(switch_account, town.world.tomas.id, off=True)

    async def called(whom: str) -> tuple[object, ...]:
        token = await town.world.token(town.world.cineshelf)
        body = {"username": whom, "password": "a guess", "request_token": token}
        return told(await program.post("/3/authentication/token/validate_with_login", body), whom)

    await all_say(called, "mira", "tomas", "nobody", MIRAS, FREE, "m" * 300)


@pytest.mark.holds("A4", "ASVS 6.3.8")
async def test_signing_up_says_the_same_of_an_address_that_is_taken(town: Town) -> None:
    async def signed_up(email: str) -> tuple[object, ...]:
        browser = town.browser()
        name = f"person{len(email)}"
        first = await sign_up(browser, name, email)
        return *told(first), *told(await browser.follow(first.headers["location"]), name, email)

    await all_say(signed_up, FREE, MIRAS)
    assert {mail.subject for mail in await town.mails()} == {
        "Confirm your e-mail address",
        "You already have an account",
    }


@pytest.mark.holds("A4", "ASVS 6.3.8")
async def test_changing_an_address_and_sending_again_say_the_same(town: Town) -> None:
    async def changed(email: str) -> tuple[object, ...]:
        browser = town.browser()
        await browser.sign_in("tomas")
        answers = [await browser.send("/account/email", {**await _keys(browser, "/account/email"), "email": email})]
        answers.append(await browser.get("/verify"))
        for _ in range(LINKS_TO_ADDRESS.burst + 1):
            again = form_of(await browser.get("/verify"), 1)
            answers.append(await browser.send(again.action, again.hidden))
            answers.append(await browser.follow(answers[-1].headers["location"]))
        return tuple(part for answer in answers for part in told(answer, email))

    await all_say(changed, FREE, MIRAS)


@pytest.mark.holds("A4", "ASVS 6.3.8")
async def test_asking_for_a_new_password_says_the_same_of_everybody(town: Town) -> None:
    async def asked(whom: str) -> tuple[object, ...]:
        browser = town.browser()
        answer = await browser.press(await browser.get("/forgot"), username=whom)
        return *told(answer, whom), *told(await browser.get("/forgot?sent=1"), whom)

    await all_say(asked, "mira", MIRAS, "nobody", FREE, "tomas")


async def _keys(browser: Browser, path: str) -> dict[str, str]:
    return form_of(await browser.get(path), -1).hidden
