"""This file reads tables as spreadsheets and services write them: any usual encoding, separator and line end."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from admitone.model.faults import Fault, Refused
from admitone.model.lists import allowed
from admitone.model.media import LARGEST_ID
from admitone.model.records.entries import MOST_ENTRIES, File

SEPARATORS = (",", ";", "\t")
IMDB_ID = re.compile(r"tt\d{1,12}")
NUMBER = re.compile(r"\d{1,12}")
RATING = re.compile(r"(\d{1,2})(?:[.,](\d{1,3}))?")
INSTANT = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?)?\s*(?:Z|UTC|[+]00:?00)?", re.ASCII
)
# As IMDb wrote them until 2018: Sun Mar  1 00:00:00 2015.
SPELT = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d{2}:\d{2}:\d{2}) (\d{4})", re.ASCII)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
LONGEST_TITLE = 300
# Of one reading. A file of many people's ratings has more lines than entries are taken from it.
MOST_ROWS = 3 * MOST_ENTRIES


class Row(NamedTuple):
    """A line of a table: its number, its cells, and where each column stands, by its name in small letters."""

    line: int
    cells: list[str]
    columns: dict[str, int]

    def get(self, *names: str) -> str:
        """The first of these cells that says something."""
        return next((text for name in names if (text := self._cell(name))), "")

    def _cell(self, name: str) -> str:
        at = self.columns.get(name, len(self.cells))
        return self.cells[at].strip() if at < len(self.cells) else ""


class Table(NamedTuple):
    """A table: the names of its columns, and its lines."""

    columns: frozenset[str]
    rows: list[Row]
    broken: tuple[int, ...] = ()


def text_of(file: File) -> str:
    """What a file says: UTF-8 or UTF-16 by its mark, else UTF-8, else what Windows writes."""
    content = file.content
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def read_table(text: str, first_line: int = 1) -> Table:
    """Read a table whose first line names its columns; lines that cannot be read are told by their numbers.

    Raises RECORDS_TOO_LARGE.
    """
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))
    columns: dict[str, int] = {}
    rows: list[Row] = []
    broken: list[int] = []
    for line, cells in _numbered(lines, first_line):
        if cells is None:
            broken.append(line)
        elif not columns:
            columns = {cell.strip().strip("\ufeff").lower(): at for at, cell in enumerate(cells)}
        elif any(cells):
            rows.append(Row(line, cells, columns))
        if len(rows) + len(broken) > MOST_ROWS:
            raise Refused(Fault.RECORDS_TOO_LARGE)
    return Table(frozenset(columns), rows, tuple(broken))


def number(text: str) -> int:
    """A positive number that can name a title, season or year; 0 for anything else."""
    text = text.strip().removesuffix(".0")
    found = int(text) if NUMBER.fullmatch(text) and text.isascii() else 0
    return found if found <= LARGEST_ID else 0


def imdb_id(text: str) -> str:
    """An IMDb number with its letters, also from one without (MovieLens) or from an address; empty for none."""
    if found := IMDB_ID.search(text):
        return found[0]
    return f"tt{text.strip().zfill(7)}" if NUMBER.fullmatch(text.strip()) and text.strip().isascii() else ""


def halves(text: str, best: int) -> int:
    """A rating in half points of ten, given on a scale up to `best`; 0 for what is no half point of ours."""
    found = RATING.fullmatch(text.strip())
    if not found or not text.isascii():
        return 0
    given, over = divmod(int(found[1] + (found[2] or "").ljust(3, "0")) * 20, best * 1000)
    return given if not over and 1 <= given <= 20 else 0


def instant(text: str) -> int:
    """An instant in UTC milliseconds, of a day its beginning; 0 for what is none."""
    found = INSTANT.fullmatch(_figures(text.strip()))
    if not found:
        return 0
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    try:
        moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return 0
    return max(0, int(moment.timestamp()) * 1000 + int((found[7] or "0").ljust(3, "0")[:3]))


def title(text: str) -> str:
    """A title on one line, not longer than any is, without what no text may hold."""
    return " ".join(allowed(" ".join(text.split())).split())[:LONGEST_TITLE]


def _figures(text: str) -> str:
    """An instant in figures, if it is one whose month is spelt."""
    found = SPELT.fullmatch(text)
    if not found or found[1] not in MONTHS:
        return text
    return f"{found[4]}-{MONTHS.index(found[1]) + 1:02}-{found[2]:0>2} {found[3]}"


def _numbered(lines: Iterator[list[str]], first_line: int) -> Iterator[tuple[int, list[str] | None]]:
    """The lines with their numbers, None for one that is no line of a table."""
    line = first_line - 1
    while True:
        line += 1
        try:
            yield line, next(lines)
        except csv.Error:
            yield line, None
        except StopIteration:
            return


def _separator(text: str) -> str:
    head = text.lstrip("\ufeff\r\n ").split("\n", 1)[0]
    return max(SEPARATORS, key=head.count)
