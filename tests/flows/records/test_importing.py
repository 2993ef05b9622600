"""What people bring is taken in once, with its own dates, whatever happens on the way."""

import json
import zipfile
from io import BytesIO
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import bindparam, update

from admitone.flows import accounts, visits
from admitone.flows.house import READERS, House
from admitone.flows.logins import Attempt
from admitone.flows.media import lists, marks, ratings
from admitone.flows.media.lists import NewList
from admitone.flows.media.marks import Marked
from admitone.flows.media.ratings import Rater
from admitone.flows.people import app_passwords
from admitone.flows.records import exporting, importing, works
from admitone.flows.records import jobs as running
from admitone.model.faults import Fault, Refused
from admitone.model.media import Mark, MediaType, RatedType, Subject
from admitone.model.paging import Order
from admitone.model.records.entries import File, Reading, Skip, Sort
from admitone.model.records.jobs import LEASE_MS, Job, JobState, Task
from admitone.model.records.reading import read
from admitone.store.engine.statements import Statement, no_row
from admitone.store.engine.tx import Tx
from admitone.store.records import belongings
from admitone.store.schema import titles
from tests.factors import plant_passkey
from tests.flows.conftest import without_catalogue
from tests.model.records import samples
from tests.model.records.samples import file
from tests.world import FILMS, NETWORK, PASSWORD, SERIES, START, World

FACTS = {550: ("tt0137523", "1999-10-15"), 11: ("tt0076759", "1977-05-25")}


@pytest.fixture
async def house(world: World) -> House:
    """The world's house, whose films have numbers of IMDb's and dates."""

    async def flow(_house: House, tx: Tx) -> None:
        for number, (imdb_id, day) in FACTS.items():
            await tx.run(FACT, number=number, imdb=imdb_id, day=day, of_year=int(day[:4]))

    await world.house.write(flow)
    return world.house


FACT = Statement(
    update(titles)
    .where(titles.c.media_type == "movie", titles.c.id == bindparam("number"))
    .values(
        imdb_id=bindparam("imdb"),
        release_date=bindparam("day"),
        year=bindparam("of_year"),
    ),
    no_row,
)


async def bring(house: House, account_id: int, *sent: File) -> Job:
    """Send files, confirm, and let it be done."""
    await importing.begin(house, account_id, list(sent))
    await house.write(importing.start, account_id)
    assert await works.work(house) == 1
    return await job_of(house, account_id)


