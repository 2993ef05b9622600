"""Mails say what they should in both parts, whatever people are called; a mail server takes them or says why not."""

import asyncio
import email
import ssl
from collections.abc import AsyncIterator
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword, Session
from hypothesis import given
from hypothesis import strategies as st

from admitone.basics import mail as mails
from admitone.basics.letters import WORDS, Letter
from admitone.basics.mail import Mail, MailError, Post, Smtp, UndeliverableError, clean, is_sender, mime
from tests.browser.stage import make_certificate
from tests.world import START

POST = Post("https://admit.example", mails.Kept())
FACTS = {
    "address": "mira@example.org",
    "username": "mira",
    "other": "mira2",
    "when": "2027-01-15 08:00 UTC",
    "network": "203.0.113.7/32",
    "name": "my phone",
    "app": "CineShelf",
    "maker": "Mira Okafor",
    "browser": "Firefox (Windows)",
    "left": "6",
    "until": "22 March",
    "code": "01234567",
    "link": "https://admit.example/verify/abc",
}
SENDER = "Admit One <admit@example.org>"
NASTY = [
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "a\r\nBcc: everybody@example.org", "{link}",
    "{{ 7 * 7 }}", "{% raw %}", "a\x00b\x1b[31m", "\u202egpj.exe", "a\n\nOpen https://evil.example\n", "%(username)s",
    "a\u2028b\u2029c\x85d", "\ud800",
]  # fmt: skip


def write(letter: Letter, **facts: str) -> Mail:
    return POST.write(letter, {**FACTS, **facts}, language="en", message_id="1", at=START)


def sent(mail: Mail) -> EmailMessage:
    """The mail as it is read at the other end of the line."""
    return email.message_from_bytes(mime(mail, SENDER).as_bytes(), policy=default)


class Parts(NamedTuple):
    headers: list[str]
    text: str
    html: str


def parts(mail: Mail) -> Parts:
    message = sent(mail)
    text, html = (part.get_content() for part in message.iter_parts())
    return Parts(message.keys(), text.strip(), html)


def test_every_letter_has_words() -> None:
    assert set(WORDS) == set(Letter)
    assert all("{" not in words.subject for words in WORDS.values())


@pytest.mark.parametrize("letter", Letter)
def test_every_letter_can_be_sent_and_read(letter: Letter) -> None:
    message, (_, text, html) = sent(write(letter)), parts(write(letter))
    assert message["subject"] == WORDS[letter].subject
    assert message["to"] == "mira@example.org"
    assert message["from"] == SENDER
    assert message["message-id"] == "<1@admit.example>"
    assert message["date"] == "Fri, 15 Jan 2027 08:00:00 +0000"
    assert "{" not in text + html
    for word in ("admit.example", "mira@example.org"):
        assert word in text
        assert word in html
    links = FACTS["link"] in text
    assert links == ("{link}" in WORDS[letter].paragraphs)
    assert html.count("href") == links


@pytest.mark.parametrize("nasty", NASTY)
@pytest.mark.holds("B9")
def test_what_people_chose_adds_nothing_to_a_mail(nasty: str) -> None:
    honest = parts(write(Letter.APP_CONNECTED))
    written = parts(write(Letter.APP_CONNECTED, app=nasty, username=nasty, network=nasty))
    assert written.headers == honest.headers
    assert written.text.count("\n\n") == honest.text.count("\n\n")
    assert written.html.count("<") == honest.html.count("<")
    assert not any(char in written.text + written.html for char in "\x00\x1b\u202e\u2028\u2029\x85")


@pytest.mark.holds("B9")
def test_an_address_that_would_be_a_header_is_not_sent_to() -> None:
    with pytest.raises(ValueError, match=r"."):
        mime(write(Letter.PASSWORD_CHANGED)._replace(to="a@example.org\r\nBcc: b@example.org"), SENDER)


@given(st.text())
def test_a_fact_is_one_line_of_what_can_be_seen(text: str) -> None:
    assert clean(text).isprintable()
    assert len(clean(text)) <= 300
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize(
    ("text", "can"),
    [
        (SENDER, True), ("admit@example.org", True), ("", False), ("Admit One", False), ("a@b.cc, c@d.ee", False),
        ("admit@example.org\nBcc: x@example.org", False),
    ],
)  # fmt: skip
def test_who_mail_comes_from_is_one_address(text: str, can: bool) -> None:
    assert is_sender(text) is can


