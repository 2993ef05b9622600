"""Whatever is sent, it is read within bounds or refused: never anything else (security.md C23)."""

import json
import re
import struct
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from admitone.model.faults import Fault, Refused
from admitone.model.records import archives, gathering, movielens, own, reading, tables, trakt
from admitone.model.records.entries import Clue, Entry, File, Reading, Shelf, Sort
from admitone.model.records.tables import halves, instant
from tests.model.records import bombs, samples
from tests.model.records.samples import archive, file

FAULTS = {
    fault: fault
    for fault in (Fault.RECORDS_UNKNOWN, Fault.RECORDS_BROKEN, Fault.RECORDS_TOO_LARGE, Fault.RECORDS_OF_MANY)
}
BYTES = st.one_of(
    st.binary(max_size=300),
    st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.sampled_from([samples.TMDB, samples.IMDB, samples.LETTERBOXD_LIST, samples.MOVIELENS_RATINGS, "movieId\n"]).map(
        str.encode
    ),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["movie", "show", "episode", "ids", "tmdb", "type", "rating", "rated_at", "rows", "title"]),
            inner,
        )
    ),
    max_leaves=20,
)


def attempt(*sent: File) -> Reading | Fault:
    try:
        return reading.read(list(sent))
    except Refused as refused:
        return FAULTS[refused.fault]


@given(
    st.lists(st.tuples(st.sampled_from(["ratings.csv", "likes/films.csv", "x.json", "ä.zip", ""]), BYTES), max_size=3)
)
def test_any_bytes_are_read_or_refused(sent: list[tuple[str, bytes]]) -> None:
    attempt(*(File(path, content) for path, content in sent))


@given(st.integers(0, 1000), st.integers(0, 255))
def test_any_damage_to_an_archive_is_borne(at: int, value: int) -> None:
    content = bytearray(samples.MOVIELENS)
    content[at % len(content)] = value
    attempt(File("ml.zip", bytes(content)))
    attempt(File("ml.zip", bytes(content[: at % len(content)])))


@pytest.mark.parametrize("half", [chr(0xD800), chr(0xDFFF), chr(0xDC00) + chr(0xD800)], ids=ascii)
def test_half_a_character_in_json_is_none(half: str) -> None:
    rows = [
        {"type": "movie", "movie": {"title": f"a{half}b \N{CLAPPER BOARD}"}, "rated_at": half, "rating": 9},
        {
            "type": half,
            "show": {"title": half, "ids": {"imdb": half}},
            "rated_at": "2026-01-01",
            "rating": 9,
            half: half,
        },
    ]
    shelf = {"name": half, "description": half, "items": [{"type": "movie", "title": half}]}
    for value in (rows, {"format": "admit-one", "kind": "lists", "rows": [shelf]}):
        found = attempt(File("ratings.json", json.dumps(value).encode()))
        assert isinstance(found, Reading)
        assert repr(found).encode()
        assert "\\ud" not in repr(found)
        assert found.entries
    assert "\N{CLAPPER BOARD}" in json.dumps(
        reading.read([File("r.json", json.dumps(rows).encode())]).entries, ensure_ascii=False
    )


@given(JSON)
@example([{"type": "episode", "movie": {}, "episode": 3, "show": {"ids": []}}])
@example([{"type": [], "movie": {"title": "x"}, "rated_at": "", "rating": 9}])
@example([{"type": {}, "show": {"title": "x"}, "rated_at": "", "rating": 9}])
@example({"format": "admit-one", "kind": "rating", "rows": [{"rating": float("nan")}, {"rating": 10**400}]})
def test_any_json_is_read_or_refused(value: object) -> None:
    attempt(File("ratings.json", json.dumps(value).encode()))
    attempt(File("ratings.json", json.dumps({"format": "admit-one", "kind": "lists", "rows": [value]}).encode()))
    attempt(File("ratings.json", json.dumps({"format": "admit-one", "kind": "rating", "rows": [value]}).encode()))
    attempt(
        File(
            "ratings.json", json.dumps([{"type": "movie", "movie": value, "rated_at": value, "rating": value}]).encode()
        )
    )


