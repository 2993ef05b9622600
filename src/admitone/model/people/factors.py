"""This file says by what people prove who they are besides their password: codes, passkeys, passwords for apps."""

from typing import NamedTuple

from admitone.model.limits import Limit

# One-time codes (RFC 6238) as every authenticator app knows them.
STEP_S = 30
DIGITS = 6
SECRET_BYTES = 20
# Clocks differ and people are slow: one step before and one after are taken as well.
WINDOW = (0, -1, 1)

# Wrong codes at one account, whoever sends them: 5 in five minutes, 20 an hour, 50 a day (security.md A7).
CODES = (
    Limit("codes", burst=5, interval_ms=60_000),
    Limit("codes-hour", burst=20, interval_ms=180_000),
    Limit("codes-day", burst=50, interval_ms=1_728_000),
)

# No letters or digits that look alike; sixteen of them are 80 bits.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LOOKALIKES = str.maketrans("OIL", "011")
SYMBOLS = 16
GROUP = 4
RECOVERY_CODES = 10
FEW_LEFT = 3

# How long somebody may take between the password and the code, or between a passkey's question and its answer.
HALFWAY_MS = 10 * 60 * 1000
CHALLENGE_BYTES = 32

MOST_PASSKEYS = 20
MOST_APP_PASSWORDS = 50


class Factors(NamedTuple):
    """What an account can be proved with. `authenticator` is 1 when a second step is asked after the password."""

    password: int
    authenticator: int
    passkeys: int
    recovery_codes: int
    app_passwords: int


class Passkey(NamedTuple):
    """A passkey as its owner sees it; `synced` is 1 when its maker keeps copies on other devices."""

    id: int
    name: str
    aaguid: str
    synced: int
    made_at: int
    used_at: int | None


class AppPassword(NamedTuple):
    """A password that only works where an app asks for one; what it is itself is not kept."""

    id: int
    name: str
    made_at: int
    used_at: int | None


def step_of(now: int) -> int:
    """The number of the half minute in which the instant `now` (UTC milliseconds) lies."""
    return now // 1000 // STEP_S


def clean_code(text: str) -> str | None:
    """Six digits out of what was typed, however it was spaced; None for anything else."""
    digits = "".join(char for char in text if not char.isspace() and char != "-")
    return digits if len(digits) == DIGITS and digits.isascii() and digits.isdigit() else None


def drawn(raw: bytes) -> str:
    """A code or password of 80 bits, in groups, out of ten random bytes."""
    number = int.from_bytes(raw, "big")
    letters = "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(SYMBOLS)))
    return "-".join(letters[start : start + GROUP] for start in range(0, SYMBOLS, GROUP))


def clean_drawn(text: str) -> str | None:
    """What `drawn` made, however it was typed: capitals, spaces, dashes and look-alikes do not matter."""
    letters = "".join(char for char in text if not char.isspace() and char != "-").upper().translate(LOOKALIKES)
    if len(letters) != SYMBOLS or any(letter not in ALPHABET for letter in letters):
        return None
    return "-".join(letters[start : start + GROUP] for start in range(0, SYMBOLS, GROUP))
