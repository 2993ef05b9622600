"""This file says what a file of records comes to: entries about titles, in whatever way the file names them."""

from enum import StrEnum
from typing import NamedTuple

MOST_ENTRIES = 100_000


class Origin(StrEnum):
    """Which service wrote a file."""

    OURS = "Admit One"
    TMDB = "TMDB"
    IMDB = "IMDb"
    LETTERBOXD = "Letterboxd"
    TRAKT = "Trakt"
    MOVIELENS = "MovieLens"


class Sort(StrEnum):
    """What an entry says of its title."""

    RATING = "rating"
    FAVORITE = "favorite"
    WATCHLIST = "watchlist"
    LISTED = "listed"


class Skip(StrEnum):
    """Why something in a file came to nothing: the first group is known when it is read, the second when matched."""

    LINE_BAD = "line_bad"
    RATING_BAD = "rating_bad"
    NO_COUNTERPART = "no_counterpart"  # seasons, people, films that were only watched
    NAMELESS = "nameless"  # neither a number nor a title
    OF_ACCOUNT = "of_account"  # what an archive of ours holds besides: it belongs to the account it was made of

    UNKNOWN = "unknown"
    AMBIGUOUS = "ambiguous"


class Clue(NamedTuple):
    """Which title a file means. `media_type` is movie, tv, episode, or empty; 0 and empty are unsaid."""

    media_type: str = ""
    tmdb_id: int = 0
    imdb_id: str = ""
    title: str = ""
    year: int = 0
    season: int = 0
    episode: int = 0


class Entry(NamedTuple):
    """One thing to keep. `halves` are half points; `at` is when, in UTC milliseconds, 0 for unsaid.

    `list_number` counts the lists of the same reading from 0; it is -1 for what is on no list.
    """

    sort: Sort
    clue: Clue
    halves: int = 0
    at: int = 0
    list_number: int = -1


class Shelf(NamedTuple):
    """A list as a file describes it."""

    name: str
    description: str = ""
    iso_639_1: str = ""
    public: bool = False


class Unread(NamedTuple):
    """A place in a file that came to nothing; `line` counts from 1, 0 for the file as a whole."""

    file: str
    line: int
    why: Skip
    shown: str = ""


class Reading(NamedTuple):
    """Everything that came of the files."""

    origins: tuple[Origin, ...]
    entries: list[Entry]
    shelves: list[Shelf]
    unread: list[Unread]


class File(NamedTuple):
    """One file: its path as its archive or the browser tells it, and its bytes."""

    path: str
    content: bytes

    @property
    def name(self) -> str:
        """The last part of the path, in small letters."""
        return self.path.replace("\\", "/").rpartition("/")[2].lower()

    @property
    def stem(self) -> str:
        """The name without its ending, as it was written."""
        return self.path.replace("\\", "/").rpartition("/")[2].rpartition(".")[0]

    def within(self, folder: str) -> bool:
        """Whether it lies in a folder of this name, at any depth."""
        return folder in self.path.replace("\\", "/").lower().split("/")[:-1]
