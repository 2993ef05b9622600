"""This file rules where the browser goes next, after a person has decided: the address an app gave as `redirect_to`.

One strict parser serves registration, the decision and the answer, and what comes out is what was judged: addresses
that a browser would read differently from us are refused rather than repaired (security.md F4-F7, B9, B17).
"""

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Final, NamedTuple
from urllib.parse import quote

from admitone.model.faults import Fault, Refused
from admitone.model.web.hosts import is_loopback_host, read_host, readable_host

LONGEST: Final = 2048  # characters

# What such an address would do is not going back to an app: run script, show local files or forged pages, open other
# programs' hidden doors, or hand a web address to a browser behind our back.
_DANGEROUS: Final = frozenset(
    """
    javascript jscript livescript mocha vbscript data file filesystem blob about intent view-source resource jar mhtml
    res hcp shell search search-ms wyciwyg feed feeds extension chrome devtools edge brave opera vivaldi firefox
    googlechrome googlechromes android-app ws wss ftp ftps sftp gopher ldap ldaps smb nfs dav davs telnet ssh rlogin
    mailto tel sms mms urn cid mid localhost
    """.split()  # noqa: SIM905 - sixty quotation marks would hide the words
)
_DANGEROUS_FAMILIES: Final = (
    *("chrome-", "moz-", "firefox-", "safari-", "x-safari-", "x-web-", "ms-", "microsoft-edge", "opera-", "touch-http"),
)
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):")  # two letters at least: c:/ is a disk
_AUTHORITY: Final = re.compile(r"//([^/?#]*)(.*)")
_PORT: Final = re.compile(r"[1-9][0-9]{0,4}")
_PORT_AND_TAIL: Final = re.compile(r"(?::([0-9]+))?(.*)")
_NESTED: Final = re.compile(r"/*(?:https?|javascript|data|vbscript|file|blob):", re.IGNORECASE)
_HOST_AND_PORT: Final = re.compile(r"[0-9]+(?:[/?#]|$)")
_DEFAULT_PORTS: Final = {"http": "80", "https": "443"}
_ANY_PORT: Final = frozenset({"127.0.0.1", "[::1]"})  # RFC 8252 §7.3; a name could be made to point elsewhere
_APP_HOST: Final = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2}|[^\x00-\x7F])+")
_ASCII: Final = "".join(map(chr, range(0x21, 0x7F)))
# What a browser sends as it is; the rest goes out percent-encoded, as a browser would do.
_SENT_AS_IS: Final = "".join(char for char in _ASCII if char not in '"<>`')


class Kind(StrEnum):
    """What stands at the address."""

    WEB = "web"
    LOOPBACK = "loopback"  # a program on the person's own device
    APP = "app"  # whatever program owns the scheme


class Unregistered(StrEnum):
    """What to do for an app that registered no address (setting `unregistered_redirects`)."""

    FOLLOW = "follow"
    ASK = "ask"
    REFUSE = "refuse"


class Next(StrEnum):
    """What follows the decision."""

    FOLLOW = "follow"  # 303 straight back to the address
    ASK = "ask"  # a page with a button that names the host
    STAY = "stay"  # no address: our own page says it is done


class ReturnAddress(NamedTuple):
    """An address that may be put into a Location header as it is: printable ASCII, read by browsers as we read it.

    `scheme` is lower-case; `host` is ASCII, an IPv6 one in brackets, and empty for APP.
    """

    text: str
    scheme: str
    host: str
    kind: Kind


def parse(text: str) -> ReturnAddress:
    """Read an address strictly. Raises RETURN_ADDRESS_BAD."""
    if not 0 < len(text) <= LONGEST:
        raise _bad("it is empty or longer than 2048 characters")
    if "\\" in text or text != text.strip() or not all(char.isprintable() for char in text):
        raise _bad("it has a backslash, a control character or a blank at an end")
    found = _SCHEME.match(text)
    if found is None:
        raise _bad("it has no scheme")
    scheme, rest = found[1].lower(), text[found.end() :]
    if scheme in _DANGEROUS or scheme.startswith(_DANGEROUS_FAMILIES):
        raise _bad("its scheme is never followed")
    address = _web(scheme, rest) if scheme in _DEFAULT_PORTS else _app(found[1], scheme, rest)
    if len(address.text) > LONGEST:
        raise _bad("it is longer than 2048 characters when percent-encoded")
    return address


def choose(address: ReturnAddress | None, registered: Sequence[str], policy: Unregistered) -> Next:
    """Say what follows a decision. Raises RETURN_ADDRESS_NOT_REGISTERED (README "Redirects").

    An app with registered addresses goes to these and nowhere else, whatever the policy.
    """
    if address is None:
        return Next.STAY
    if registered:
        if any(_is_same(address, entry) for entry in registered):
            return Next.FOLLOW
        raise Refused(Fault.RETURN_ADDRESS_NOT_REGISTERED)
    if policy is Unregistered.FOLLOW:
        return Next.FOLLOW
    if policy is Unregistered.REFUSE or (address.scheme == "http" and address.kind is Kind.WEB):
        # Unencrypted, the request token would pass every network on the way, to an owner nobody has vouched for.
        raise Refused(Fault.RETURN_ADDRESS_NOT_REGISTERED)
    return Next.ASK


