"""This file tells from what a browser says of itself which one it is, in few words: for people, never to decide by."""

from typing import NamedTuple

# The first that fits: browsers name those they descend from as well.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Vivaldi", "Vivaldi"),
    ("FxiOS", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
LONGEST = 1_000


class Browser(NamedTuple):
    """A browser and the system it runs on; empty where it does not say."""

    name: str
    system: str

    @property
    def kept(self) -> str:
        """How it is written down."""
        return f"{self.name}|{self.system}"

    @property
    def words(self) -> str:
        """How it is called in any language: "Firefox (Windows)"; empty when nothing is known of it."""
        return f"{self.name} ({self.system})" if self.name and self.system else self.name or self.system


def recognised(user_agent: str) -> Browser:
    """Which browser says this of itself."""
    said = user_agent[:LONGEST]
    return Browser(_first(BROWSERS, said), _first(SYSTEMS, said))


def as_kept(text: str) -> Browser:
    """The browser that was written down."""
    name, _, system = text.partition("|")
    return Browser(name, system)


def _first(known: tuple[tuple[str, str], ...], said: str) -> str:
    return next((name for mark, name in known if mark in said), "")
