"""Says how the rows would be spread over many servers: by which column of each table, and what does not fit that yet.

`tests/sharding` holds it: every table is in it, and every statement of the calls that are made most asks one server,
or stands below with its reason.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import UniqueConstraint

from admitone.store.tables import metadata
from bench.growth.shape import SIZES, ratings_of

COUNT = 32  # shards, as Citus makes them where it is not told otherwise
WORD = 0xFFFFFFFF

# By which column the rows of a table are spread. None: every server has a copy of all of it.
KEYS: Mapping[str, str | None] = {
    "accounts": "id",
    "addresses": "address_key",
    "answered_challenges": "digest",
    "app_credentials": None,
    "app_passwords": "account_id",
    "app_returns": None,
    "apps": None,
    "authenticators": "account_id",
    "calls": "bucket",
    "changes": "account_id",
    "events": "account_id",
    "guest_ratings": "guest_id",
    "guest_sessions": "digest",
    "invitations": "digest",
    "job_parts": "job_id",
    "job_rows": "job_id",
    "jobs": "account_id",
    "kept_worlds": None,
    "known_places": "account_id",
    "leavings": "account_id",
    "limits": "bucket",
    "list_items": "list_id",
    "lists": "account_id",
    "mail_links": "digest",
    "mails": "account_id",
    "marks": "account_id",
    "passkeys": "account_id",
    "ratings": "account_id",
    "recovery_codes": "account_id",
    "request_tokens": "digest",
    "reserved_names": "digest",
    "schema_support": None,
    "sessions": "digest",
    "titles": None,
    "visits": "digest",
    "votes": None,
}


class Reach(Enum):
    """How many servers a statement asks."""

    ONE = "one"
    TWO = "two, by two keys that are known beforehand"
    NEXT = "one, then another that the first row names"
    ALL = "all"
    COPIES = "all, for each has a copy that changes"


class Wide(NamedTuple):
    """Why a statement asks more than one server, and what would take its place."""

    reach: Reach
    why: str
    instead: str


_BY_KEYS = "two statements, each by a key"
_OFF_FIRST = "the same, asked before; switching off denies what is approved and not yet spent, and ends sessions"
_COUNTED = "a number in `apps`, counted anew by whoever sweeps"

# The statements of the calls that are made most that ask more than one server. Every other one of them asks one.
WIDE: Mapping[str, Wide] = {
    "accounts.COUNT": Wide(Reach.ALL, "counts people up to a thousand", "a number kept by whoever sweeps"),
    "accounts.LOGIN": Wide(
        Reach.ALL, "finds a person by name", "names in a table of their own, by name; then by account"
    ),
    "apps.FIND_BY_ID": Wide(Reach.ALL, "says who owns the app", _BY_KEYS),
    "callers.BY_KEY": Wide(Reach.NEXT, "the session says whose it is", _BY_KEYS),
    "ratings.VOTE": Wide(
        Reach.COPIES,
        "every page of titles shows votes, so each server has them",
        "votes beside the rating, by account; whoever sweeps adds them up once a minute",
    ),
    "request_tokens.DECIDE": Wide(Reach.TWO, "asks whether its person is switched off", _OFF_FIRST),
    "request_tokens.SHOW": Wide(Reach.NEXT, "asks whether whoever decided is switched off", _BY_KEYS),
    "request_tokens.SPEND": Wide(Reach.NEXT, "asks whether whoever approved is switched off", _OFF_FIRST),
    "sessions.CONNECTED_AT": Wide(
        Reach.ALL, "finds sessions by person", "a row by account for each session, written with it and ended with it"
    ),
    "sessions.PEOPLE": Wide(Reach.ALL, "counts an app's people up to a thousand", _COUNTED),
}


class Loose(NamedTuple):
    """What a distributed engine does not hold on a table as it is."""

    unique: list[str]
    foreign: list[str]
    empty: bool


def loose() -> dict[str, Loose]:
    """What cannot be held by the database itself, by table: only what one server can check by itself can be.

    Unique columns without the key; references to rows that lie by another column; a key that may be empty.
    """
    found = {}
    for table in metadata.sorted_tables:
        key = KEYS[table.name]
        uniques = [list(table.primary_key.columns.keys())]
        uniques += [list(each.columns.keys()) for each in table.constraints if isinstance(each, UniqueConstraint)]
        uniques += [list(each.columns.keys()) for each in table.indexes if each.unique]
        unique = sorted(", ".join(columns) for columns in uniques if key and key not in columns)
        foreign = sorted(
            f"{each.parent.name} → {each.column.table.name}"
            for each in table.foreign_keys
            if (there := KEYS[each.column.table.name]) and (each.parent.name, each.column.name) != (key, there)
        )
        one = Loose(unique, foreign, bool(key and table.c[key].nullable))
        if any(one):
            found[table.name] = one
    return found


def shard_of_number(number: int) -> int:
    """The shard of an account, by PostgreSQL's own hash of a bigint (`hashint8`)."""
    low, high = number & WORD, number >> 32 & WORD
    return _shard(hash_of_bytes((low ^ (high if number >= 0 else high ^ WORD)).to_bytes(4, "little")))


