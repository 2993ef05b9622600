"""This file packs rows into a ZIP of JSON and CSV on disk, however many there are, off the event loop."""

import asyncio
import csv
import io
import json
import re
import shutil
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from typing import IO, Any

from admitone.model.records.own import FORMAT, MARK

PART = 256 * 1024
IN_MEMORY = 1024 * 1024
# Before what spreadsheets would take for a formula, at the beginning of a cell. Where people write numbers with a comma
# they begin another cell after each semicolon, and take a quotation mark within a line for a letter.
STARTS = r"=+\-@\uff1d\uff0b\uff0d\uff20"
FORMULA = re.compile(rf"^(?=[{STARTS}\t\r\n])|(?<=[;\t\r\n])(?=[{STARTS}])")
README = """Everything that Admit One keeps about you.

Each kind of thing is here twice: as JSON for programs, exact, and as CSV for spreadsheets.
Instants are milliseconds since 1970-01-01 00:00 UTC; ratings go from 0.5 to 10.
Ratings, favourites, the watchlist and lists can be brought into an account with the very same archive.
"""


class Packing:
    """An archive being made; every method that takes long runs in a thread."""

    def __init__(self) -> None:
        """Begin an empty archive in a temporary file."""
        self._file: IO[bytes] = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - lives as long as the archive
        self._sheets: dict[str, _Sheet] = {}

    async def add(self, name: str, kind: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Add rows to a file of this name, which holds rows of this kind."""
        await asyncio.to_thread(self._add, name, kind, rows)

    def close(self) -> int:
        """Write the archive; its size in bytes."""
        with zipfile.ZipFile(self._file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("README.txt", README)
            for name, sheet in self._sheets.items():
                sheet.close()
                for ending, source in (("json", sheet.json), ("csv", sheet.csv)):
                    with archive.open(f"{name}.{ending}", "w") as member:
                        shutil.copyfileobj(source, member)
        return self._file.tell()

    def part(self, number: int) -> bytes:
        """A piece of the archive that was written; empty behind its end."""
        self._file.seek(number * PART)
        return self._file.read(PART)

    def throw_away(self) -> None:
        """Remove every temporary file."""
        self._file.close()
        for sheet in self._sheets.values():
            sheet.json.close()
            sheet.csv.close()

    def _add(self, name: str, kind: str, rows: Sequence[Mapping[str, Any]]) -> None:
        if name not in self._sheets:
            self._sheets[name] = _Sheet(kind)
        for row in rows:
            self._sheets[name].add(row)


class _Sheet:
    """Rows of one kind, in both forms."""

    def __init__(self, kind: str) -> None:
        self.json: IO[bytes] = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed by `throw_away`
        self.csv: IO[bytes] = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed by `throw_away`
        head = json.dumps({"format": MARK, "version": FORMAT, "kind": kind})
        self.json.write(head[:-1].encode() + b', "rows": [')
        self._first = True

    def add(self, row: Mapping[str, Any]) -> None:
        self.json.write((b"\n" if self._first else b",\n") + json.dumps(row, ensure_ascii=False).encode())
        flat = list(_flat(row))
        lines = flat if not self._first else [dict.fromkeys(flat[0]), *flat] if flat else []
        text = io.StringIO(newline="")
        writer = csv.writer(text)
        if lines and not self._first:
            writer.writerows([_cell(value) for value in line.values()] for line in lines)
        elif lines:
            writer.writerow(lines[0])
            writer.writerows([_cell(value) for value in line.values()] for line in lines[1:])
        self.csv.write(text.getvalue().encode())
        self._first = False

    def close(self) -> None:
        self.json.write(b"\n]}\n")
        self.json.seek(0)
        self.csv.seek(0)


def _flat(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A row as lines of a table: one for each thing on a list, or one for a list with nothing on it."""
    items = row.get("items")
    if not isinstance(items, list):
        return [dict(row)]
    about = {f"list_{name}": value for name, value in row.items() if name != "items"}
    empty = dict.fromkeys(("type", "tmdb_id", "imdb_id", "title", "year", "at"), "")
    return [{**about, **item} for item in items] or [{**about, **empty}]


def _cell(value: Any) -> Any:
    return FORMULA.sub("'", value) if isinstance(value, str) else value