@pytest.mark.holds("S8")
async def test_files_are_read_by_as_many_at_a_time_as_memory_has_room_for(
    house: House, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    left: list[int] = []

    def seen(sent: list[File], whose: str) -> Reading:
        left.append(house.reading._value)
        return read(sent, whose)

    monkeypatch.setattr(importing, "read", seen)
    await importing.begin(house, world.mira.id, [file("ratings.csv", samples.TMDB)])
    with pytest.raises(Refused):
        await importing.begin(house, world.mira.id, [file("x.csv", "x")])
    assert left == [READERS - 1, READERS - 1]
    assert house.reading._value == READERS == 2


async def test_a_text_that_no_database_keeps_is_brought_without_what_it_cannot(house: House, world: World) -> None:
    item = {"type": "movie", "imdb_id": "tt0137523\0", "title": "\0Fight\u202e Club"}
    shelf = {"name": "No\0ir", "description": "\0", "language": "e\0", "public": True, "items": [item, {"title": "\0"}]}
    document = {"format": "admit-one", "kind": "lists", "rows": [shelf]}
    job = await bring(house, world.mira.id, File("\0.json", json.dumps(document).encode()))
    assert job.state == JobState.DONE
    (made,) = await house.read(belongings_of, world.mira.id)
    assert made == "Noir"


async def belongings_of(_house: House, tx: Tx, account_id: int) -> list[str]:
    return [each.name for each in await tx.all(belongings.LISTS, account_id=account_id, most=9, offset=0)]


async def job_of(house: House, account_id: int, task: Task = Task.IMPORT) -> Job:
    job = await house.read(running.find, account_id, task)
    assert job is not None
    return job


async def rated(house: House, account_id: int) -> dict[tuple[Any, ...], tuple[int, int]]:
    """Everything that somebody has rated, and when."""

    async def flow(_house: House, tx: Tx) -> list[belongings.RatingRow]:
        return await tx.all(belongings.RATINGS, account_id=account_id, most=1000, offset=0)

    return {row[:4]: (row.halves, row.at) for row in await house.read(flow)}


async def test_files_are_shown_before_anything_is_done(house: House, world: World) -> None:
    await importing.begin(house, world.mira.id, [File("letterboxd.zip", samples.LETTERBOXD)])
    job = await job_of(house, world.mira.id)
    assert (job.state, job.total, job.done, job.origins) == (JobState.READY, 6, 0, "Letterboxd")
    shown = importing.preview(job)
    assert shown.sorts == {Sort.RATING: 2, Sort.WATCHLIST: 1, Sort.FAVORITE: 1, Sort.LISTED: 2}
    assert (shown.shelves, shown.unread) == (("Nights, long",), 2)
    assert await works.work(house) == 0
    assert await rated(house, world.mira.id) == {}


async def test_letterboxd_s_films_are_found_by_name_and_year(house: House, world: World) -> None:
    job = await bring(house, world.mira.id, File("letterboxd.zip", samples.LETTERBOXD))
    assert job.state == JobState.DONE
    assert await rated(house, world.mira.id) == {("movie", 550, 0, 0): (18, 1557100800000)}
    assert await house.read(importing.outcomes, job) == {"added": 2, "unknown": 4, "no_counterpart": 2}
    page = await house.read(importing.left_out, job, 1)
    assert ("The Matrix (1999)", Skip.UNKNOWN, "", 0, Sort.RATING) in page.rows
    assert page.total == 6
    found = await house.read(lists.of_account, world.mira.id, 1)
    assert [(each.name, each.description, each.item_count) for each in found.rows] == [
        ("Nights, long", "For when it rains", 1)
    ]


async def test_imdb_s_numbers_are_found_through_the_catalogue(house: House, world: World) -> None:
    job = await bring(house, world.mira.id, file("ratings.csv", samples.IMDB))
    assert await rated(house, world.mira.id) == {("movie", 550, 0, 0): (18, 1577923200000)}
    assert await house.read(importing.outcomes, job) == {"added": 1, "unknown": 1, "no_counterpart": 1}


async def test_old_ratings_of_imdb_s_and_trakt_s_lists_as_they_are_called(house: House, world: World) -> None:
    await bring(house, world.mira.id, file("ratings.csv", samples.IMDB_2015))
    await bring(house, world.mira.id, File("trakt-export.zip", samples.TRAKT_EXPORT))
    assert await rated(house, world.mira.id) == {("movie", 550, 0, 0): (12, 1425168000000)}
    found = await house.read(lists.of_account, world.mira.id, 1)
    named = {(each.name, each.item_count) for each in found.rows}
    assert named == {("Criterion Collection, watched", 1), ("old-watchlist", 0)}


async def test_two_numbers_of_movielens_for_one_film_are_merged(house: House, world: World) -> None:
    job = await bring(house, world.mira.id, File("ml.zip", samples.MOVIELENS))
    # The later of the two counts, and TMDB's numbers that are not in the catalogue are told.
    assert await rated(house, world.mira.id) == {("movie", 550, 0, 0): (20, 964982940000)}
    assert await house.read(importing.outcomes, job) == {"added": 1, "changed": 1, "unknown": 1, "nameless": 1}


async def test_without_a_catalogue_tmdb_s_numbers_are_believed(house: House, world: World) -> None:
    job = await bring(without_catalogue(house), world.mira.id, file("ratings.csv", samples.TMDB))
    assert set(await rated(house, world.mira.id)) == {
        ("movie", 550, 0, 0),
        ("tv", 1399, 0, 0),
        ("episode", 1399, 1, 2),
    }
    assert (await house.read(importing.outcomes, job))["added"] == 3


async def test_what_is_newer_stays(house: House, world: World) -> None:
    film = Subject(RatedType.MOVIE, 550)
    await house.write(ratings.rate, Rater(world.mira.id), world.cineshelf.app.id, film, 4)
    job = await bring(house, world.mira.id, file("ratings.csv", samples.TMDB))
    assert await rated(house, world.mira.id) == {("movie", 550, 0, 0): (4, START)}
    assert (await house.read(importing.outcomes, job))["kept"] == 1


async def test_a_rating_without_a_date_fills_a_gap_and_replaces_nothing(house: House, world: World) -> None:
    await bring(house, world.mira.id, file("movielens-ratings.csv", samples.MOVIELENS_OWN))
    assert await rated(house, world.mira.id) == {("movie", 550, 0, 0): (14, START)}
    again = samples.MOVIELENS_OWN.replace("3.5", "1.5")
    job = await bring(house, world.mira.id, file("movielens-ratings.csv", again))
    assert await house.read(importing.outcomes, job) == {"kept": 1}


async def test_nothing_was_rated_in_the_future(house: House, world: World) -> None:
    await bring(house, world.mira.id, file("ratings.csv", samples.TMDB.replace("2023-04-05", "2093-04-05")))
    assert (await rated(house, world.mira.id))["movie", 550, 0, 0] == (17, START)


async def test_the_votes_on_a_film_count_what_was_brought(house: House, world: World) -> None:
    for text in (samples.TMDB, samples.TMDB.replace("8.5,2023", "3,2024"), samples.TMDB):
        await bring(house, world.mira.id, file("ratings.csv", text))
    await bring(house, world.tomas.id, file("ratings.csv", samples.TMDB))
    page = await house.read(ratings.rated_titles, Rater(world.mira.id), RatedType.MOVIE, Order.OLDEST_FIRST, 1)
    assert [(row.title.votes, row.title.halves) for row in page.rows] == [(2, 6 + 17)]


async def test_the_same_files_again_change_nothing(house: House, world: World) -> None:
    sent = File("letterboxd.zip", samples.LETTERBOXD)
    await bring(house, world.mira.id, sent)
    before = await rated(house, world.mira.id)
    job = await bring(house, world.mira.id, sent)
    assert await house.read(importing.outcomes, job) == {"same": 2, "unknown": 4, "no_counterpart": 2}
    assert await rated(house, world.mira.id) == before
    assert (await house.read(lists.of_account, world.mira.id, 1)).total == 1


async def test_killed_in_the_middle_it_goes_on_where_it_was(
    house: House, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 2)
    await importing.begin(house, world.mira.id, [File("letterboxd.zip", samples.LETTERBOXD)])
    await house.write(importing.start, world.mira.id)
    job = await house.write(works._lease)
    assert job is not None
    moved = await house.write(importing.advance, job)
    assert moved is not None
    assert moved.done == 2

    # Nobody takes it before its lease is over, and whoever comes back late finds that it went on.
    assert await works.work(house) == 0
    world.clock.advance(LEASE_MS)
    assert await works.work(house) == 1
    assert await house.write(importing.advance, moved) is None
    done = await job_of(house, world.mira.id)
    assert (done.state, done.done) == ("done", 6)
    assert sum((await house.read(importing.outcomes, done)).values()) == 8
    assert (await house.read(lists.of_account, world.mira.id, 1)).total == 1


async def test_one_at_a_time(house: House, world: World) -> None:
    sent = [file("ratings.csv", samples.TMDB)]
    await importing.begin(house, world.mira.id, sent)
    await importing.begin(house, world.mira.id, sent)  # the first was not confirmed
    await house.write(importing.start, world.mira.id)
    for attempt in (importing.begin(house, world.mira.id, sent), house.write(importing.start, world.mira.id)):
        with pytest.raises(Refused) as refused:
            await attempt
        assert refused.value.fault in (Fault.JOB_RUNNING, Fault.JOB_UNKNOWN)
    await importing.begin(house, world.tomas.id, sent)
    assert await works.work(house) == 1


async def test_what_is_over_is_taken_away(house: House, world: World) -> None:
    await bring(house, world.mira.id, file("ratings.csv", samples.TMDB))
    world.clock.advance(8 * 24 * 60 * 60 * 1000)
    assert await house.read(running.find, world.mira.id, Task.IMPORT) is None
    assert await running.sweep(house, rest=0) == 1
    assert await running.sweep(house, rest=0) == 0


async def test_a_bug_in_one_job_does_not_hold_up_the_others(
    house: House, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await importing.begin(house, world.mira.id, [file("ratings.csv", samples.TMDB)])
    await house.write(importing.start, world.mira.id)

    async def broken(*_args: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(importing, "find", broken)
    assert await works.work(house) == 1
    assert (await job_of(house, world.mira.id)).state == "failed"
    monkeypatch.undo()
    await bring(house, world.mira.id, file("ratings.csv", samples.TMDB))


RATED = st.dictionaries(
    st.one_of(
        st.tuples(st.just("movie"), st.sampled_from(sorted(FILMS)), st.just(0), st.just(0)),
        st.tuples(st.just("tv"), st.sampled_from(sorted(SERIES)), st.just(0), st.just(0)),
        st.tuples(st.just("episode"), st.sampled_from(sorted(SERIES)), st.integers(1, 3), st.integers(1, 3)),
    ),
    st.integers(1, 20),
    max_size=6,
)
MARKED = st.sets(st.tuples(st.sampled_from(Mark), st.sampled_from(sorted(FILMS))), max_size=4)
NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=20)
LISTED = st.lists(
    st.tuples(NAMES, st.booleans(), st.lists(st.sampled_from(sorted(FILMS)), unique=True, max_size=3)), max_size=3
)


async def everything(house: House, account_id: int) -> list[Any]:
    """All that can be brought along, as the archive tells it."""
    await exporting.begin(house, account_id)
    assert await works.work(house) == 1
    job = await house.write(exporting.ready, account_id)
    content = b"".join([part async for part in exporting.parts(house, job)])
    assert len(content) == job.total
    return [content, sorted((await rated(house, account_id)).items()), await kept(house, account_id)]


async def kept(house: House, account_id: int) -> dict[str, Any]:
    async def flow(_house: House, tx: Tx) -> dict[str, Any]:
        who = {"account_id": account_id, "most": 100, "offset": 0}
        found: dict[str, Any] = {mark: await tx.all(belongings.MARKS, **who, mark=mark.value) for mark in Mark}
        found["lists"] = [
            (each[1:5], await tx.all(belongings.ITEMS, list_id=each.id, most=100, offset=0))
            for each in await tx.all(belongings.LISTS, **who)
        ]
        return found

    return await house.read(flow)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(given_ratings=RATED, given_marks=MARKED, given_lists=LISTED)
async def test_an_archive_brought_into_a_fresh_account_is_the_same(
    house: House, world: World, given_ratings: Any, given_marks: Any, given_lists: Any
) -> None:
    name = f"p{house.entropy.hex(8)}"
    old, new = [await accounts.add(house, f"{name}{each}", PASSWORD) for each in "ab"]
    app = world.cineshelf.app.id
    for (kind, number, season, episode), halves in given_ratings.items():
        world.clock.advance(1)
        subject = Subject(RatedType(kind), number, season, episode)
        await house.write(ratings.rate, Rater(old.id), app, subject, halves)
    for mark, number in given_marks:
        world.clock.advance(1)
        await house.write(marks.mark, old.id, app, Marked(mark, MediaType.MOVIE, number))
    for title, public, items in given_lists:
        list_id = await house.write(lists.create, old.id, None, NewList(title, "Why", "de", public))
        for number in items:
            world.clock.advance(1)
            await house.write(lists.add_item, old.id, app, list_id, MediaType.MOVIE, number)

    archive, *before = await everything(house, old.id)
    world.clock.advance(1000)
    await bring(house, new.id, File("admit-one.zip", archive))
    assert [sorted((await rated(house, new.id)).items()), await kept(house, new.id)] == before


async def test_the_archive_holds_everything_twice_and_no_secret(house: House, world: World) -> None:
    session = await world.session(world.cineshelf, world.mira)
    await plant_passkey(world, world.mira, "Mira’s phone")
    app_password = await house.write(app_passwords.add, world.mira.id, "Player", NETWORK)
    visit = await visits.sign_in(house, Attempt("mira", PASSWORD, "203.0.113.7"), remember=False)
    film = Subject(RatedType.MOVIE, 550)
    await house.write(ratings.rate, Rater(world.mira.id), world.cineshelf.app.id, film, 17)
    await bring(house, world.mira.id, file("ratings.csv", samples.TMDB.replace("Fight Club", "=cmd()")))
    archive, *_ = await everything(house, world.mira.id)
    with zipfile.ZipFile(BytesIO(archive)) as opened:
        names = set(opened.namelist())
        said = {name: opened.read(name).decode() for name in names}
    kinds = (
        *("profile", "ratings", "favourites", "watchlist", "lists", "connected_apps", "changes_by_apps"),
        *("passkeys", "app_passwords", "known_places", "signed_in", "history"),
    )
    assert names == {"README.txt", *(f"{kind}.{ending}" for kind in kinds for ending in ("json", "csv"))}
    assert json.loads(said["profile.json"])["rows"][0]["username"] == "mira"
    assert json.loads(said["connected_apps.json"])["rows"][0]["app"] == "CineShelf"
    (connected,) = json.loads(said["connected_apps.json"])["rows"]
    assert connected["approved_how"] == "page"
    assert json.loads(said["passkeys.json"])["rows"][0]["name"] == "Mira’s phone"
    assert json.loads(said["app_passwords.json"])["rows"][0]["name"] == "Player"
    (change,) = json.loads(said["changes_by_apps.json"])["rows"]
    assert (change["app"], change["what"], change["tmdb_id"]) == ("CineShelf", "rating", 550)
    assert len(json.loads(said["known_places.json"])["rows"]) == 2
    for secret in (app_password, visit.text, visit.device):
        assert secret not in "".join(said.values())
    assert said["ratings.csv"].splitlines()[0].startswith("type,tmdb_id,imdb_id,title,year,season,episode,rating,at")
    assert session not in "".join(said.values())
    assert "argon2" not in "".join(said.values())


async def test_what_of_an_archive_belongs_to_its_account_is_left_out_with_a_word(house: House, world: World) -> None:
    await world.session(world.cineshelf, world.mira)
    archive, *_ = await everything(house, world.mira.id)
    await bring(house, world.tomas.id, File("admit-one.zip", archive))
    job = await house.read(running.find, world.tomas.id, Task.IMPORT)
    assert job is not None
    page = await house.read(importing.left_out, job, 1)
    assert {(each.file, each.why) for each in page.rows} == {
        (f"{name}.json", Skip.OF_ACCOUNT) for name in ("profile", "connected_apps", "history")
    }


async def test_an_archive_that_was_killed_is_made_anew(house: House, world: World) -> None:
    await exporting.begin(house, world.mira.id)
    job = await house.write(works._lease)
    assert job is not None
    await house.write(exporting._keep_part, job, 0, b"half")
    world.clock.advance(LEASE_MS)
    assert await works.work(house) == 1
    done = await house.write(exporting.ready, world.mira.id)
    assert (b"".join([part async for part in exporting.parts(house, done)]))[:2] == b"PK"
    with pytest.raises(Refused):
        await house.write(exporting.ready, world.tomas.id)