def shard_of_digest(digest: bytes) -> int:
    """The shard of a session or token, by PostgreSQL's own hash of bytes."""
    return _shard(hash_of_bytes(digest))


def _shard(hashed: int) -> int:
    """Which of equal ranges of signed 32-bit numbers a hash falls into."""
    return ((hashed + 0x80000000) & WORD) * COUNT >> 32


def hash_of_bytes(text: bytes) -> int:
    """What PostgreSQL makes of bytes (Bob Jenkins' lookup3, little-endian), unsigned."""
    a = b = c = (0x9E3779B9 + len(text) + 3923095) & WORD
    while len(text) >= 12:
        first, second, third = (int.from_bytes(text[at : at + 4], "little") for at in (0, 4, 8))
        a, b, c = _mixed((a + first) & WORD, (b + second) & WORD, (c + third) & WORD)
        text = text[12:]
    a = (a + int.from_bytes(text[:4], "little")) & WORD
    b = (b + int.from_bytes(text[4:8], "little")) & WORD
    c = (c + (int.from_bytes(text[8:], "little") << 8)) & WORD
    for turn in (14, 11, 25, 16, 4, 14, 24):
        a, b, c = b, ((c ^ b) - _turned(b, turn)) & WORD, a
    return b


def _mixed(a: int, b: int, c: int) -> tuple[int, int, int]:
    for turn in (4, 6, 8, 16, 19, 4):
        a, c = ((a - c) & WORD) ^ _turned(c, turn), (c + b) & WORD
        a, b, c = b, c, a
    return a, b, c


def _turned(word: int, by: int) -> int:
    return (word << by | word >> (32 - by)) & WORD


class Spread(NamedTuple):
    """How much lies on the fullest shard and on the average one."""

    fullest: int
    mean: float

    @property
    def ratio(self) -> float:
        """How much fuller the fullest is."""
        return self.fullest / self.mean


def spread(rows: Iterable[tuple[int, int]]) -> Spread:
    """How rows lie, each told by its shard and how much it is."""
    shards = [0] * COUNT
    for shard, much in rows:
        shards[shard] += much
    return Spread(max(shards), sum(shards) / COUNT)


def _digests(number: int) -> Iterator[tuple[int, int]]:
    return ((shard_of_digest(sha256(b"token %d" % each).digest()), 1) for each in range(number))


def _people(number: int) -> Iterator[tuple[int, int]]:
    return ((shard_of_number(person), 1) for person in range(1, number + 1))


def _ratings(number: int) -> Iterator[tuple[int, int]]:
    tail = ratings_of(SIZES["large"])
    return ((shard_of_number(person), tail.count(person)) for person in range(1, number + 1))


SIMULATED: Mapping[str, Callable[[int], Iterator[tuple[int, int]]]] = {
    "sessions and tokens, by digest": _digests,
    "accounts, by number": _people,
    "ratings, by account; one person has 50,000": _ratings,
}


def keys() -> None:
    """Print by which column each table is spread."""
    print("\n| spread by | tables |\n| --- | --- |")
    for key in sorted({key for key in KEYS.values() if key}):
        print(f"| `{key}` | {', '.join(f'`{table}`' for table, its in KEYS.items() if its == key)} |")
    print(f"| a copy on every server | {', '.join(f'`{table}`' for table, its in KEYS.items() if its is None)} |\n")


def wide() -> None:
    """Print which statements of the most frequent calls ask more than one server."""
    print("\n| statement | asks | why | instead |\n| --- | --- | --- | --- |")
    for name, each in WIDE.items():
        print(f"| `{name}` | {each.reach.value} | {each.why} | {each.instead} |")
    print()


def not_held() -> None:
    """Print what a distributed engine would not hold on the tables as they are."""
    print("\n| table | unique without its key | references what lies elsewhere | key may be empty |")
    print("| --- | --- | --- | --- |")
    for name, (unique, foreign, empty) in loose().items():
        cells = (", ".join(f"`{each}`" for each in cell) for cell in (unique, foreign))
        print(f"| `{name}` | {' | '.join(cells)} | {'yes' if empty else ''} |")
    print()


def evenness() -> None:
    """Print how much fuller than the average the fullest shard is, for growing numbers of rows."""
    sizes = (1_000, 10_000, 50_000)
    print(f"\n| | {' | '.join(f'{size:,}' for size in sizes)} |\n| --- |{' --- |' * len(sizes)}")
    for name, drawn in SIMULATED.items():
        print(f"| {name} | {' | '.join(f'{spread(drawn(size)).ratio:.2f}' for size in sizes)} |")
    print()
