"""This file puts questions to passkeys into pages, and knows which answers they are good for."""

from admitone.basics.passkeys import Party
from admitone.flows.people import passkeys
from admitone.flows.people.passkeys import Asked
from admitone.pages.guard import Visitor

CREDENTIAL = "credential"
SIGN_IN = "sign in by passkey"


def party(visitor: Visitor) -> Party:
    """Who asks: from the settings, never from the request."""
    site = visitor.site
    return Party(site.passkey_host, site.public_url, site.product)


def asked(visitor: Visitor, purpose: str) -> Asked:
    """What a question on this browser is for."""
    return Asked(purpose, visitor.holder)


def options(visitor: Visitor, purpose: str) -> str:
    """The question for any passkey of this site, as a page carries it; empty where passkeys cannot work."""
    if not visitor.site.passkey_host:
        return ""
    return passkeys.sign_in_options(visitor.house, party(visitor), asked(visitor, purpose))
