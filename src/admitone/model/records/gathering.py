"""This file gathers what readers find in files, within bounds, and says where they found nothing."""

from admitone.model.faults import Fault, Refused
from admitone.model.lists import allowed
from admitone.model.media import LARGEST_ID
from admitone.model.records.entries import MOST_ENTRIES, Clue, Entry, File, Origin, Reading, Shelf, Skip, Sort, Unread
from admitone.model.records.tables import title

LONGEST_LIST_NAME = 100
LONGEST_DESCRIPTION = 10_000
SHOWN = 120


class Gathering:
    """What has been read so far."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._origins: dict[Origin, None] = {}
        self._entries: list[Entry] = []
        self._shelves: list[Shelf] = []
        self._unread: list[Unread] = []

    def from_(self, origin: Origin) -> None:
        """Say which service wrote the file that is read now."""
        self._origins[origin] = None

    def shelf(self, name: str, description: str = "", iso_639_1: str = "", *, public: bool = False) -> int:
        """Begin a list; its number. Raises RECORDS_TOO_LARGE."""
        named = title(name)[:LONGEST_LIST_NAME] or "List"
        self._shelves.append(Shelf(named, allowed(description).strip()[:LONGEST_DESCRIPTION], iso_639_1, public))
        self._within_bounds()
        return len(self._shelves) - 1

    def keep(self, entry: Entry, file: File, line: int) -> None:
        """Keep an entry that names a title and, if it is a rating, a rating we have. Raises RECORDS_TOO_LARGE."""
        clue = entry.clue
        if not (clue.tmdb_id or clue.imdb_id or clue.title):
            self.skip(file, line, Skip.NAMELESS)
        elif (entry.sort is not Sort.RATING and clue.media_type == "episode") or clue.tmdb_id > LARGEST_ID:
            self.skip(file, line, Skip.NO_COUNTERPART, clue.title)
        elif entry.sort is Sort.RATING and not entry.halves:
            self.skip(file, line, Skip.RATING_BAD, clue.title)
        else:
            self._entries.append(entry)
            self._within_bounds()

    def skip(self, file: File, line: int, why: Skip, shown: str = "") -> None:
        """Say that a line came to nothing. Raises RECORDS_TOO_LARGE."""
        self._unread.append(Unread(allowed(file.path)[-SHOWN:], line, why, title(shown)[:SHOWN]))
        self._within_bounds()

    def done(self) -> Reading:
        """Everything that was found."""
        return Reading(tuple(self._origins), self._entries, self._shelves, self._unread)

    def _within_bounds(self) -> None:
        if len(self._entries) + len(self._unread) + len(self._shelves) > MOST_ENTRIES:
            raise Refused(Fault.RECORDS_TOO_LARGE)


def sort_of_file(file: File, otherwise: Sort) -> Sort:
    """What the entries of a file are that has no ratings, by what the service or the person called it.

    Its own name says more than that of the folder it lies in.
    """
    for name in (file.name, file.path.lower()):
        if "watchlist" in name:
            return Sort.WATCHLIST
        if "favorite" in name or "favourite" in name or file.within("likes"):
            return Sort.FAVORITE
        if "rating" in name and otherwise is Sort.RATING:
            return otherwise
    return otherwise


def clue_of_type(media_type: str, clue: Clue, season: int, episode: int) -> Clue | None:
    """A clue with the kind of title it is about; None for a whole season, which is nothing here."""
    if season or episode:
        return clue._replace(media_type="episode", season=season, episode=episode) if season and episode else None
    return clue._replace(media_type=media_type)