def test_both_tell_of_the_same_directory() -> None:
    whole, twice = (zipfile.ZipFile(BytesIO(made())) for made in (bombs.directory, bombs.directory_told_twice))
    assert twice.namelist() == whole.namelist()


@pytest.mark.parametrize("made", bombs.MADE)
def test_what_unpacks_to_too_much_is_refused_without_unpacking_it(made) -> None:
    content = made()
    tracemalloc.start()
    assert attempt(File("x.zip", content)) is Fault.RECORDS_TOO_LARGE
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2 * archives.LARGEST_TOTAL


def locked() -> bytes:
    content = bytearray(archive({"ratings.csv": samples.TMDB}, zipfile.ZIP_STORED))
    content[6] |= 1
    at = content.rindex(b"PK\x01\x02")
    content[at + 8] |= 1
    return bytes(content)


def lying() -> bytes:
    """Says of itself that it unpacks to a byte."""
    content = bytearray(archive({"ratings.csv": samples.TMDB}))
    at = content.rindex(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<L", 1)
    return bytes(content)


@pytest.mark.parametrize(
    "content",
    [
        locked(),
        archive({"ratings.csv": samples.TMDB}, zipfile.ZIP_LZMA),
        archive({"ratings.csv": samples.TMDB}, zipfile.ZIP_BZIP2),
        b"PK\x03\x04" + b"\0" * 100,
        b"PK\x05\x06" + b"\x10\0\0\0" * 4 + b"\0\0",
        samples.MOVIELENS[:-1],
        samples.MOVIELENS[:200],
    ],
    ids=["locked", "lzma", "bzip2", "empty", "end only", "cut by one", "cut short"],
)
def test_what_cannot_be_opened_is_refused(content: bytes) -> None:
    assert attempt(File("x.zip", content)) is Fault.RECORDS_BROKEN


def test_a_size_that_is_not_true_is_refused_or_changes_nothing() -> None:
    found = attempt(File("x.zip", lying()))
    assert found in FAULTS or isinstance(found, Reading)


def test_paths_that_lead_elsewhere_are_names_only(tmp_path) -> None:
    found = attempt(
        File("x.zip", archive({"../../../etc/ratings.csv": samples.TMDB, "C:\\x\\watchlist.csv": samples.TMDB}))
    )
    assert isinstance(found, Reading)
    assert {entry.sort for entry in found.entries} == {Sort.RATING, Sort.WATCHLIST}
    assert list(tmp_path.iterdir()) == []


def test_archives_within_archives_stay_closed() -> None:
    inner = archive({"ratings.csv": samples.TMDB})
    assert attempt(File("x.zip", archive({"inner.zip": inner}))) is Fault.RECORDS_UNKNOWN
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        made.writestr("inner.csv", inner)
    assert attempt(File("x.zip", buffer.getvalue())) is Fault.RECORDS_UNKNOWN


def test_there_are_not_more_entries_than_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "MOST_ENTRIES", 100)
    line = "2959,0137523,550,3.5,4.2,Fight Club (1999)\n"
    head = "movie_id,imdb_id,tmdb_id,rating,average_rating,title\n"
    whole = attempt(file("movielens-ratings.csv", head + line * 100))
    assert isinstance(whole, Reading)
    assert len(whole.entries) == 100
    assert attempt(file("movielens-ratings.csv", head + line * 101)) is Fault.RECORDS_TOO_LARGE
    assert attempt(file("movielens-ratings.csv", head + "1,1,1,99,,\n" * 101)) is Fault.RECORDS_TOO_LARGE


