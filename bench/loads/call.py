"""This file is one call, as the bytes of it. It knows nothing of ours, so that a load starts quickly."""

from collections.abc import Mapping
from dataclasses import dataclass, field

PASSWORD = "not much of a secret, but long"


@dataclass(frozen=True, slots=True)
class Call:
    """One request, whole."""

    target: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""

    def raw(self, port: int | None = None) -> str:
        """The request as it goes over the line, one byte a character; browsers name the port."""
        host = f"127.0.0.1:{port}" if port else "127.0.0.1"
        headers = {"Host": host, "User-Agent": "bench", "Accept": "application/json", **self.headers}
        if self.body:
            headers["Content-Length"] = str(len(self.body))
        lines = [f"{self.method} {self.target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        return "\r\n".join([*lines, "", self.body])
