"""Each service's files come to what their owner kept there, traps included."""

import csv
import io
import json

import pytest

from admitone.model.faults import Fault, Refused
from admitone.model.records.entries import Clue, Entry, File, Origin, Reading, Skip, Sort
from admitone.model.records.reading import read
from admitone.model.records.tables import instant
from tests.model.records import samples
from tests.model.records.samples import file

FIGHT_CLUB = Clue("movie", 550, "tt0137523", "Fight Club", 1999)


def of(path: str, content: str, encoding: str = "utf-8") -> Reading:
    return read([file(path, content, encoding)])


def skipped(reading: Reading) -> list[tuple[int, Skip]]:
    return [(each.line, each.why) for each in reading.unread]


def test_tmdb_has_everybody_s_rating_beside_one_s_own() -> None:
    found = of("ratings.csv", samples.TMDB)
    assert found.origins == (Origin.TMDB,)
    assert found.entries == [
        Entry(Sort.RATING, FIGHT_CLUB, 17, instant("2023-04-05 10:11:12")),
        Entry(Sort.RATING, Clue("tv", 1399, "tt0944947", "Game, of Thrones", 2011), 18, instant("2023-04-06")),
        Entry(Sort.RATING, Clue("episode", 1399, "", "Game of Thrones", 2011, 1, 2), 1, instant("2023-04-07 01:02:03")),
    ]
    assert skipped(found) == [(5, Skip.NO_COUNTERPART), (6, Skip.RATING_BAD), (7, Skip.RATING_BAD)]


@pytest.mark.parametrize(
    ("path", "sort"),
    [
        ("watchlist.csv", Sort.WATCHLIST),
        ("export/Favorites.csv", Sort.FAVORITE),
        ("mira-favourites.csv", Sort.FAVORITE),
        ("rainy nights.csv", Sort.LISTED),
    ],
)
def test_tmdb_s_other_tables_are_told_apart_by_their_names(path: str, sort: Sort) -> None:
    found = of(path, samples.TMDB_WATCHLIST)
    number = 0 if sort is Sort.LISTED else -1
    assert found.entries == [Entry(sort, FIGHT_CLUB, list_number=number)]
    assert [shelf.name for shelf in found.shelves] == (["rainy nights"] if sort is Sort.LISTED else [])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_imdb_in_every_encoding_and_with_every_line_end(encoding: str, end: str) -> None:
    found = of("ratings.csv", samples.IMDB.replace("Fight", "Fïght").replace("\r\n", end), encoding)
    assert found.origins == (Origin.IMDB,)
    assert [(entry.clue.imdb_id, entry.clue.media_type, entry.halves) for entry in found.entries] == [
        ("tt0137523", "movie", 18),
        ("tt0944947", "tv", 20),
    ]
    assert found.entries[0].clue.title == "Fïght Club"
    assert found.entries[0].at == instant("2020-01-02")
    assert skipped(found) == [(4, Skip.NO_COUNTERPART)]


def test_imdb_s_watchlist_and_lists_have_positions() -> None:
    [entry] = of("WATCHLIST.csv", samples.IMDB_WATCHLIST).entries
    assert entry == Entry(Sort.WATCHLIST, FIGHT_CLUB._replace(tmdb_id=0), 0, instant("2021-05-06"))
    listed = of("ls012345678.csv", samples.IMDB_WATCHLIST)
    assert [listed.entries[0].sort, listed.shelves[0].name] == [Sort.LISTED, "ls012345678"]
    old = of("list.csv", samples.IMDB_OLD, "cp1252")
    assert old.entries == [
        Entry(Sort.LISTED, Clue("movie", 0, "tt0137523", "Léon", 1999), 0, instant("2020-01-02"), list_number=0)
    ]


@pytest.mark.parametrize("path", ["ratings.csv", "mira's ratings (1).csv"])
def test_imdb_s_ratings_of_before_2018_have_positions_too(path: str) -> None:
    found = of(path, samples.IMDB_2015)
    assert found.entries == [
        Entry(Sort.RATING, FIGHT_CLUB._replace(tmdb_id=0), 12, instant("2015-03-01")),
        Entry(Sort.RATING, Clue("tv", 0, "tt0185906", "Band of Brothers", 2001), 20, instant("2015-01-20")),
    ]
    assert (found.shelves, found.unread) == ([], [])
    assert {entry.sort for entry in of("WATCHLIST.csv", samples.IMDB_2015).entries} == {Sort.WATCHLIST}
    unrated = samples.IMDB_2015.replace('"6","8.8"', '"","8.8"')
    assert {entry.sort for entry in of(path, unrated).entries} == {Sort.LISTED}


