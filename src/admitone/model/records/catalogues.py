"""This file reads the tables of TMDB and IMDb: ratings, watchlists, favourites and lists."""

from admitone.model.records.entries import Clue, Entry, File, Origin, Skip, Sort
from admitone.model.records.gathering import Gathering, clue_of_type, sort_of_file
from admitone.model.records.tables import Row, Table, halves, imdb_id, instant, number, title

TEN = 10
FILMS = {
    *("movie", "short", "tv movie", "tvmovie", "video", "tv special", "tvspecial", "tv short", "tvshort"),
    *("feature film", "short film"),  # until 2018
}
SERIES = {
    *("tv", "tv series", "tvseries", "tv mini series", "tvminiseries", "tv mini-series", "show", "series"),
    "mini-series",  # until 2018
}
EPISODES = {"tv episode", "tvepisode", "episode"}


def is_tmdb(table: Table) -> bool:
    """Whether a table is TMDB's, by its columns."""
    return {"tmdb id", "type", "your rating"} <= table.columns


def read_tmdb(file: File, table: Table, gathering: Gathering) -> None:
    """Read a table of TMDB's: `Your Rating` is the person's, `Rating` everybody's."""
    gathering.from_(Origin.TMDB)
    rated = any(row.get("your rating") for row in table.rows)
    sort = sort_of_file(file, Sort.RATING if rated or "rating" in file.name else Sort.LISTED)
    shelf = gathering.shelf(file.stem) if sort is Sort.LISTED and table.rows else -1
    for row in table.rows:
        named = _named(row, ("tmdb id",), ("imdb id",), ("name",), ("release date",))
        season, episode = number(row.get("season number")), number(row.get("episode number"))
        wanted = row.get("type").lower()
        clue = clue_of_type("tv" if wanted in SERIES else "movie", named, season, episode)
        if clue is None or (wanted not in SERIES | EPISODES | {"movie"}) or (wanted in EPISODES and not episode):
            gathering.skip(file, row.line, Skip.NO_COUNTERPART, named.title)
            continue
        given, at = halves(row.get("your rating"), TEN), instant(row.get("date rated"))
        gathering.keep(Entry(sort, clue, given if sort is Sort.RATING else 0, at, shelf), file, row.line)


def is_imdb(table: Table) -> bool:
    """Whether a table is IMDb's, by its columns; newer and older ones have others around these."""
    return "const" in table.columns and bool({"your rating", "created", "position", "title"} & table.columns)


def read_imdb(file: File, table: Table, gathering: Gathering) -> None:
    """Read a table of IMDb's: ratings, or a watchlist or list, whose lines have a position.

    Until 2018 ratings had positions as well: they are told by their name, and by having a rating each.
    """
    gathering.from_(Origin.IMDB)
    listed = bool({"position", "created"} & table.columns)
    rated = "rating" in file.name and all(row.get("your rating", "you rated") for row in table.rows)
    sort = sort_of_file(file, Sort.RATING if rated else Sort.LISTED) if listed else Sort.RATING
    shelf = gathering.shelf(file.stem) if sort is Sort.LISTED and table.rows else -1
    for row in table.rows:
        clue = _named(row, (), ("const",), ("title", "original title"), ("year", "release date"))
        kind = row.get("title type").lower()
        if not clue.imdb_id or kind in {"video game", "videogame", "podcast series", "podcast episode", "music video"}:
            gathering.skip(file, row.line, Skip.NO_COUNTERPART if clue.title else Skip.NAMELESS, clue.title)
            continue
        media_type = "movie" if kind in FILMS else "tv" if kind in SERIES else "episode" if kind in EPISODES else ""
        clue = clue._replace(media_type=media_type)
        if sort is Sort.RATING:
            given, at = halves(row.get("your rating", "you rated"), TEN), instant(row.get("date rated", "created"))
            entry = Entry(sort, clue, given, at)
        else:
            entry = Entry(sort, clue, 0, instant(row.get("created")), shelf)
        gathering.keep(entry, file, row.line)


def _named(
    row: Row, ids: tuple[str, ...], imdb_ids: tuple[str, ...], names: tuple[str, ...], dates: tuple[str, ...]
) -> Clue:
    return Clue(
        tmdb_id=number(row.get(*ids)),
        imdb_id=imdb_id(row.get(*imdb_ids)),
        title=title(row.get(*names)),
        year=number(row.get(*dates)[:4]),
    )
