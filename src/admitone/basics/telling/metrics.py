"""This file counts what this process does, for Prometheus. No label names a person, an app, a title or an address.

Nothing is counted with a request before `begin`: what nobody reads should cost nothing.
"""

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
)

REGISTRY = CollectorRegistry()
# In seconds, from what a read in memory takes to what nobody waits for.
_QUICK = (0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
_BATCHES = (1, 2, 4, 8, 16, 32, 64, 128, 256)

REQUESTS = Histogram(
    "admitone_request_seconds",
    "Answers, and how long they took.",
    ["route", "status"],
    buckets=_QUICK,
    registry=REGISTRY,
)
REFUSALS = Counter("admitone_refusals", "Refusals, by their true reason.", ["fault"], registry=REGISTRY)
IN_PROGRESS = Gauge("admitone_requests_in_progress", "Requests that wait for their answer.", registry=REGISTRY)
TURNED_AWAY = Counter("admitone_turned_away", "Requests refused because more was asked than fits.", registry=REGISTRY)
ROOM = Gauge(
    "admitone_room", "Requests that may be under way at once before others are turned away.", registry=REGISTRY
)
UNREADABLE = Counter("admitone_unreadable", "What came and was no request that this server reads.", registry=REGISTRY)
COMMITS = Histogram(
    "admitone_commit_seconds", "Commits, and how long the disk took.", buckets=_QUICK, registry=REGISTRY
)
BATCHES = Histogram(
    "admitone_commit_flows",
    "How many flows went into one commit, where they share it.",
    buckets=_BATCHES,
    registry=REGISTRY,
)
CONNECTION_WAITS = Histogram(
    "admitone_connection_wait_seconds", "How long flows waited for a connection.", buckets=_QUICK, registry=REGISTRY
)
HASHING = Gauge("admitone_hashing_passwords", "Passwords that are hashed or wait for it.", registry=REGISTRY)
SWEPT = Counter("admitone_swept_rows", "Expired rows that this process removed.", registry=REGISTRY)
OLDEST_EXPIRED = Gauge(
    "admitone_oldest_expired_seconds",
    "For how long the oldest expired row of each kind could have been removed, when this process last looked.",
    ["rows"],
    registry=REGISTRY,
)

_counting = False


def begin() -> None:
    """Count requests from now on, and tell of the process itself."""
    global _counting  # noqa: PLW0603 - one process, one registry
    if not _counting:
        _counting = True
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=REGISTRY)


def came() -> None:
    """A request came."""
    if _counting:
        IN_PROGRESS.inc()


def went() -> None:
    """Whoever asked has an answer, or is gone."""
    if _counting:
        IN_PROGRESS.dec()


def answered(route: str, status: int, milliseconds: float, fault: str | None) -> None:
    """A request has its answer; `route` is a template of a route table, never the path that came."""
    if not _counting:
        return
    REQUESTS.labels(route, str(status)).observe(milliseconds / 1000)
    if fault is not None:
        REFUSALS.labels(str(fault)).inc()
