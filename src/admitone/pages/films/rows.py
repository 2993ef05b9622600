"""This file says a title in words, as the rows of shelves and the small pages of titles show it."""

from dataclasses import dataclass, replace

from admitone.basics.languages import figure, gettext
from admitone.flows.films.shelves import Entry, whole
from admitone.model.media import MediaType, RatedType, Subject, Title
from admitone.model.ratings import shown as points_of
from admitone.model.scripts import is_blank
from admitone.pages.films.views import anchor, path_of
from admitone.pages.moments import Moment, ago
from admitone.pages.printer import shown

YEAR = 4  # letters of a date


@dataclass(frozen=True, slots=True)
class Row:
    """One title in words; `points` is empty for what is not rated, `app` for what no app did, `part` for no episode.

    `title` names the title itself in addresses, `path` what the row is about.
    """

    anchor: str
    path: str
    title: str
    name: str
    part: str
    year: str
    series: bool
    points: str = ""
    when: Moment | None = None
    app: str = ""

    @property
    def whole(self) -> str:
        """What it is called to somebody who does not see the row."""
        return f"{self.name}, {self.part}" if self.part else self.name


def row(entry: Entry, now: int) -> Row:
    """What a row says of what a person keeps."""
    given = points(entry.halves) if entry.halves else ""
    return replace(plain(entry.title, entry.subject), points=given, when=ago(entry.at, now), app=shown(entry.app))


def plain(title: Title, subject: Subject) -> Row:
    """What a row says of a title, or of an episode of it, with which nothing was done."""
    part = ""
    if subject.type is RatedType.EPISODE:
        numbers = {"season": figure(subject.season), "episode": figure(subject.episode)}
        part = gettext("season {season}, episode {episode}", **numbers)
    return Row(
        anchor=anchor(subject),
        path=path_of(subject),
        title=path_of(whole(title)),
        name=name_of(title),
        part=part,
        year=title.release_date[:YEAR],
        series=title.media_type == MediaType.TV,
    )


def name_of(title: Title) -> str:
    """What a title is called; its number where nothing is known of it."""
    name = visible(title.title)
    if name:
        return name
    if title.media_type == MediaType.MOVIE:
        return gettext("Film number {number}", number=title.id)
    return gettext("Series number {number}", number=title.id)


def visible(text: str) -> str:
    """A text without what cannot be seen or turns text round; lines stay lines."""
    # A joiner holds one picture of several together, and turns nothing round.
    return "".join(char for char in text if char in "\n\u200d" or not is_blank(char)).strip(" \n\u200d")


def points(halves: int) -> str:
    """Half points as people write them."""
    return figure(points_of(halves))
