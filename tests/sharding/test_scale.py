"""The arithmetic of docs/scale.py, by numbers that can be reckoned in the head."""

from itertools import pairwise

import pytest

from docs.scale import ACCOUNTS, Life, Means, Measured, Need, Rows, Work, _known, _round, measured, need

KNOWN = Measured(1_000, {"a": Rows(2, 100), "b": Rows(0.5, 1_000)}, {"read": Work(300, 100)}, 50, 20_000)
LIFE = Life(active=0.5, calls=172.8, peak=2, shares={"read": 1, "W3 token, approval, session": 0})
MEANS = Means(busy=0.5, copies=3, beyond=1_000, largest_cores=4, apart=2, least_cores=2, core_month=10, gb_month=1)


def reckoned(accounts: int, means: Means = MEANS, life: Life = LIFE) -> Need:
    known = KNOWN._replace(calls={**KNOWN.calls, "W3 token, approval, session": Work(300, 100)})
    return need(accounts, known, life, means)


def test_a_small_house_is_one_primary_with_its_copies() -> None:
    # Half of 1,000,000 make 172.8 calls a day: 1,000 a second, at the peak 2,000. Each is 250 µs of ours and 100 µs of
    # the database's: 0.5 and 0.2 cores, of which half may be used. Each account has 2.5 rows, 700 bytes.
    found = reckoned(1_000_000)
    assert (found.rows, found.bytes) == (2_500_000, 700_000_000)
    assert found.mean_per_s == pytest.approx(1_000)
    assert found.peak_per_s == pytest.approx(2_000)
    assert (found.primaries, found.server_cores, found.database_cores) == (1, 6, 6)
    assert found.cost == pytest.approx(12 * 10 + 0.7 * 3)


def test_a_large_one_is_as_many_as_its_accounts_want() -> None:
    # 20 times as much: 20 cores of ours; 8 of the database's, twice that when it is spread, on 20 primaries, 2 each.
    found = reckoned(20_000_000)
    assert (found.primaries, found.server_cores, found.database_cores) == (20, 20, 2 * 20 * 3)


def test_or_as_its_work_wants() -> None:
    # All accounts would fit on one; 16 cores on primaries of 4 are 4.
    found = reckoned(20_000_000, MEANS._replace(beyond=1e9))
    assert (found.primaries, found.database_cores) == (4, 4 * 4 * 3)


def test_passwords_are_hashed_by_the_server() -> None:
    # One call in a hundred: 400 a second of 40,000, 20 ms each, are 8 cores, 16 of which half is used.
    life = LIFE._replace(shares={"read": 0.99, "W3 token, approval, session": 0.01})
    found = reckoned(20_000_000, life=life)
    assert found.logins_per_s == pytest.approx(400)
    assert found.server_cores == 20 + 16


def test_the_largest_database_counts() -> None:
    empty = {name: [1, 100] for name in _known().tables}
    sizes = [
        {"engine": "PostgreSQL", "size": "small", "people": 10, "tables": empty},
        {"engine": "PostgreSQL", "size": "large", "people": 50, "tables": empty | {"ratings": [100, 1_000]}},
        {"engine": "SQLite", "size": "large", "people": 90, "tables": {}},
    ]
    rows = [
        {"engine": engine, "size": size, "callers": callers, "call": "R1 account", "cpu_us": cpu, "database_us": 1}
        for engine, size, callers, cpu in (
            ("PostgreSQL", "small", "anybody", 1),
            ("PostgreSQL", "large", "anybody", 2),
            ("PostgreSQL", "large", "the same 1,000", 4),
            ("SQLite", "large", "anybody", 3),
        )
    ]
    floors = [{"group": "floors", "name": name, "cpu_us": 5} for name in ("bare server", "argon2id")]
    found = measured({"sizes": sizes, "rows": rows}, {"rows": floors})
    assert (found.people, found.tables["ratings"]) == (50, Rows(2, 10))
    assert found.calls == {"R1 account": Work(2, 1)}


def test_every_call_that_is_assumed_was_measured() -> None:
    assert set(Life().shares) <= set(_known().calls)
    assert sum(Life().shares.values()) == pytest.approx(1)


def test_more_accounts_never_need_less() -> None:
    needs = [need(number, _known(), Life(), Means()) for number in ACCOUNTS]
    assert needs == sorted(needs)
    assert all(small.cost < large.cost for small, large in pairwise(needs))


@pytest.mark.parametrize(("number", "said"), [(0.2, 1), (9.5, 10), (10, 10), (1_234, 1_200), (28_700_000, 29_000_000)])
def test_no_more_digits_are_told_than_are_known(number: float, said: int) -> None:
    assert _round(number) == said
