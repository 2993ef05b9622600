"""This file writes mails, as text and as simple HTML, and hands them to a mail server, or keeps them for looking."""

import ssl
import unicodedata
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP as WIRE_POLICY
from email.utils import format_datetime
from functools import cache
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, Protocol
from urllib.parse import urlsplit

from admitone.basics.addresses import read_address
from admitone.basics.languages import choose, gettext, speaking
from admitone.basics.late import late
from admitone.basics.letters import CODE, FOOT, FOOT_OF_NOBODY, LINK, WORDS, Letter
from admitone.model.faults import Refused
from admitone.model.people.posting import ATTEMPT_S

if TYPE_CHECKING:
    import aiosmtplib
    import jinja2
else:
    jinja2 = late("jinja2", for_people=True)
    aiosmtplib = late("aiosmtplib", for_people=True)

PRODUCT: Final = "Admit One"
MOST_KEPT: Final = 200

_LONGEST_FACT: Final = 300  # characters
_REFUSED_FOR_GOOD: Final = {550, 551, 552, 553, 554}

Tls = Literal["starttls", "tls", "none"]


class MailError(Exception):
    """The mail could not be handed over; another try may work. The text holds no secret."""


class UndeliverableError(MailError):
    """The mail server will never take this mail."""


class Mail(NamedTuple):
    """A mail, ready to be sent; `at` is in UTC milliseconds."""

    to: str
    subject: str
    text: str
    html: str
    message_id: str
    at: int


class Sender(Protocol):
    """Anything that takes mails."""

    async def send(self, mail: Mail) -> None:
        """Take a mail, or raise MailError or UndeliverableError."""
        ...


class Kept:
    """Keeps mails in memory, newest last, instead of sending them: for the sandbox and tests."""

    def __init__(self) -> None:
        self.mails: deque[Mail] = deque(maxlen=MOST_KEPT)

    async def send(self, mail: Mail) -> None:
        """Keep a mail; the oldest goes when there are too many."""
        self.mails.append(mail)


@dataclass(frozen=True, slots=True)
class Smtp:
    """Hands mails to a mail server, each over a connection of its own."""

    host: str
    port: int
    tls: Tls
    user: str
    password: str = field(repr=False)
    sender: str

    async def send(self, mail: Mail) -> None:
        """Hand a mail over, within ATTEMPT_S seconds for all of it."""
        try:
            message = mime(mail, self.sender)
            await aiosmtplib.send(
                message,
                hostname=self.host,
                port=self.port,
                username=self.user or None,
                password=self.password or None,
                use_tls=self.tls == "tls",
                start_tls=self.tls == "starttls",
                # Each step may take a tenth: there are fewer than ten.
                timeout=ATTEMPT_S / 10,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            codes = [each.code for each in error.recipients]
            raise _failure(
                f"recipient refused: {codes}", for_good=all(code in _REFUSED_FOR_GOOD for code in codes)
            ) from error
        except aiosmtplib.SMTPResponseException as error:
            for_good = isinstance(error, aiosmtplib.SMTPDataError) and error.code in _REFUSED_FOR_GOOD
            raise _failure(f"{type(error).__name__} {error.code}", for_good=for_good) from error
        except ValueError as error:  # it would have another header, or cannot be written in its characters
            raise UndeliverableError(type(error).__name__) from error
        except (aiosmtplib.SMTPException, OSError, ssl.SSLError) as error:
            raise _failure(type(error).__name__, for_good=False) from error


@dataclass(frozen=True, slots=True)
class Post:
    """What a House that sends mail has for it: the site whose links stand in mails, and who takes them."""

    site_url: str
    sender: Sender

    @property
    def host(self) -> str:
        """The name of the site."""
        return urlsplit(self.site_url).netloc

    def write(self, letter: Letter, facts: Mapping[str, str], *, language: str, message_id: str, at: int) -> Mail:
        """Write a letter to `facts["address"]`; whatever people chose is cleaned here, and escaped in the HTML part."""
        words = WORDS[letter]
        known = {name: clean(value) for name, value in facts.items()}
        known.update(product=PRODUCT, host=self.host)
        with speaking(choose(language)):
            subject = gettext(words.subject)
            said = [
                _Paragraph(gettext(text, **known), alone=text in (CODE, LINK), link=text == LINK)
                for text in words.paragraphs
            ]
            foot = gettext(FOOT if "username" in known else FOOT_OF_NOBODY, **known)
        values = {"language": choose(language), "subject": subject, "paragraphs": said, "foot": foot}
        text, html = (_templates().get_template(f"letter.{part}").render(values) for part in ("txt", "html"))
        host = urlsplit(self.site_url).hostname
        return Mail(known["address"], subject, text, html, f"<{message_id}@{host}>", at)


class _Paragraph(NamedTuple):
    text: str
    alone: bool
    link: bool


def mime(mail: Mail, sender: str) -> EmailMessage:
    """The mail as it goes over the line. What would add a header raises ValueError."""
    message = EmailMessage(WIRE_POLICY)
    message["From"] = sender
    message["To"] = mail.to
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(datetime.fromtimestamp(mail.at / 1000, UTC))
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text, cte="quoted-printable")
    message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    return message


def is_sender(text: str) -> bool:
    """Whether mail can come from `text`: an address, with or without a name before it."""
    try:
        found = EmailMessage(WIRE_POLICY)
        found["From"] = text
        (address,) = found["From"].addresses
        read_address(address.addr_spec)
    except (ValueError, Refused):
        return False
    return True


def clean(text: str) -> str:
    """A fact without line breaks or anything else that cannot be seen, and not too long."""
    seen = "".join(
        " " if char.isspace() else char for char in text if unicodedata.category(char)[0] != "C" or char.isspace()
    )
    return " ".join(seen.split())[:_LONGEST_FACT]


def _failure(words: str, *, for_good: bool) -> MailError:
    return UndeliverableError(words) if for_good else MailError(words)


@cache
def _templates() -> "jinja2.Environment":
    return jinja2.Environment(
        loader=jinja2.PackageLoader("admitone.basics", "paper"),
        autoescape=jinja2.select_autoescape(["html"]),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
