"""This file keeps the house's secret keys in one file apart from the database, never in it."""

import errno
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple, Self

from admitone.basics.entropy import Entropy, SystemEntropy

_KEY_BYTES: Final = 32
_NEWEST_NUMBER: Final = 255  # the number of a key is one byte of every digest
_LARGEST: Final = 64 * 1024  # bytes that a ring can reasonably have
_FOR_OTHERS: Final = 0o077  # permissions of group and world
_NO_HARD_LINKS: Final = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS}


class KeyRingError(Exception):
    """The key ring cannot be used; the message is a sentence for the operator and holds no key."""


class Key(NamedTuple):
    """A secret of 32 bytes and the number (1 to 255) by which digests name it."""

    number: int
    secret: bytes


class KeyRing:
    """The house's keys, newest first. New digests use the newest; older ones are still recognised."""

    def __init__(self, keys: Sequence[Key]) -> None:
        """Hold `keys`, newest first; raises KeyRingError if they cannot make a ring."""
        numbers = {key.number for key in keys}
        if not keys or len(numbers) != len(keys):
            raise KeyRingError("A key ring needs at least one key, and no two with the same number.")
        if not all(1 <= key.number <= _NEWEST_NUMBER and len(key.secret) == _KEY_BYTES for key in keys):
            raise KeyRingError("Each key of a ring has a number from 1 to 255 and 32 bytes as 64 hex digits.")
        self.keys = tuple(keys)

    def __repr__(self) -> str:
        return f"KeyRing({len(self.keys)} keys)"

    @classmethod
    def new(cls, entropy: Entropy | None = None) -> Self:
        """Return a ring with one fresh key, kept nowhere: for tests and the sandbox."""
        return cls([Key(1, (entropy or SystemEntropy()).bytes(_KEY_BYTES))])

    @classmethod
    def load(cls, path: Path) -> Self:
        """Return the ring in the file at `path`. Raises KeyRingError, also when there is none."""
        try:
            return cls(_read(path))
        except FileNotFoundError:
            raise KeyRingError(
                f"The key ring {path} is not there, but this database has been in use with one. Name its file in "
                "key_ring or restore it from a backup: by another ring no session, token and key would be recognised."
            ) from None
        except OSError as error:
            raise KeyRingError(f"The key ring {path} cannot be read: {error.strerror or error}.") from error

    @classmethod
    def load_or_make(cls, path: Path, entropy: Entropy | None = None) -> Self:
        """Return the ring in the file at `path`, which is made, for its owner's eyes only, if there is none.

        Processes that start at once agree on one ring. Raises KeyRingError.
        """
        try:
            if not path.exists():
                _place(path, _written(cls.new(entropy)), entropy or SystemEntropy())
            return cls(_read(path))
        except OSError as error:
            raise KeyRingError(f"The key ring {path} cannot be read or made: {error.strerror or error}.") from error


def _written(ring: KeyRing) -> bytes:
    keys = [{"id": key.number, "key": key.secret.hex()} for key in ring.keys]
    return json.dumps({"keys": keys}, indent=2).encode() + b"\n"


def _place(path: Path, content: bytes, entropy: Entropy) -> None:
    """Put a whole file at `path`, unless somebody else has put one there in the meantime."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{entropy.hex(8)}")
    _write_new(draft, content)
    try:
        # A link, unlike a rename, never replaces: of several processes the first wins and the others read its ring.
        os.link(draft, path)
        _settle(path.parent)
    except FileExistsError:
        pass
    except OSError as error:
        if error.errno not in _NO_HARD_LINKS:
            raise
        _write_new_unless_there(path, content)
    finally:
        draft.unlink()


def _write_new(path: Path, content: bytes) -> None:
    """Write a file that was not there, wholly or not at all."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            path.unlink()
            raise


def _write_new_unless_there(path: Path, content: bytes) -> None:
    """Write without links: a process that looks during these microseconds finds half a ring and says so."""
    try:
        _write_new(path, content)
    except FileExistsError:
        return


def _settle(folder: Path) -> None:
    """Make the folder's new entry outlive a loss of power: what a lost ring digested is never matched again."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _read(path: Path) -> list[Key]:
    with path.open("rb") as file:
        mode = os.fstat(file.fileno()).st_mode
        if mode & _FOR_OTHERS:
            raise KeyRingError(
                f"The key ring {path} can be read or changed by others (mode {mode & 0o777:03o}). "
                f"If nobody has seen it, run: chmod 600 {path}"
            )
        content = file.read(_LARGEST)
    try:
        return [_key(entry) for entry in json.loads(content)["keys"]]
    except (ValueError, KeyError, TypeError, RecursionError):
        # The cause is left out: its text could quote a key.
        raise KeyRingError(
            f'The key ring {path} is not whole: it is JSON like {{"keys": [{{"id": 1, "key": "64 hex digits"}}]}}, '
            "newest key first. Restore it from a backup; a new ring would end every session."
        ) from None


def _key(entry: Any) -> Key:
    number, secret = entry["id"], bytes.fromhex(entry["key"])
    if type(number) is not int:
        raise TypeError
    return Key(number, secret)