def test_there_are_not_more_rows_and_lists_than_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 100)
    monkeypatch.setattr(reading, "MOST_ROWS", 100)
    monkeypatch.setattr(gathering, "MOST_ENTRIES", 100)
    nothing = "x\n" + "1\n" * 60
    assert attempt(file("a.csv", nothing)) is Fault.RECORDS_UNKNOWN
    assert attempt(file("a.csv", nothing + "1\n" * 41)) is Fault.RECORDS_TOO_LARGE
    assert attempt(file("a.csv", nothing), file("b.csv", nothing)) is Fault.RECORDS_TOO_LARGE
    own_lists = json.dumps(own.document("lists", [{}] * 101))
    assert attempt(file("lists.json", own_lists)) is Fault.RECORDS_TOO_LARGE


NEVER = ["\0", "\x1b", "\x7f", "\x9f", "\u2028", "\u202e", "\u2066", "\ufeff"]
KEPT = [
    "\u200d",
    "\ufe0f",
    "\u200c",
    "\U0001fae9",
]  # of emoji, of Persian, of newer Unicode: lists hold them everywhere


@pytest.mark.parametrize("never", NEVER, ids=ascii)
@pytest.mark.parametrize("kept", KEPT, ids=ascii)
def test_no_text_is_taken_in_with_what_no_text_may_hold(never: str, kept: str) -> None:
    named = f"{never}a{never} {kept}b{never}"
    item = {"type": "movie", "title": named, "imdb_id": f"tt1{never}"}
    shelf = {
        "name": named,
        "description": f"{named}\n{named}",
        "language": f"e{never}",
        "items": [item, {"type": named}],
    }
    sent = File(f"{never}lists.json", json.dumps(own.document("lists", [shelf])).encode())
    trakt_rows = [{"movie": {"title": named}, "rating": 9, "rated_at": "", "type": "season"}]
    table = f"Date,Name,Year,Letterboxd URI,Rating\n2020-01-01,{named},1999,x,\n"
    found = attempt(
        sent,
        File("r.json", json.dumps({named: trakt_rows}).encode()),
        File(f"{named}.csv", table.encode()),
    )
    assert isinstance(found, Reading)
    assert never not in json.dumps(found, ensure_ascii=False)
    assert found.shelves[0].name == f"a {kept}b"
    assert found.shelves[0].description == f"a {kept}b\na {kept}b"
    assert found.entries[0].clue.title == f"a {kept}b"
    assert found.entries[0].clue.imdb_id == "tt1"


class Watched:
    """A pattern, and the longest text that it was matched against."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self.fullmatch = self._seeing(pattern.fullmatch)
        self.longest = 0
        self.blanks = 0

    def _seeing(self, match: Callable[[str], re.Match[str] | None]) -> Callable[[str], re.Match[str] | None]:
        def seen(text: str) -> re.Match[str] | None:
            self.longest = max(self.longest, len(text))
            self.blanks = max([self.blanks, *map(len, re.findall(r"\s+", text))])
            return match(text)

        return seen


@pytest.mark.holds("S8")
@pytest.mark.parametrize("head", ["movieId,title\n1,", "movie_id,tmdb_id,rating,title\n1,550,5,"])
def test_no_run_of_blanks_in_a_title_is_looked_at_blank_by_blank(head: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pattern of MovieLens's titles takes as many steps as the square of a run: it must never see one."""
    watched = Watched(movielens.NAMED)
    monkeypatch.setattr(movielens, "NAMED", watched)
    attempt(file("movies.csv", f"{head}a{' ' * 10_000}b\n"))
    attempt(file("movies.csv", f"{head}{'a ' * 10_000}b\n"))
    assert watched.blanks == 1
    assert watched.longest <= tables.LONGEST_TITLE


@pytest.mark.holds("S8")
def test_no_name_is_read_whole_again_for_each_row_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    lengths: list[int] = []

    def sort_of_file(file: File, otherwise: Sort) -> Sort:
        lengths.append(len(file.path))
        return otherwise

    monkeypatch.setattr(trakt, "sort_of_file", sort_of_file)
    rows = [{"movie": {"title": "x"}, "listed_at": ""}] * 9
    attempt(File("x" * 5_000 + ".json", json.dumps({"y" * 5_000: rows}).encode()))
    # The name over the rows, the file's and its path's; not again for every row.
    assert len(lengths) == 3
    assert max(lengths) < 2_000


