"""This file serves the stylesheet, the script and the icon under names that hold a digest of their content."""

import hashlib
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from admitone.model.faults import Fault, Refused

FOLDER = Path(__file__).parent / "static"
TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
# The name changes with the content, so an answer never grows old.
FOREVER = "public, max-age=31536000, immutable"


class Assets:
    """Every file of `static/`, read once; its address is `/static/NAME.DIGEST.TYPE`."""

    def __init__(self) -> None:
        self._files: dict[str, tuple[bytes, str]] = {}
        self._names: dict[str, str] = {}
        for path in sorted(FOLDER.iterdir()):
            content = path.read_bytes()
            name = f"{path.stem}.{hashlib.sha256(content).hexdigest()[:12]}{path.suffix}"
            self._files[name] = (content, TYPES[path.suffix])
            self._names[path.name] = f"/static/{name}"

    def address(self, name: str) -> str:
        """The path under which the file `name` is served."""
        return self._names[name]

    def serve(self, request: Request) -> Response:
        """GET /static/{name}: the file, to be kept for a year."""
        found = self._files.get(request.path_params["name"])
        if found is None:
            raise Refused(Fault.ROUTE_UNKNOWN)
        return _file(*found, FOREVER)

    def icon(self, _request: Request) -> Response:
        """GET /favicon.ico, for browsers that look there whatever the page says."""
        content, kind = self._files[self._names["icon.svg"].removeprefix("/static/")]
        return _file(content, kind, "public, max-age=86400")


def robots(_request: Request) -> Response:
    """GET /robots.txt: nothing here is for search engines."""
    return Response("User-agent: *\nDisallow: /\n", media_type="text/plain")


def _file(content: bytes, kind: str, lasting: str) -> Response:
    return Response(content, headers={"content-type": kind, "cache-control": lasting})
