"""This file writes the headers that every page carries, whatever became of the request (ux.md §6.2)."""

from dataclasses import dataclass

from starlette.responses import Response

from admitone.pages.site import Site

ALWAYS = {
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    # Not no-referrer: that makes browsers send `Origin: null` with our own forms, and the origin could not be checked.
    "referrer-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": (
        "publickey-credentials-get=(self), publickey-credentials-create=(self), "
        "camera=(), microphone=(), geolocation=()"
    ),
    "x-robots-tag": "noindex, nofollow",
}


@dataclass(frozen=True, slots=True)
class Policy:
    """What a page may do: run our own script, send its forms on beyond us, keep the window that opened it.

    With `live` its script may ask this server for news.
    """

    scripts: bool = False
    form_action: str = "'self'"
    opener: bool = False
    live: bool = False


# An app that opened us in a pop-up must not see it as closed, so pages with a request waiting keep their opener.
PLAIN = Policy()
SCRIPTED = Policy(scripts=True)
RESULT = Policy(opener=True)
LIVE = Policy(live=True)


def content_security(policy: Policy) -> str:
    """The Content-Security-Policy of a page."""
    scripts = "'self'" if policy.scripts or policy.live else "'none'"
    news = "'self'" if policy.live else "'none'"
    return (
        f"default-src 'none'; style-src 'self'; script-src {scripts}; img-src 'self'; connect-src {news}; "
        f"form-action {policy.form_action}; base-uri 'none'; frame-ancestors 'none'"
    )


def dress(site: Site, response: Response, policy: Policy = PLAIN) -> Response:
    """Put on every header that `response` lacks; what it says itself stands."""
    headers = response.headers
    for name, value in ALWAYS.items():
        headers.setdefault(name, value)
    headers.setdefault("content-security-policy", content_security(policy))
    headers.setdefault("cache-control", "no-store")
    # Also a redirect would cut the opener off, and some lead to a page that must keep it.
    if not policy.opener and not 300 <= response.status_code < 400:
        headers.setdefault("cross-origin-opener-policy", "same-origin")
    if site.secure and site.hsts:
        headers.setdefault("strict-transport-security", site.hsts)
    return response
