"""This file says what an app is: a registered program that asks people for permission."""

from enum import StrEnum
from typing import NamedTuple

ROTATION_OVERLAP_MS = 24 * 60 * 60 * 1000  # old credentials go on working for a day unless told otherwise
COUNTED = 1_000  # of an app's people; of more nobody is told how many exactly


class AppKind(StrEnum):
    """What sort of program an app is; it decides what its return addresses may look like to people."""

    WEBSITE = "website"
    PHONE = "phone"
    TV = "tv"
    SCRIPT = "script"


class App(NamedTuple):
    """A registered program. `public_id` is 32 hex digits and no secret; instants are UTC milliseconds."""

    id: int
    public_id: str
    name: str
    website: str
    kind: str
    owner_id: int
    owner_name: str
    first_party: int
    accepted: int
    made_at: int
    switched_off_at: int | None
