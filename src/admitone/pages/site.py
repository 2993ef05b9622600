"""This file says what the pages must know of the place they are served from; settings fill it in, no request does."""

from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from admitone.model.web.hosts import is_loopback_host
from admitone.model.web.networks import Networks
from admitone.model.web.returns import Unregistered


@dataclass(frozen=True, slots=True)
class Site:
    """Where the pages are and how they behave.

    `public_url` is scheme, host and port as browsers see them, never taken from a request. `client_address_known` says
    that the visitor's address is real, so that "on your network" can be said (ux.md §6.1); `hsts` is the header of that
    name for https, None for none; `contact` says who runs the server and how to ask them; `posters` is the folder
    with the pictures of titles, None for none.
    """

    public_url: str
    product: str = "Admit One"
    unregistered: Unregistered = Unregistered.ASK
    trusted_proxies: Networks = ()
    client_address_known: bool = False
    contact: str = ""
    hsts: str | None = "max-age=31536000"
    posters: Path | None = None

    def __post_init__(self) -> None:
        """Refuse a public address that is no plain origin as browsers write it: pages and cookies live at its root."""
        parts = urlsplit(self.public_url)
        usual = {"http": 80, "https": 443}
        plain = f"{parts.scheme}://{parts.netloc}" == self.public_url == self.public_url.lower()
        if parts.scheme not in usual or not plain or not parts.hostname or parts.port == usual[parts.scheme]:
            raise ValueError(f"the public address must be like https://admit.example, not {self.public_url}")
        if parts.username is not None or not self.public_url.isascii():
            raise ValueError(f"the public address must be like https://admit.example, not {self.public_url}")

    @property
    def secure(self) -> bool:
        """Whether browsers come over https; only then may cookies say so."""
        return self.public_url.startswith("https://")

    @property
    def host(self) -> str:
        """The host as people see it, with its port if it is not the usual one."""
        return urlsplit(self.public_url).netloc

    @property
    def passkey_host(self) -> str:
        """What passkeys are bound to; empty where browsers make none: at bare addresses and over plain HTTP."""
        host = urlsplit(self.public_url).hostname or ""
        try:
            ip_address(host)
        except ValueError:
            return host if self.secure or host == "localhost" or host.endswith(".localhost") else ""
        return ""

    @property
    def loopback(self) -> bool:
        """Whether the public address is this very machine."""
        return is_loopback_host(urlsplit(self.public_url).hostname or "")
