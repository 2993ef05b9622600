"""This file shows the posters that an operator keeps in a folder, like `movie/603.jpg` (ux.md §7.16)."""

import asyncio
import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from starlette.responses import Response

from admitone.flows.films.shelves import whole
from admitone.model.faults import Fault, Refused
from admitone.model.media import Title
from admitone.pages.films.views import path_of, subject_in
from admitone.pages.forms import Form, asked_for
from admitone.pages.guard import Visitor
from admitone.pages.words import Notice

PATH = "/posters"
# A picture that can run script, like SVG, would do so as a page of ours.
TYPES = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".avif": "image/avif",
}
LARGEST = 2 * 1024 * 1024  # bytes
CHANGED = "at"
# For an address that says when the picture changed.
FOREVER = "private, max-age=31536000, immutable"


async def of(visitor: Visitor, titles: Iterable[Title]) -> dict[str, str]:
    """The addresses of those posters that are there, each by what names its title in addresses."""
    folder, wanted = visitor.site.posters, {path_of(whole(title)) for title in titles}
    return await asyncio.to_thread(_there, folder, wanted) if folder and wanted else {}


async def show(visitor: Visitor, _form: Form, _notice: Notice | None) -> Response:
    """GET /posters/{kind}/{title}: the picture. Raises ROUTE_UNKNOWN, TITLE_UNKNOWN."""
    title = path_of(subject_in(visitor.request))
    found = await asyncio.to_thread(_read, visitor.site.posters, title) if visitor.site.posters else None
    if found is None:
        raise Refused(Fault.ROUTE_UNKNOWN)
    content, kind = found
    lasting = FOREVER if asked_for(visitor.request, CHANGED) else "private, no-cache"
    return Response(content, headers={"content-type": kind, "cache-control": lasting})


def _there(folder: Path, titles: set[str]) -> dict[str, str]:
    found = {}
    for title in titles:
        if (hung := _file(folder, title)) is not None:
            found[title] = f"{PATH}/{title}?{CHANGED}={hung[1].st_mtime_ns:x}"
    return found


def _read(folder: Path, title: str) -> tuple[bytes, str] | None:
    hung = _file(folder, title)
    if hung is None:
        return None
    with suppress(OSError):  # it may be taken away, or not be ours to read
        return hung[0].read_bytes(), TYPES[hung[0].suffix]
    return None


def _file(folder: Path, title: str) -> tuple[Path, os.stat_result] | None:
    for suffix in TYPES:
        file = folder / f"{title}{suffix}"
        with suppress(OSError):
            told = file.stat()
            if stat.S_ISREG(told.st_mode) and told.st_size <= LARGEST:
                return file, told
    return None
