"""This file calls a sandbox's control plane, with nothing but the standard library."""

import json
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

PATIENCE_S = 60.0


class SandboxError(Exception):
    """A call of the control plane that was refused: the word for programs is `error`, 0 stands for no answer at all."""

    def __init__(self, status: int, error: str, detail: str) -> None:
        """See the class."""
        super().__init__(f"{error}: {detail}")
        self.status = status
        self.error = error
        self.detail = detail


class Control:
    """The control plane at an address like http://127.0.0.1:8000; each call has a connection of its own."""

    def __init__(self, url: str) -> None:
        """Nothing is called yet. Raises ValueError for what is no such address."""
        self.url = url.rstrip("/")
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"a sandbox is at an address like http://127.0.0.1:8000, not at {url!r}")
        self._connection = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._place = parts.netloc

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """What `/sandbox` and the path answer, for a body that is sent as JSON. Raises SandboxError."""
        return json.loads(self.text(method, path, None if body is None else json.dumps(body)))

    def text(self, method: str, path: str, content: str | None = None) -> str:
        """The same to the letter, both ways. Raises SandboxError."""
        connection = self._connection(self._place, timeout=PATIENCE_S)
        try:
            body = None if content is None else content.encode()
            connection.request(method, f"/sandbox{path}", body, {"Content-Type": "application/json"})
            response = connection.getresponse()
            status, text = response.status, response.read().decode("utf-8", "replace")
        except (OSError, HTTPException) as error:
            raise SandboxError(0, "unreachable", f"no sandbox answers at {self.url} ({error})") from error
        finally:
            connection.close()
        try:
            answer = json.loads(text)
        except ValueError:
            answer = None
        if status >= 400 or answer is None:
            told = answer if isinstance(answer, dict) and "error" in answer else {}
            detail = told.get("detail", f"{method} /sandbox{path} answered {status}; is this a sandbox?")
            raise SandboxError(status, told.get("error", "unknown"), detail)
        return text