class Office:
    """What a mail server took, and what it answers instead."""

    def __init__(self) -> None:
        self.took: list[tuple[str, list[str], bytes]] = []
        self.to_recipients = ""
        self.to_content = ""

    async def handle_RCPT(  # noqa: N802 - the library calls it
        self, _server: SMTP, _session: Session, envelope: Any, address: str, _options: Any
    ) -> str:
        if not self.to_recipients:
            envelope.rcpt_tos.append(address)
        return self.to_recipients or "250 OK"

    async def handle_DATA(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Any
    ) -> str:
        if not self.to_content:
            self.took.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return self.to_content or "250 OK"


def knows(_server: SMTP, _session: Session, _envelope: Any, _mechanism: str, given: LoginPassword) -> AuthResult:
    return AuthResult(success=given == LoginPassword(b"admit", b"let me send"))


@pytest.fixture
def office() -> Office:
    return Office()


async def opened(office: Office, **options: Any) -> asyncio.Server:
    """A real mail server on a free port."""
    loop = asyncio.get_running_loop()
    return await loop.create_server(lambda: SMTP(office, enable_SMTPUTF8=True, **options), "127.0.0.1", 0)


def port_of(server: asyncio.Server) -> int:
    port: int = server.sockets[0].getsockname()[1]
    return port


@pytest.fixture
async def plain(office: Office) -> AsyncIterator[Smtp]:
    server = await opened(office)
    yield Smtp("127.0.0.1", port_of(server), "none", "", "", SENDER)
    server.close()


async def test_a_mail_server_takes_a_mail_whole(office: Office, plain: Smtp) -> None:
    mail = write(Letter.CONFIRM_ADDRESS)
    await plain.send(mail)
    ((sender, recipients, content),) = office.took
    assert (sender, recipients) == ("admit@example.org", ["mira@example.org"])
    assert email.message_from_bytes(content, policy=default)["message-id"] == mail.message_id


async def test_an_address_in_other_letters_is_sent_to_as_it_is(office: Office, plain: Smtp) -> None:
    await plain.send(write(Letter.CONFIRM_ADDRESS, address="josé@example.org"))
    assert office.took[0][1] == ["josé@example.org"]


@pytest.mark.parametrize("answer", ["550 no such person", "552 full", "554 no"])
@pytest.mark.parametrize("step", ["to_recipients", "to_content"])
async def test_what_a_server_will_never_take_is_given_up(office: Office, plain: Smtp, step: str, answer: str) -> None:
    setattr(office, step, answer)
    with pytest.raises(UndeliverableError):
        await plain.send(write(Letter.PASSWORD_CHANGED))


@pytest.mark.parametrize("step", ["to_recipients", "to_content"])
async def test_what_a_server_will_not_take_now_is_tried_again(office: Office, plain: Smtp, step: str) -> None:
    setattr(office, step, "451 later")
    with pytest.raises(MailError) as error:
        await plain.send(write(Letter.PASSWORD_CHANGED))
    assert not isinstance(error.value, UndeliverableError)


async def test_a_server_that_is_not_there_is_tried_again(plain: Smtp) -> None:
    with pytest.raises(MailError) as error:
        await Smtp("127.0.0.1", 1, "none", "", "", SENDER).send(write(Letter.PASSWORD_CHANGED))
    assert not isinstance(error.value, UndeliverableError)


async def test_a_password_goes_over_a_line_that_nobody_else_reads(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = make_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = await opened(office, tls_context=context, require_starttls=True, authenticator=knows, auth_required=True)
    try:
        smtp = Smtp("localhost", port_of(server), "starttls", "admit", "let me send", SENDER)
        assert "let me send" not in repr(smtp)
        with pytest.raises(MailError):  # its certificate is nobody's
            await smtp.send(write(Letter.PASSWORD_CHANGED))
        assert office.took == []
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        await smtp.send(write(Letter.PASSWORD_CHANGED))
        assert len(office.took) == 1
        with pytest.raises(MailError):
            await Smtp("localhost", smtp.port, "starttls", "admit", "wrong", SENDER).send(
                write(Letter.PASSWORD_CHANGED)
            )
        assert len(office.took) == 1
    finally:
        server.close()
