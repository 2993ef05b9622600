"""This file says what a session is: the lasting permission of one account to one app."""

from typing import NamedTuple

BYTES = 20  # 40 hex digits
TOUCH_MS = 5 * 60 * 1000  # last use is written at most this often


class Session(NamedTuple):
    """A session as its person sees it; instants UTC milliseconds."""

    id: int
    app_id: int
    app_name: str
    network: str
    made_at: int
    used_at: int