def test_a_file_s_own_name_says_more_than_its_folder_s() -> None:
    assert {entry.sort for entry in of("watchlist and so on/618d_ratings_2026.csv", samples.TMDB).entries} == {
        Sort.RATING
    }
    [entry] = of("my favourites/618d_watchlist_2026.05.25.csv", samples.TMDB_WATCHLIST).entries
    assert entry.sort is Sort.WATCHLIST
    assert {entry.sort for entry in of("watchlist/618d.csv", samples.TMDB_WATCHLIST).entries} == {Sort.WATCHLIST}


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("Sun Mar  1 00:00:00 2015", "2015-03-01"),
        ("Thu Jun 14 10:11:12 2012", "2012-06-14 10:11:12"),
        ("Thu Abc 14 10:11:12 2012", ""),
        ("Thu Feb 31 10:11:12 2012", ""),
        ("10-09-20", ""),  # which of these is the day, only its writer knows
    ],
)
def test_instants_whose_month_is_spelt(text: str, figures: str) -> None:
    assert instant(text) == instant(figures)
    assert bool(instant(text)) == bool(figures)


def test_letterboxd_s_archive_as_it_is_downloaded() -> None:
    found = read([File("letterboxd.zip", samples.LETTERBOXD)])
    alien, fight_club = Clue("movie", 0, "", "Alien", 1979), Clue("movie", 0, "", "Fight Club", 1999)
    assert found.origins == (Origin.LETTERBOXD,)
    assert [entry for entry in found.entries if entry.sort is Sort.RATING] == [
        Entry(Sort.RATING, fight_club, 18, instant("2019-05-06")),
        Entry(Sort.RATING, Clue("movie", 0, "", "The Matrix", 1999), 2, instant("2019-05-07")),
    ]
    assert sorted(entry for entry in found.entries if entry.sort is not Sort.RATING) == sorted(
        [
            Entry(Sort.WATCHLIST, alien, 0, instant("2020-02-03")),
            Entry(Sort.FAVORITE, alien, 0, instant("2020-02-03")),
            Entry(Sort.LISTED, alien, 0, instant("2020-03-04"), 0),
            Entry(Sort.LISTED, fight_club, 0, instant("2020-03-04"), 0),
        ]
    )
    assert [(shelf.name, shelf.description) for shelf in found.shelves] == [("Nights, long", "For when it rains")]
    assert sorted(skipped(found)) == [(0, Skip.NO_COUNTERPART), (3, Skip.NO_COUNTERPART)]


def test_letterboxd_s_diary_alone_has_ratings_too() -> None:
    [entry] = of("diary.csv", samples.LETTERBOXD_DIARY).entries
    assert (entry.halves, entry.at) == (8, instant("2018-05-05"))


def test_letterboxd_s_reviews_count_where_nothing_else_has_their_ratings() -> None:
    [entry] = of("reviews.csv", samples.LETTERBOXD_REVIEWS).entries
    assert (entry.clue.title, entry.halves, entry.at) == ("Fight Club", 18, instant("2018-05-05"))
    beside = [file("ratings.csv", samples.LETTERBOXD_RATINGS), file("reviews.csv", samples.LETTERBOXD_REVIEWS)]
    assert read(beside) == of("ratings.csv", samples.LETTERBOXD_RATINGS)


@pytest.mark.parametrize("text", samples.FOR_LETTERBOXD)
def test_what_others_write_for_letterboxd_is_read_as_well(text: str) -> None:
    found = of("export.csv", text)
    assert found.origins == (Origin.LETTERBOXD,)
    assert [(entry.sort, entry.clue.title, entry.clue.year, entry.halves) for entry in found.entries] == [
        (Sort.RATING, "Fight Club", 1999, 17)
    ]
    assert skipped(found) == [(3, Skip.NO_COUNTERPART)]


@pytest.mark.parametrize("separator", [",", ";"])
def test_a_list_of_letterboxd_s_that_a_spreadsheet_saved_again_is_the_same(separator: str) -> None:
    cells = csv.reader(io.StringIO(samples.LETTERBOXD_LIST, newline=""))
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator, quoting=csv.QUOTE_ALL).writerows(cells)
    assert of("nights.csv", text.getvalue()) == of("nights.csv", samples.LETTERBOXD_LIST)


def test_trakt_s_json() -> None:
    found = of("ratings.json", json.dumps(samples.TRAKT))
    assert found.origins == (Origin.TRAKT,)
    assert found.entries == [
        Entry(Sort.RATING, FIGHT_CLUB, 20, instant("2014-09-01 09:10:11")),
        Entry(
            Sort.RATING,
            Clue("episode", 1399, "tt0944947", "Game of Thrones", 2011, 1, 2),
            16,
            instant("2014-09-02 09:10:11"),
        ),
        Entry(Sort.RATING, Clue("tv", 0, "", "Dark", 2017), 12, instant("2014-09-04 09:10:11")),
    ]
    assert skipped(found) == [(3, Skip.NO_COUNTERPART)]


def test_trakt_s_archive() -> None:
    found = read([File("trakt.zip", samples.TRAKT_ARCHIVE)])
    assert [(entry.sort, entry.clue.tmdb_id) for entry in found.entries] == [
        (Sort.RATING, 550),
        (Sort.WATCHLIST, 348),
        (Sort.LISTED, 348),
    ]
    assert [shelf.name for shelf in found.shelves] == ["lists-rainy-nights"]
    assert skipped(found) == [(1, Skip.NO_COUNTERPART)]


