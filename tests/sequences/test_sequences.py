"""Whatever people and guests do in whatever order, both databases answer as the reference does."""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from admitone.basics.clock import ManualClock
from tests.databases import PostgresDatabases, SqliteDatabases
from tests.sequences.player import Player, Step
from tests.sequences.reference import FILMS, GUEST, PEOPLE, SERIES
from tests.world import START, open_house, populate

# As many in a usual run, always the same; ADMITONE_SEQUENCES=10000 plays so many others.
MANY = os.environ.get("ADMITONE_SEQUENCES")
SEQUENCES = int(MANY or 400)

some_person, somebody = st.sampled_from(PEOPLE), st.sampled_from((*PEOPLE, *PEOPLE, GUEST, GUEST, "nobody"))
a_film, a_series = st.sampled_from((*FILMS[:2], *FILMS[:2], 10)), st.sampled_from((*SERIES, 550))
subjects = st.one_of(
    st.tuples(st.just("movie"), a_film),
    st.tuples(st.just("tv"), a_series),
    st.tuples(st.just("episode"), a_series, st.integers(0, 1), st.integers(1, 2)),
)
values = st.one_of(st.integers(1, 20).map(lambda half: half / 2), st.sampled_from((0, 10.5, 7.2, -1, 1, 10, None)))
marks, a_page, which = (
    st.sampled_from(("favorite", "watchlist")),
    st.sampled_from((1, 1, 2, 3, 0, 501)),
    st.integers(0, 3),
)
shelves = st.sampled_from([f"{mark}/{kind}" for mark in ("favorite", "watchlist") for kind in ("movies", "tv")])
rated = st.sampled_from([f"rated/{kind}" for kind in ("movies", "movies", "tv", "tv/episodes")])
titles = st.one_of(st.tuples(st.just("movie"), a_film), st.tuples(st.just("tv"), a_series))

CHANGES = (
    st.tuples(st.just("wait"), st.sampled_from((1, 1000, 60_000, 2 * 60 * 60 * 1000))),
    st.tuples(st.just("rate"), somebody, subjects, values),
    st.tuples(st.just("rate"), somebody, subjects, values),
    st.tuples(st.just("unrate"), somebody, subjects),
    st.tuples(st.just("mark"), somebody, marks, titles, st.sampled_from((True, True, False, None))).map(
        lambda step: (*step[:3], *step[3], step[4])
    ),
    st.tuples(st.just("make_list"), some_person, st.booleans()),
    st.tuples(
        st.just("change_list"),
        st.sampled_from((*PEOPLE, *PEOPLE, GUEST)),
        which,
        st.sampled_from(("add_item", "add_item", "remove_item", "clear", "delete")),
        st.sampled_from((*FILMS[:3], 10, None)),
    ),
)
READS = (
    st.tuples(st.just("states"), somebody, subjects),
    st.tuples(st.just("shelf"), st.one_of(some_person, st.just("nobody")), shelves, a_page, st.booleans()),
    st.tuples(st.just("shelf"), st.sampled_from((*PEOPLE, GUEST)), rated, a_page, st.booleans()),
    st.tuples(st.just("lists_of"), some_person, st.sampled_from((1, 2))),
    st.tuples(st.just("list_films"), st.sampled_from((*PEOPLE, "nobody")), which, st.sampled_from((1, 2))),
    st.tuples(st.just("on_list"), st.sampled_from((*PEOPLE, "nobody")), which, a_film),
    st.tuples(st.just("lists_with"), a_film),
)
AT_ONCE = st.sampled_from(("rate_many", "mark_many")).flatmap(
    lambda name: st.tuples(st.just(name), some_person, st.integers(18, 25))
)
beginnings: st.SearchStrategy[list[Step]] = st.one_of(
    st.just([]), st.just([]), st.just([]), st.lists(AT_ONCE, min_size=1, max_size=1)
)
sequences = st.tuples(beginnings, st.lists(st.one_of(*CHANGES, *READS), min_size=3, max_size=16)).map(
    lambda parts: [*parts[0], *parts[1]]
)


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def players(
    runner: asyncio.Runner,
    sqlite_databases: SqliteDatabases,
    postgres_databases: PostgresDatabases,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[list[Player]]:
    """The same world on both databases."""
    houses, players = [], []
    for databases in (sqlite_databases, postgres_databases):
        url, clock, ring = databases.fresh(), ManualClock(START), tmp_path_factory.mktemp("ring") / "keys.json"
        house = runner.run(open_house(url, Path(ring), clock, "sequences"))
        houses.append(house)
        players.append(runner.run(Player.ready(runner.run(populate(house, clock)))))
    yield players
    for house in houses:
        runner.run(house.aclose())


@pytest.mark.timeout(3600)
def test_every_sequence_is_answered_as_the_reference_says(players: list[Player], runner: asyncio.Runner) -> None:
    played = 0

    @settings(
        max_examples=SEQUENCES,
        deadline=None,
        database=None,
        derandomize=not MANY,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(sequences)
    def play(steps: list[Step]) -> None:
        nonlocal played
        played += 1
        for player in players:
            complaints = runner.run(player.complaints(steps))
            assert not complaints, "\n".join(complaints)

    play()
    assert played >= SEQUENCES
