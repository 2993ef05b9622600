"""How large the attacks are that tests play: small with `make test`, whole when ADMITONE_THREATS=whole asks for it."""

import os

WHOLE = os.environ.get("ADMITONE_THREATS") == "whole"


def size(whole: int, small: int) -> int:
    """As many as the threat model names, or as many as a usual run has time for."""
    return whole if WHOLE else small
