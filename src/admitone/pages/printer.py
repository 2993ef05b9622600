"""This file turns templates into answers; a name that a template does not know is a mistake, never an empty space."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse

from admitone.basics.languages import figure, language
from admitone.model.scripts import is_blank
from admitone.model.visits import Visit
from admitone.pages.assets import Assets
from admitone.pages.headers import PLAIN, Policy, content_security
from admitone.pages.people.tastes import appearance
from admitone.pages.site import Site
from admitone.pages.words import Notice

LONGEST_NAME = 60
COLOURS = 6


class Sheet(HTMLResponse):
    """A page as an answer: what it may do, and for the log the fault it tells of."""

    def __init__(self, text: str, status: int, policy: Policy, notice: Notice | None) -> None:
        headers = {
            "content-security-policy": content_security(policy),
            "content-language": language().code,
            "vary": "accept-language, cookie",
        }
        super().__init__(text, status, headers)
        self.policy = policy
        self.fault = notice.fault if notice else None
        if notice is not None and notice.retry_after is not None:
            self.headers["retry-after"] = str(notice.retry_after)


@dataclass(frozen=True, slots=True)
class Face:
    """The tile that stands for an app or a person: an initial on one of six colours."""

    initial: str
    colour: int


@dataclass(frozen=True, slots=True)
class Person:
    """Who is signed in, as pages show it."""

    name: str
    username: str
    face: Face


class Printer:
    """Everything needed to print a page of one site."""

    def __init__(self, site: Site, assets: Assets) -> None:
        self.assets = assets
        loader = PackageLoader("admitone.pages", "templates")
        self._templates = Environment(
            loader=loader,
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            auto_reload=False,
            extensions=["jinja2.ext.i18n"],
        )
        # Without a catalogue of its own: each message is looked up in the language of the one who reads this page.
        self._templates.install_gettext_callables(  # type: ignore[attr-defined]
            _message,
            _plural,
            newstyle=True,
        )
        self._templates.policies["ext.i18n.trimmed"] = True
        self._templates.filters["figure"] = figure
        self._templates.globals.update(site=site, asset=assets.address, language=language, appearance=appearance)

    def page(
        self,
        template: str,
        values: Mapping[str, object] | None = None,
        *,
        policy: Policy = PLAIN,
        notice: Notice | None = None,
    ) -> Sheet:
        """Print a page; with a `notice` about what went wrong it has the notice's status."""
        return Sheet(self._text(template, values, policy, notice), notice.status if notice else 200, policy, notice)

    def problem(self, notice: Notice, *, policy: Policy = PLAIN, reference: str = "") -> Sheet:
        """Print the page that says what went wrong, where there is no form to come back to."""
        text = self._text("problem.html", {"words": notice, "reference": reference}, policy, None)
        return Sheet(text, notice.status, policy, notice)

    def _text(self, template: str, values: Mapping[str, object] | None, policy: Policy, notice: Notice | None) -> str:
        found = self._templates.get_template(template)
        return found.render(dict(values or {}, notice=notice, scripts=policy.scripts))


def _message(message: str) -> str:
    return language().catalogue.gettext(message)


def _plural(one: str, many: str, number: int) -> str:
    return language().catalogue.ngettext(one, many, number)


def shown(text: str) -> str:
    """A name that somebody chose, without what cannot be seen or turns text round, and not too long (ux.md §6.4)."""
    return "".join(char for char in text if not is_blank(char))[:LONGEST_NAME].strip()


def face(name: str, key: str) -> Face:
    """The tile of whoever has this name; its colour follows from `key` for ever."""
    initial = next((char for char in name if char.isalnum()), "?").upper()[:1]
    return Face(initial, zlib.crc32(key.encode("utf-8", "replace")) % COLOURS + 1)


def person(visit: Visit | None) -> Person | None:
    """Who is signed in, or None."""
    if visit is None:
        return None
    username = shown(visit.username)
    name = shown(visit.name) or username
    return Person(name, username, face(name, username))