def test_trakt_s_own_export_has_lists_by_number_and_their_names_apart() -> None:
    found = read([File("trakt-export.zip", samples.TRAKT_EXPORT)])
    assert [(entry.sort, entry.clue.tmdb_id, entry.list_number) for entry in found.entries] == [
        (Sort.FAVORITE, 348, -1),
        (Sort.LISTED, 348, 0),
        (Sort.LISTED, 550, 0),
        (Sort.LISTED, 348, 1),
        (Sort.WATCHLIST, 348, -1),
        (Sort.RATING, 1399, -1),
        (Sort.RATING, 550, -1),
    ]
    assert [(shelf.name, shelf.description) for shelf in found.shelves] == [
        ("Criterion Collection, watched", "One a week"),
        ("old-watchlist", ""),
    ]
    left_out = [each.file for each in found.unread]
    assert left_out == [
        "collection-movies.json",
        "comments-movies.json",
        "hidden-dropped.json",
        "ratings-seasons.json",
        "watched-history-1.json",
    ]
    assert {each.why for each in found.unread} == {Skip.NO_COUNTERPART}


def test_of_trakt_the_nearest_name_says_what_is_on_a_list() -> None:
    listed = json.dumps(samples.TRAKT_LISTED)
    for path, sort in [
        ("my collection/lists-list-5-x.json", Sort.LISTED),
        ("history of mine/watchlist.json", Sort.WATCHLIST),
    ]:
        assert [entry.sort for entry in of(path, listed).entries] == [sort]
    dump = {"history": samples.TRAKT_WATCHED, "watchlist": samples.TRAKT_LISTED, "ratings": samples.TRAKT[:1]}
    found = of("mira/dump.json", json.dumps(dump))
    assert [entry.sort for entry in found.entries] == [Sort.WATCHLIST, Sort.RATING]
    assert skipped(found) == [(1, Skip.NO_COUNTERPART)]


@pytest.mark.parametrize("told", ["{}", "[]", "[1]", '[{"ids": 7, "name": 3}]', '[{"ids": {"trakt": 55}}]'])
def test_lists_that_nothing_is_told_of_are_called_as_their_files(told: str) -> None:
    sent = [file("lists-lists.json", told), file("lists-list-55-rainy-nights.json", json.dumps(samples.TRAKT_LISTED))]
    assert [shelf.name for shelf in read(sent).shelves] == ["rainy-nights"]


def test_trakt_s_tables() -> None:
    found = of("ratings.csv", samples.TRAKT_TABLE)
    assert [
        (entry.clue.media_type, entry.clue.season, entry.clue.episode, entry.halves) for entry in found.entries
    ] == [
        ("movie", 0, 0, 14),
        ("episode", 3, 9, 20),
    ]


def test_movielens_s_numbers_are_turned_into_tmdb_s() -> None:
    found = read([File("ml.zip", samples.MOVIELENS)])
    assert found.origins == (Origin.MOVIELENS,)
    assert found.entries == [
        Entry(Sort.RATING, Clue("movie", 550, "tt0137523"), 18, 964982931000),
        Entry(Sort.RATING, Clue("movie", 0, "tt0004546", "The Brand New World", 1915), 2, 964982931000),
        Entry(Sort.RATING, Clue("movie", 550, "tt0137523"), 20, 964982940000),
    ]
    assert skipped(found) == [(5, Skip.NAMELESS)]


def test_movielens_in_files_side_by_side_and_its_own_download() -> None:
    sent = [file("ratings.csv", samples.MOVIELENS_RATINGS), file("links.csv", samples.MOVIELENS_LINKS)]
    assert len(read(sent).entries) == 3
    [entry] = of("movielens-ratings.csv", samples.MOVIELENS_OWN).entries
    assert (entry.clue, entry.halves) == (FIGHT_CLUB, 14)


def test_of_many_people_s_ratings_one_s_own_are_taken() -> None:
    many = [
        file("ratings.csv", samples.MOVIELENS_RATINGS + "2,1,3.0,1\n"),
        file("links.csv", samples.MOVIELENS_LINKS),
    ]
    with pytest.raises(Refused) as refused:
        read(many)
    assert refused.value.fault is Fault.RECORDS_OF_MANY
    assert [entry.clue.tmdb_id for entry in read(many, "2").entries] == [862]


@pytest.mark.parametrize(
    "content",
    ["", "\n", "hello", "a,b,c\n1,2,3\n", "[]", "{}", '{"a": [1]}', "[1, 2]", "{", "[" * 100_000, "<html>", "\0" * 50],
)
def test_what_nobody_writes_is_not_known(content: str) -> None:
    with pytest.raises(Refused) as refused:
        of("ratings.csv", content)
    assert refused.value.fault is Fault.RECORDS_UNKNOWN
