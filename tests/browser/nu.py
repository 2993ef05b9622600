"""Keeps every page that a stage serves, and asks the Nu HTML checker about all of them at once."""

import json
import re
import shutil
import subprocess
from collections.abc import Awaitable, Callable, MutableMapping
from hashlib import sha256
from pathlib import Path
from typing import Any

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Any, Send], Awaitable[None]]

JAR = Path(__file__).parent / "nu/node_modules/vnu-jar/build/dist/vnu.jar"
# What two looks at one page differ in.
DRAWN = re.compile(rb'value="[^"]*"|data-options="[^"]*"|datetime="[^"]*"|[0-9a-f]{20,}|\d+|<path d="[^"]*')


class Pages:
    """A folder of pages, each kind of page once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir()

    def __len__(self) -> int:
        return len(list(self._folder.iterdir()))

    def of(self, app: App) -> App:
        """The same application, whose pages are kept."""

        async def keeping(scope: Message, receive: Any, send: Send) -> None:
            body: list[bytes] = []
            kind: list[bytes] = []

            async def pass_on(message: Message) -> None:
                if message["type"] == "http.response.start":
                    kind.extend(value for name, value in message["headers"] if name == b"content-type")
                body.append(message.get("body", b""))
                await send(message)

            await app(scope, receive, pass_on)
            if kind and kind[0].startswith(b"text/html"):
                self.keep(b"".join(body))

        return keeping

    def keep(self, page: bytes) -> None:
        """Keep a page, unless one like it is there."""
        if page:
            name = sha256(DRAWN.sub(b"", page)).hexdigest()[:16]
            (self._folder / f"{name}.html").write_bytes(page)

    def complaints(self) -> list[str]:
        """Every error that the checker finds in them."""
        java = shutil.which("java")
        assert java, "the Nu HTML checker needs Java: scripts/browser installs it"
        assert JAR.exists(), "scripts/node installs the Nu HTML checker"
        command = [java, "-Xss2m", "-XX:+UseSerialGC", "-jar", str(JAR), "--format", "json", "--exit-zero-always"]
        done = subprocess.run([*command, str(self._folder)], check=True, capture_output=True, text=True)
        found = json.loads(done.stderr)["messages"]
        errors = (each for each in found if each["type"] != "info")
        return sorted({f"{each['message']} in {each.get('extract', '')!r}" for each in errors})
