"""This file says what becomes of imports and archives: their states, and the outcomes of an import's entries."""

from enum import StrEnum
from typing import NamedTuple

from admitone.model.records.entries import Skip

DAY_MS = 24 * 60 * 60 * 1000
KEPT_MS = 7 * DAY_MS
READING_MS = 60 * 60 * 1000
# Whoever works on a job and does not come back for this long is taken to be gone.
LEASE_MS = 30 * 1000
GRACE_MS = 14 * DAY_MS
RESERVED_MS = 90 * DAY_MS


class Task(StrEnum):
    """What a job does."""

    IMPORT = "import"
    EXPORT = "export"


class JobState(StrEnum):
    """How far a job is. An import is read, then shown to be confirmed, then done; an archive is made at once."""

    READING = "reading"
    READY = "ready"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Outcome(StrEnum):
    """What became of an entry. Those of `Skip` are outcomes as well."""

    ADDED = "added"
    CHANGED = "changed"  # ours was older
    KEPT = "kept"  # ours was newer, or the file does not say when
    SAME = "same"


LEFT_OUT = tuple(skip.value for skip in Skip)


class Job(NamedTuple):
    """An import or an archive; `total` and `done` count entries, or bytes of the archive."""

    id: int
    account_id: int
    task: str
    state: str
    origins: str
    shelves: str
    total: int
    done: int
    made_at: int
    expires_at: int


class JobRow(NamedTuple):
    """An entry of an import as it is kept (JSON), and what became of it: empty for nothing yet."""

    number: int
    entry: str
    outcome: str


class Leaving(NamedTuple):
    """An account that its person has deleted: since when, and when it is erased."""

    account_id: int
    username: str
    asked_at: int
    erase_at: int
