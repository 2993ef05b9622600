"""What TMDB keeps of people and guests, in as few words as possible: what every call should be answered."""

from dataclasses import dataclass, field
from typing import Any

ROWS = 20
FILMS = (11, 278, 550, 597, *range(9001, 9024))
SERIES = (1396, 1416)
TITLES = {"movie": set(FILMS), "tv": set(SERIES)}
PEOPLE = ("mira", "tomas")
GUEST = "guest"

MADE, CHANGED, DELETED = (201, 1), (201, 12), (200, 13)
NO_SESSION, UNKNOWN, MISSING = (401, 3), (404, 34), (400, 5)
NOT_OURS, PRIVATE, TWICE, ABSENT, UNCONFIRMED = (401, 38), (401, 39), (403, 8), (200, 21), (400, 29)
BAD_PAGE, BAD_VALUE = (400, 22), (400, 18)

Told = tuple[int, Any]
Subject = tuple[Any, ...]


@dataclass
class MediaList:
    """A list: whose, whether others may see it, and what is on it in its order."""

    owner: str
    public: bool
    films: list[int] = field(default_factory=list)


@dataclass
class Reference:
    """Two people and a guest. An answer is a status and a code, or a status and what is shown."""

    now: int = 0
    guest: bool = True
    rated: dict[str, dict[Subject, tuple[int, float]]] = field(default_factory=dict)
    marked: dict[tuple[str, str, str], dict[int, int]] = field(default_factory=dict)
    lists: dict[int, MediaList] = field(default_factory=dict)

    def acts(self, who: str) -> bool:
        return who in PEOPLE or (who == GUEST and self.guest)

    def wait(self, ms: int) -> None:
        self.now += ms
        if ms >= 60 * 60 * 1000:
            self.guest, self.rated[GUEST] = False, {}

    def rate(self, who: str, subject: Subject, value: float | None) -> Told:
        if not self.acts(who):
            return NO_SESSION
        if value is None:
            return MISSING
        if value not in {half / 2 for half in range(1, 21)}:
            return BAD_VALUE
        if not _known(subject):
            return UNKNOWN
        mine = self.rated.setdefault(who, {})
        told = CHANGED if subject in mine else MADE
        mine[subject] = (self.now, value)
        return told

    def unrate(self, who: str, subject: Subject) -> Told:
        if not self.acts(who):
            return NO_SESSION
        if not _known(subject):
            return UNKNOWN
        self.rated.setdefault(who, {}).pop(subject, None)
        return DELETED

    def states(self, who: str, subject: Subject) -> Told:
        if not self.acts(who):
            return NO_SESSION
        if not _known(subject):
            return UNKNOWN
        kind, number = subject[:2]
        held = self.rated.get(who, {}).get(subject)
        title = "movie" if kind == "movie" else "tv"
        marks = {
            mark: kind != "episode" and number in self.marked.get((who, mark, title), {})
            for mark in ("favorite", "watchlist")
        }
        return 200, {"rated": {"value": held[1]} if held else False, **marks}

    def mark(self, who: str, mark: str, kind: str, number: int, kept: bool | None) -> Told:
        if who not in PEOPLE:
            return NO_SESSION
        if kept is None:
            return MISSING
        mine = self.marked.setdefault((who, mark, kind), {})
        if not kept:
            mine.pop(number, None)
            return DELETED
        if number not in TITLES[kind]:
            return UNKNOWN
        told = CHANGED if number in mine else MADE
        mine.setdefault(number, self.now)
        return told

    def shelf(self, who: str, what: str, page: int, newest: bool) -> Told:
        """A page of what somebody marked or rated: `favorite/movies`, `rated/tv/episodes` …"""
        if who not in PEOPLE and not (who == GUEST and what.startswith("rated")):
            return NO_SESSION
        if not 1 <= page <= 500:
            return BAD_PAGE
        if not self.acts(who):
            return UNKNOWN
        mark, kind = what.split("/", 1)
        if mark == "rated":
            wanted = {"movies": "movie", "tv": "tv", "tv/episodes": "episode"}[kind]
            mine = self.rated.get(who, {})
            rows = sorted((at, *subject[1:], value) for subject, (at, value) in mine.items() if subject[0] == wanted)
            return _page([row[1:] for row in (reversed(rows) if newest else rows)], page)
        title = "movie" if kind == "movies" else "tv"
        marks = sorted((at, number) for number, at in self.marked.get((who, mark, title), {}).items())
        return _page([row[1:] for row in (reversed(marks) if newest else marks)], page)

    def lists_of(self, who: str, page: int) -> Told:
        if who not in PEOPLE:
            return NO_SESSION
        mine = [(number, len(held.films)) for number, held in self.lists.items() if held.owner == who]
        return _page(sorted(mine, reverse=True), page)

    def lists_with(self, film: int) -> Told:
        if film not in FILMS:
            return UNKNOWN
        with_it = [(number,) for number, held in self.lists.items() if held.public and film in held.films]
        return _page(sorted(with_it, reverse=True), 1)

    def list_films(self, who: str, number: int, page: int) -> Told:
        return (
            refused
            if (refused := self._unreadable(who, number))
            else _page([(film,) for film in self.lists[number].films], page)
        )

    def on_list(self, who: str, number: int, film: int) -> Told:
        return self._unreadable(who, number) or (200, film in self.lists[number].films)

    def change_list(self, who: str, number: int, change: str, film: int | None) -> Told:
        """`add_item`, `remove_item`, `clear` (which a film of None does not confirm) or `delete`."""
        if who not in PEOPLE:
            return NO_SESSION
        if film is None and change != "delete":
            return UNCONFIRMED if change == "clear" else MISSING
        if number not in self.lists:
            return UNKNOWN
        held = self.lists[number]
        if held.owner != who:
            return NOT_OURS
        return getattr(self, f"_{change}")(number, held, film)  # type: ignore[no-any-return]

    def _unreadable(self, who: str, number: int) -> Told | None:
        if number not in self.lists:
            return UNKNOWN
        held = self.lists[number]
        return None if held.public or held.owner == who else PRIVATE

    def _add_item(self, _number: int, held: MediaList, film: int) -> Told:
        if film not in FILMS:
            return UNKNOWN
        if film in held.films:
            return TWICE
        held.films.append(film)
        return CHANGED

    def _remove_item(self, _number: int, held: MediaList, film: int) -> Told:
        if film not in held.films:
            return ABSENT
        held.films.remove(film)
        return DELETED

    def _clear(self, _number: int, held: MediaList, _film: int) -> Told:
        held.films.clear()
        return CHANGED

    def _delete(self, number: int, _held: MediaList, _film: int | None) -> Told:
        del self.lists[number]
        return DELETED


def _known(subject: Subject) -> bool:
    return subject[1] in TITLES["movie" if subject[0] == "movie" else "tv"]


def _page(rows: list[tuple[Any, ...]], page: int) -> Told:
    shown = rows[(page - 1) * ROWS : page * ROWS]
    return 200, {"page": page, "results": shown, "total_pages": -(-len(rows) // ROWS), "total_results": len(rows)}
