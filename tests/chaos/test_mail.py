"""Mail over a real mail server, by a program that is killed with letters in its hand: none is lost, few come twice."""

import email
import random
import re
import signal
from collections import Counter
from collections.abc import Iterator
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.callers import Person
from tests.chaos.test_kill import free_port
from tests.running import Admitone, Server, until
from tests.vault import change, count, look

PEOPLE = 6
PASSWORD = "{name} and nine purple umbrellas"
STAGES = ("at the door", "in hand", "taken", "answered")


class Office:
    """A mail server that takes nothing, until it is told to kill whoever brings a letter, or to take all."""

    def __init__(self) -> None:
        self.took: list[tuple[str, str]] = []
        self._victim: Server | None = None
        self._stage = ""
        self._takes = False

    def strike_at(self, stage: str, victim: Server) -> None:
        """Kill the program the next time that a letter gets this far, and take nothing after."""
        self._stage, self._victim, self._takes = stage, victim, True

    def open(self) -> None:
        """Take every letter from now on."""
        self._stage, self._takes = "", True

    async def handle_RCPT(  # noqa: N802 - the library calls it
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if self._takes and not self._struck("at the door"):
            envelope.rcpt_tos.append(address)
            return "250 OK"
        return "451 later"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self._struck("in hand"):
            return "451 later"
        assert isinstance(envelope.content, bytes)
        body = email.message_from_bytes(envelope.content, policy=default).get_body(("plain",))
        assert body
        self.took.append((envelope.rcpt_tos[0], body.get_content()))
        self._struck("taken")
        return "250 OK"

    async def handle_QUIT(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:  # noqa: N802
        self._struck("answered")
        return "221 Bye"

    def _struck(self, stage: str) -> bool:
        if self._victim is None or self._stage != stage:
            return False
        self._victim.send(signal.SIGKILL)
        self._victim, self._takes = None, False
        return True


@pytest.fixture
def office() -> Iterator[tuple[Office, Controller]]:
    office = Office()
    controller = Controller(office, hostname="127.0.0.1", port=free_port(random.Random()))
    controller.start()
    yield office, controller
    controller.stop()


def person(admitone: Admitone, server: Server, name: str) -> Person:
    """Somebody's browser, in a network of their own."""
    admitone.secrets.add(password := PASSWORD.format(name=name))
    assert password
    return Person(admitone, server, headers={"x-forwarded-for": f"10.0.{name[-1]}.7"})


def make_due(admitone: Admitone) -> None:
    """Time passes: who had a letter in hand never said what became of it, and what was put back is tried again."""
    change(admitone.database, "UPDATE mails SET claimed_until = 0, due_at = 0 WHERE ended_at IS NULL")


@pytest.mark.holds("S17", "A12")
def test_no_letter_is_lost_and_at_most_one_comes_twice_for_each_kill(
    admitone: Admitone, office: tuple[Office, Controller]
) -> None:
    post, controller = office
    settings = {
        "ADMITONE_SIGN_UP": "open", "ADMITONE_SMTP_HOST": "127.0.0.1", "ADMITONE_SMTP_PORT": str(controller.port),
        "ADMITONE_SMTP_TLS": "none", "ADMITONE_MAIL_FROM": "Admit One <admit@example.org>",
        "ADMITONE_TRUSTED_PROXIES": "127.0.0.0/8",
    }  # fmt: skip
    port = ("--port", str(free_port(random.Random())))
    server = admitone.serve(*port, env=settings)
    names = [f"nora{number}" for number in range(PEOPLE)]
    for name in names:
        browser = person(admitone, server, name)
        typed = {"username": name, "email": f"{name}@example.org", "password": PASSWORD.format(name=name)}
        assert browser.press(browser.get("/signup"), **typed).status_code == 303
    for stage in STAGES:
        post.strike_at(stage, server)
        make_due(admitone)
        until(server.status, f"kill of whoever has a letter {stage}")
        server = admitone.serve(*port, env=settings)
    post.open()
    make_due(admitone)
    until(lambda: count(admitone.database, "mails", "ended_at IS NULL") == 0 or None, "end of every letter")
    assert look(admitone.database, "SELECT DISTINCT outcome FROM mails")[0] == [("sent",)]
    came = Counter(to for to, _ in post.took)
    assert set(came) == {f"{name}@example.org" for name in names}
    # Only a letter that was taken, of which nobody could say so any more, comes again.
    assert sum(came.values()) - len(came) <= STAGES.count("taken") + STAGES.count("answered")
    # The newest is good: the link in it confirms the address of whoever is signed in.
    for name in names:
        text = next(text for to, text in reversed(post.took) if to == f"{name}@example.org")
        link = re.search(r"/verify/[0-9a-f]{40}", text)
        assert link
        admitone.secrets.add(link[0].rpartition("/")[2])
        browser = person(admitone, server, name)
        browser.sign_in(name, PASSWORD.format(name=name))
        assert browser.press(browser.get(link[0])).status_code == 303
    assert count(admitone.database, "accounts", "email_confirmed_at IS NOT NULL") == PEOPLE
    assert server.stop() == 0
