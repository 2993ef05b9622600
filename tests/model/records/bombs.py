"""Archives that are small themselves and unpack to too much, each in another way."""

import struct

from admitone.model.records import archives, tables
from tests.model.records.samples import archive


def bomb() -> bytes:
    return archive({f"{number}/ratings.csv": b"\0" * (archives.LARGEST_FILE - 1) for number in range(4)})


def endless() -> bytes:
    return archive({"ratings.csv": b"a" * (archives.LARGEST_FILE + 1)})


def rows() -> bytes:
    return archive({f"{number}.csv": "x\n" + "1\n" * (archives.LARGEST_FILE // 2 - 1) for number in range(3)})


def cells() -> bytes:
    return archive({f"{number}.csv": "x\n" + "," * (archives.LARGEST_FILE - 2) for number in range(3)})


def groups() -> bytes:
    return archive({"x.json": "[" + "{}," * (archives.LARGEST_FILE // 3 - 1) + "1]"})


def values() -> bytes:
    return archive({"x.json": "[" + "1," * (archives.LARGEST_FILE // 2 - 1) + "1]"})


def listed() -> bytes:
    return archive({"x.csv": "Letterboxd list export v7" + "\n" * (tables.MOST_ROWS + 1)})


def crowd() -> bytes:
    return archive({f"{number}.csv": "" for number in range(archives.MOST_FILES + 1)})


def directory() -> bytes:
    return archive({f"{'x' * 100}{number}.txt": "" for number in range(6_000)})


def directory_told_twice() -> bytes:
    """Says at its end that the directory is empty, and before that, where ZIP64 says so, how large it is."""
    content = directory()
    at = content.rindex(b"PK\x05\x06")
    _, _, _, _, count, size, start, _ = struct.unpack("<4s4H2LH", content[at:])
    told = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, start)
    where = struct.pack("<4sLQL", b"PK\x06\x07", 0, at, 1)
    return content[:at] + told + where + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0, 0, 0, 0, 0)


MADE = [bomb, endless, rows, cells, groups, values, listed, crowd, directory, directory_told_twice]
