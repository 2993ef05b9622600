"""This file says what is promised, as ratios of two cells of the same turn, and tells whether it is kept."""

from collections.abc import Callable, Sequence
from statistics import median
from typing import Any, NamedTuple

from bench import cells
from bench.calls import R1, R2, W2
from bench.cells import POSTGRES, SQLITE, TWO, Cell
from bench.loads.seen import Seen
from bench.measure import ACCOUNT_AT_RATE, RATING_AT_RATE, Found
from bench.processor import TICK_S

Key = tuple[str, str]
IDLE_MB = 70.0
# Below this p99 the clock of a shared machine, not a server, decides about a ratio; it is counted as this long.
SHORTEST_MS = 1.0


class Target(NamedTuple):
    """A promise: one cell's figure divided by another's, at least or at most `limit`."""

    words: str
    above: Key
    beneath: Key
    limit: float
    of: str = "rate"

    @property
    def at_least(self) -> bool:
        """Whether more is better."""
        return self.of == "rate"


_R1, _R2, _W2 = ((row.name, SQLITE) for row in (R1, R2, W2))
_PEERS = (
    ("oidc-provider, userinfo", 5.0),
    ("Prism, mock", 5.0),
    ("json-server", 5.0),
    ("django-oauth-toolkit", 40.0),
    ("Authlib + Flask", 18.0),
    ("DRF, token", 15.0),
    ("FastAPI + ORM", 30.0),
)

TARGETS = (
    Target("R1, SQLite, of the bare server", _R1, (cells.BARE, ""), 0.60),
    Target("R2, SQLite, of the bare server", _R2, (cells.BARE, ""), 0.42),
    Target("W2, SQLite, of the group commit", _W2, (cells.COMMITS, SQLITE), 0.40),
    Target(
        "W2 p99, two processes on a file, of one",
        (RATING_AT_RATE, SQLITE + TWO),
        (RATING_AT_RATE, SQLITE),
        1.5,
        "p99",
    ),
    Target("R1, PostgreSQL, of pgbench", (R1.name, POSTGRES), (cells.PGBENCH_R1, POSTGRES), 0.9),
    Target("W2, PostgreSQL, of pgbench", (W2.name, POSTGRES), (cells.PGBENCH_W2, POSTGRES), 1.0),
    Target("logins, of bare argon2id", (cells.SIGN_IN, SQLITE), (cells.HASHES, ""), 0.93),
    Target(
        "R1 p99 while 8 logins wait, of without", (cells.WHILE_LOGINS, SQLITE), (ACCOUNT_AT_RATE, SQLITE), 2.0, "p99"
    ),
    *(Target(f"R1, SQLite, of {peer}", _R1, (peer, ""), times) for peer, times in _PEERS),
    Target("W2, SQLite, of FastAPI + ORM", _W2, ("FastAPI + ORM, rating", ""), 25.0),
)


def judged(found: Found) -> list[dict[str, Any]]:
    """Each promise whose cells were measured, with what it is; then the memory of an idle server."""
    known = {(cell.name, cell.engine): cell for cell in found.cells}
    kept = [
        _row(target, known[target.above], known[target.beneath])
        for target in TARGETS
        if target.above in known and target.beneath in known
    ]
    idle = found.memory.get(f"Admit One, {SQLITE}")
    if idle:
        words = "one worker idle, MB"
        met = idle["idle"] < IDLE_MB
        kept.append(
            {"words": words, "is": idle["idle"], "limit": IDLE_MB, "at_least": False, "met": met, "by_cpu": None}
        )
    return kept


def ratio(above: Cell, beneath: Cell, figure: Callable[[Seen], float]) -> float:
    """The median of the ratios within each turn: the machine changes between them."""
    return median(figure(one) / figure(other) for one, other in zip(above.turns, beneath.turns, strict=True))


def rate(seen: Seen) -> float:
    """Answers a second."""
    return seen.answers / seen.seconds


def cpu(seen: Seen) -> float:
    """The server's processor time for an answer, in microseconds; less than a tick counts as half a tick."""
    return max(seen.cpu_s.get("server", 0.0), TICK_S / 2) / max(1, seen.answers) * 1e6


def p99(seen: Seen) -> float:
    """The wait that 1 answer in 100 exceeds, in milliseconds."""
    return max(SHORTEST_MS, seen.p99_ms)


_FIGURES: dict[str, Callable[[Seen], float]] = {"rate": rate, "p99": p99}


def lines(rows: Sequence[dict[str, Any]]) -> list[str]:
    """The same for people."""
    return [
        f"{row['words']:44}{_short(row['is']):>8}   {'≥' if row['at_least'] else '≤'} {_short(row['limit']):<6}"
        f"{_by_cpu(row)}{'' if row['met'] else 'missed'}".rstrip()
        for row in rows
    ]


def _by_cpu(row: dict[str, Any]) -> str:
    return f"by CPU {_short(row['by_cpu']):<8}" if row["by_cpu"] else " " * 15


def _short(number: float) -> str:
    return f"{number:.2f}" if number < 10 else f"{number:.0f}"


def _row(target: Target, above: Cell, beneath: Cell) -> dict[str, Any]:
    value = ratio(above, beneath, _FIGURES[target.of])
    # What the other programs of a busy machine leave alone; of PostgreSQL's own figures there are two processes' parts.
    alike = target.of == "rate" and POSTGRES not in (above.engine, beneath.engine) and beneath.name != cells.HASHES
    by_cpu = round(ratio(beneath, above, cpu), 3) if alike else None
    met = value >= target.limit if target.at_least else value <= target.limit
    return {
        "words": target.words,
        "is": round(value, 3),
        "limit": target.limit,
        "at_least": target.at_least,
        "met": met,
        "by_cpu": by_cpu,
    }