def approved(address: ReturnAddress, token: str) -> str:
    """Return the address that tells the app yes (wire.md B.3)."""
    return _with(address.text, f"request_token={quote(token, safe='')}&approved=true")


def denied(address: ReturnAddress, token: str) -> str:
    """Return the address that tells the app no (wire.md B.4)."""
    return _with(address.text, f"request_token={quote(token, safe='')}&denied=true")


def shown_host(address: ReturnAddress) -> str:
    """Return what a page may show of the address: the host and an unusual port, or for APP the scheme.

    A host is in Unicode only where it cannot be taken for another (ux.md §6.4).
    """
    if address.kind is Kind.APP:
        return address.scheme
    port, _ = _port_and_tail(address)
    return readable_host(address.host) + ("" if port == _DEFAULT_PORTS[address.scheme] else f":{port}")


def form_action(address: ReturnAddress | None) -> str:
    """Return the sources for CSP `form-action` on the page whose form leads to the address (ux.md §6.3, measured)."""
    sources = "'self' https:"
    if address is None or address.scheme == "https":
        return sources
    return f"{sources} {address.scheme}:"


def _web(scheme: str, rest: str) -> ReturnAddress:
    parts = _AUTHORITY.fullmatch(rest)
    if parts is None:
        raise _bad("http and https are followed by two slashes")
    written, tail = parts.groups()
    if "@" in written:
        raise _bad("it has a user name before the host")
    port = ""
    if ":" in written and not written.endswith("]"):
        written, _, digits = written.rpartition(":")
        if not _PORT.fullmatch(digits) or int(digits) > 65535:
            raise _bad("its port is not a number from 1 to 65535")
        port = f":{digits}"
    host = read_host(written)
    if host is None:
        raise _bad("its host is none, or one that browsers would read differently")
    kind = Kind.LOOPBACK if is_loopback_host(host) else Kind.WEB
    return ReturnAddress(f"{scheme}://{host}{port}{quote(tail, safe=_SENT_AS_IS)}", scheme, host, kind)


def _app(written: str, scheme: str, rest: str) -> ReturnAddress:
    if rest.startswith("////"):
        raise _bad("its scheme is followed by more than three slashes")
    if _NESTED.match(rest):
        raise _bad("it has another address inside")
    if _HOST_AND_PORT.match(rest):
        raise _bad("it has no scheme, but a host and a port")
    parts = _AUTHORITY.fullmatch(rest)
    if parts is not None and parts[1] and not _is_app_host(parts[1]):
        raise _bad("what stands where a host would has a user name, or characters that browsers refuse there")
    return ReturnAddress(f"{written}:{quote(rest, safe=_ASCII)}", scheme, "", Kind.APP)


def _is_app_host(authority: str) -> bool:
    """Tell whether browsers take the part after an app's two slashes as it is written: `exp://192.168.1.2:8081/cb`."""
    host, colon, port = authority.partition(":")
    has_port = not colon or (_PORT.fullmatch(port) is not None and int(port) <= 65535)
    return _APP_HOST.fullmatch(host) is not None and has_port


def _is_same(address: ReturnAddress, entry: str) -> bool:
    """Tell whether an address is the registered one: character by character, but for what browsers drop themselves."""
    try:
        other = parse(entry)
    except Refused:
        return False  # registered under older rules
    return _compared(address) == _compared(other)


def _compared(address: ReturnAddress) -> tuple[str, ...]:
    if address.kind is Kind.APP:
        return (address.text,)
    port, tail = _port_and_tail(address)
    if address.host in _ANY_PORT:
        port = "any"
    return (address.scheme, address.host, port, tail if tail.startswith("/") else f"/{tail}")


def _port_and_tail(address: ReturnAddress) -> tuple[str, str]:
    parts = _PORT_AND_TAIL.fullmatch(address.text, len(address.scheme) + len("://") + len(address.host))
    port, tail = parts.groups() if parts else (None, "")
    return port or _DEFAULT_PORTS[address.scheme], tail


def _with(text: str, parameters: str) -> str:
    """Append parameters to the query; with a fragment, to the fragment's own, where hash-routers look (wire.md B.3)."""
    part = text[text.find("#") + 1 :]
    if "?" not in part:
        return f"{text}?{parameters}"
    return f"{text}{parameters}" if part.endswith(("?", "&")) else f"{text}&{parameters}"


def _bad(why: str) -> Refused:
    return Refused(Fault.RETURN_ADDRESS_BAD, detail=f"redirect_to: {why}")
