"""This file opens what people send: a file, or a ZIP archive of some; bounded, whatever the archive says of itself."""

import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from io import BytesIO

from admitone.model.faults import Fault, Refused
from admitone.model.records.entries import File

MOST_FILES = 1_000
LONGEST_PATH = 1_000
LARGEST_FILE = 16 * 1024 * 1024
LARGEST_TOTAL = 48 * 1024 * 1024
# The directory of an archive is read at once, whatever it lists.
MOST_LISTED = 5 * MOST_FILES
LISTED = b"PK\x01\x02"  # begins each of its entries
KINDS = (".csv", ".json", ".tsv")
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    struct.error,
    NotImplementedError,
    RuntimeError,
)


def opened(sent: Iterable[File]) -> list[File]:
    """The files in what was sent, archives unpacked. Raises RECORDS_TOO_LARGE, RECORDS_BROKEN."""
    room = LARGEST_TOTAL
    found: list[File] = []
    for each in sent:
        for file in _unpacked(each) if each.content[:2] == b"PK" else (each,):
            room -= len(file.content)
            found.append(file._replace(path=file.path[-LONGEST_PATH:]))
            if room < 0 or len(found) > MOST_FILES:
                raise Refused(Fault.RECORDS_TOO_LARGE)
    return found


def _unpacked(archive: File) -> Iterator[File]:
    # Not what it says of its directory: it may say so in two places, and differently (ZIP64).
    if archive.content.count(LISTED) > MOST_LISTED:
        raise Refused(Fault.RECORDS_TOO_LARGE)
    try:
        with zipfile.ZipFile(BytesIO(archive.content)) as opened_archive:
            for member in opened_archive.infolist():
                if _is_wanted(member):
                    yield File(member.filename, _read(opened_archive, member))
    except BROKEN as error:
        raise Refused(Fault.RECORDS_BROKEN, detail=type(error).__name__) from error


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    # Encrypted, or packed in a way whose unpacking takes as much memory as it says itself.
    if member.flag_bits & 1 or member.compress_type not in METHODS:
        raise Refused(Fault.RECORDS_BROKEN, detail="packed in a way we do not unpack")
    with archive.open(member) as file:
        content = file.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise Refused(Fault.RECORDS_TOO_LARGE)
    return content


def _is_wanted(member: zipfile.ZipInfo) -> bool:
    path = member.filename.lower()
    hidden = path.startswith("__macosx/") or path.rpartition("/")[2].startswith(".")
    return path.endswith(KINDS) and not hidden and not member.is_dir()