@pytest.mark.parametrize("cell", ['"', '"' * 99_999, "x" * 200_000, "=cmd|' /C calc'!A0", "\0", "\u202e", "\ud800"])
def test_cells_of_every_kind_are_borne(cell: str) -> None:
    text = samples.TMDB.replace("Fight Club", cell)
    began = time.process_time()
    found = attempt(File("ratings.csv", text.encode("utf-8", "surrogatepass")))
    assert isinstance(found, Reading) or found in FAULTS
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("text", "best", "points"),
    [
        ("8.5", 10, 17), ("10", 10, 20), ("0.5", 10, 1), ("10.0", 10, 20), ("8,5", 10, 17), ("7.3", 10, 0),
        ("0", 10, 0), ("11", 10, 0), ("-1", 10, 0), ("", 10, 0), ("nan", 10, 0), ("1e1", 10, 0), ("\u0665", 10, 0),
        ("4.5", 5, 18),
        ("0.5", 5, 2), ("5", 5, 20), ("5.5", 5, 0), ("0.25", 5, 1), ("10.00000", 10, 0),
    ],
)  # fmt: skip
def test_ratings_are_half_points_or_none(text: str, best: int, points: int) -> None:
    assert halves(text, best) == points


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("1970-01-01", 0), ("1970-01-02", 86_400_000), ("1970-01-01T00:00:01.5Z", 1_500),
        ("1970-01-01 00:00:01 UTC", 1_000),
        ("1970-01-01T00:00:01+00:00", 1_000), ("1969-12-31", 0), ("2023-02-30", 0), ("0000-01-01", 0),
        ("9999-12-31", 253402214400000),
        ("1970-13-01", 0), ("yesterday", 0), ("", 0), ("1970-01-02T25:00", 0),
    ],
)  # fmt: skip
def test_instants_are_read_or_none(text: str, ms: int) -> None:
    assert instant(text) == ms


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Z"]), max_size=20)
CLUES = st.builds(
    Clue,
    st.sampled_from(["movie", "tv"]),
    st.integers(1, 2**31 - 1),
    st.just(""),
    WORDS,
    st.integers(0, 3000),
    st.just(0),
    st.just(0),
)
ENTRIES = st.builds(
    Entry,
    st.sampled_from([Sort.RATING, Sort.FAVORITE, Sort.WATCHLIST]),
    CLUES,
    st.integers(1, 20),
    st.integers(0, 2**45),
    st.just(-1),
).map(lambda entry: entry if entry.sort is Sort.RATING else entry._replace(halves=0))


@settings(max_examples=30)
@given(
    st.lists(ENTRIES, min_size=1),
    st.lists(st.tuples(WORDS.filter(bool), WORDS, st.booleans(), st.lists(CLUES)), max_size=3),
)
def test_what_we_write_we_read(entries: list[Entry], shelves: list[tuple[str, str, bool, list[Clue]]]) -> None:
    files = [
        File(
            f"{sort}.json",
            json.dumps(own.document(sort, [own.row(each) for each in entries if each.sort is sort])).encode(),
        )
        for sort in (Sort.RATING, Sort.FAVORITE, Sort.WATCHLIST)
    ]
    listed = [
        [Entry(Sort.LISTED, clue, 0, 5, number) for clue in clues] for number, (_, _, _, clues) in enumerate(shelves)
    ]
    described = [Shelf(name, text, "de", public) for name, text, public, _ in shelves]
    rows = [own.list_row(shelf, items) for shelf, items in zip(described, listed, strict=True)]
    files.append(File("lists.json", json.dumps(own.document("lists", rows)).encode()))
    found = reading.read([File("mine.zip", archive({each.path: each.content for each in files}))])
    assert sorted(found.entries) == sorted([*entries, *(entry for items in listed for entry in items)])
    assert found.shelves == described
    assert found.unread == []
