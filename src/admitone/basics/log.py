"""This file writes the log: one line for each thing that happened, with no secret in it.

Redaction sits below everything, just before a line is written: our own events, exceptions and what libraries log all
pass through it (security.md S2). Request ids stay readable because they are shorter than any secret.
"""

import asyncio
import contextlib
import json
import logging
import re
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import lru_cache
from itertools import islice
from typing import Any, Final, NamedTuple, TextIO, cast

import msgspec
import structlog
from structlog.typing import Processor

from admitone.basics.clock import Clock
from admitone.basics.telling import metrics
from admitone.basics.telling.strangers import Strangers

HIDDEN: Final = "[hidden]"

_SHORTEST_SECRET: Final = 32  # characters
_MOST_NAMES: Final = 20  # of query parameters in one line
_LONGEST_NAME: Final = 40
_DEEPEST: Final = 6  # levels of lists and mappings in an event
_MOST_KEPT: Final = 256  # lines that wait to be written together
_SERVER_ERROR: Final = 500
_MOST_TRACED: Final = 200  # lines of what is told of an exception and those behind it

_SECRET_WORDS: Final = r"pass(?:word|wd|phrase)|secret|token|api[_-]?key|session_?id|authorization|cookie|csrf|verifier"
_SECRET_FIELD: Final = re.compile(rf"(?:{_SECRET_WORDS})s?$|^(?:code|otp|pin)$", re.IGNORECASE)
# In running text: name=value, name: value, "name": "a value", also with escaped quotes.
_NAMED_VALUE: Final = re.compile(
    rf"""((?:{_SECRET_WORDS})s?\\*["']?\s*[=:]\s*)(\\*"[^"]*"|\\*'[^']*'|[^\s&,;)\]}}]+)""", re.IGNORECASE
)
_HEADER: Final = re.compile(r"\b((?:set-)?cookie\s*:|(?:bearer|basic)\s)[^\r\n\"']+", re.IGNORECASE)
_ADDRESS_WITH_PASSWORD: Final = re.compile(r"(://[^/\s:@]*:)[^/\s@]+@")
_HASH: Final = re.compile(r"\$argon2[^\s\"']+")
_DOTTED_RUN: Final = re.compile(r"[A-Za-z0-9_.-]{12,}")
_LONG_RUN: Final = re.compile(r"[A-Za-z0-9_-]{32,}")
_DENSE_RUN: Final = re.compile(r"[A-Za-z0-9]{32,}")
_HEX_LETTERS: Final = re.compile(r"[A-Fa-f]{32,}")

# Nothing can be a secret, by the patterns above, in a text without any of these.
_SUSPICIOUS: Final = re.compile(r"[=:$]|eyJ|[A-Za-z0-9_-]{32}|(?:[Bb]earer|[Bb]asic|BEARER|BASIC)\s")


_encode = msgspec.json.Encoder().encode


class _Alike(NamedTuple):
    """What the lines of many answered requests say alike."""

    method: str
    route: str
    status: int
    app_id: int | None
    fault: str | None
    query: tuple[str, ...]


class _Requests:
    """The lines of answered requests: one with every answer, so without the steps that they do not need."""

    def __init__(self, stream: "_Stream", clock: Clock, lowest: int, *, as_json: bool) -> None:
        self._stream = stream
        self._clock = clock
        self._as_json = as_json
        self._silent = {level for level in (logging.INFO, logging.ERROR) if level < lowest}

    def write(self, alike: _Alike, request_id: str, milliseconds: float) -> None:
        if (logging.ERROR if alike.status >= _SERVER_ERROR else logging.INFO) in self._silent:
            return
        at = _stamp(self._clock)
        if self._as_json and request_id.isalnum() and request_id.isascii():
            own = f'{{"request_id":"{request_id}","milliseconds":{milliseconds:.2f},"at":"{at}",'
            line = own + _told_alike(alike)
        else:
            event = {"request_id": request_id, "milliseconds": round(milliseconds, 2), "at": at, **_event(alike)}
            line = (_as_json if self._as_json else _as_words)(None, "", event)
        self._stream.later(line + "\n")

    def flush(self) -> None:
        self._stream.flush()


def _event(alike: _Alike) -> dict[str, Any]:
    """What a line says, without what it says alone. Only what a client can choose is looked through for secrets."""
    method, route, status, app_id, fault, query = alike
    event: dict[str, Any] = {
        "event": "request",
        "level": "error" if status >= _SERVER_ERROR else "info",
        "method": redact(method),
        "route": route,
        "status": status,
    }
    if app_id is not None:
        event["app_id"] = app_id
    if fault is not None:
        event["fault"] = str(fault)
    if query:
        event["query"] = [redact(name) for name in query]
    return event


@lru_cache(1024)
def _told_alike(alike: _Alike) -> str:
    """The same as JSON without the brace before it: clients ask the same again and again."""
    return _as_json(None, "", _event(alike))[1:]


_requests: _Requests | None = None

# Told of the answered request: its route, app and fault.
Watcher = Callable[[str, int | None, str | None], None]
_watcher: ContextVar[Watcher | None] = ContextVar("watcher", default=None)


class Answered(NamedTuple):
    """A request that has its answer; `route` is a template, and nothing here is anybody's secret."""

    method: str
    route: str
    status: int
    milliseconds: float
    fault: str | None
    traceparent: str  # whose part it is, as its sender says (W3C Trace Context); empty for nobody's


Listener = Callable[[Answered], None]
_listener: Listener | None = None


def set_up(stream: TextIO, clock: Clock, *, as_json: bool, level: str = "info", linger_s: float = 0) -> None:
    """Send every log line of this process to `stream`: as JSON for programs, or as words for a person at a terminal.

    Takes over what uvicorn and other libraries log, and switches uvicorn's access log off: it would show query strings.
    Lines of answered requests may wait `linger_s` to be written together; any other goes out at once, after them.
    """
    global _requests  # noqa: PLW0603 - one process has one log
    into = _Stream(stream, linger_s)
    stream = cast("TextIO", into)
    lowest = logging.getLevelNamesMapping()[level.upper()]
    render = _as_json if as_json else _as_words
    ending: list[Processor] = [
        _stamped(clock),
        structlog.processors.format_exc_info,
        redact_event,
        render,
    ]
    structlog.configure(
        processors=[structlog.processors.add_log_level, *ending],
        wrapper_class=structlog.make_filtering_bound_logger(lowest),
        logger_factory=structlog.WriteLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    _requests = _Requests(into, clock, lowest, as_json=as_json)
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_log_level, structlog.stdlib.add_logger_name],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *ending],
        )
    )
    logging.basicConfig(handlers=[handler], level=max(lowest, logging.INFO), force=True)
    logging.captureWarnings(capture=True)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.asgi"):
        theirs = logging.getLogger(name)
        theirs.handlers.clear()
        theirs.propagate = True
    strangers = logging.getLogger("uvicorn.error")
    strangers.filters[:] = [Strangers(clock)]
    logging.getLogger("uvicorn.access").disabled = True
    logging.getLogger("alembic.runtime.plugins").setLevel(logging.WARNING)  # it tells of every part that it loads


def request_line(  # noqa: PLR0913 - what a line tells
    *,
    request_id: str,
    method: str,
    route: str,
    status: int,
    milliseconds: float,
    app_id: int | None = None,
    fault: str | None = None,
    query_names: Iterable[str] = (),
    traceparent: str = "",
) -> None:
    """Write the line of one answered request; `route` is the template of the route table, never the path that came.

    Nothing is written before `set_up`.
    """
    metrics.answered(route, status, milliseconds, fault)
    if watcher := _watcher.get():
        watcher(route, app_id, fault)
    if _listener:
        _listener(Answered(method[:_LONGEST_NAME], route, status, milliseconds, fault and str(fault), traceparent))
    if _requests is None:
        return
    names = tuple([name[:_LONGEST_NAME] for name in islice(query_names, _MOST_NAMES)])
    alike = _Alike(method[:_LONGEST_NAME], route, status, app_id, fault, names)
    _requests.write(alike, redact(request_id) if len(request_id) >= _SHORTEST_SECRET else request_id, milliseconds)


def flush() -> None:
    """Write what still waits to be written, at the end of a process."""
    if _requests is not None:
        _requests.flush()


@contextlib.contextmanager
def watched(watcher: Watcher) -> Iterator[None]:
    """Tell `watcher` of the request that is answered inside."""
    before = _watcher.set(watcher)
    try:
        yield
    finally:
        _watcher.reset(before)


@contextlib.contextmanager
def told(listener: Listener) -> Iterator[None]:
    """Tell `listener` of every request that this process answers meanwhile."""
    global _listener  # noqa: PLW0603 - one process has one
    _listener = listener
    try:
        yield
    finally:
        _listener = None


def redact(text: str) -> str:
    """Return `text` without the secrets in it, known by their shape (long hex, JWTs) or by the name before them."""
    if not _SUSPICIOUS.search(text):
        return text
    text = _DOTTED_RUN.sub(_hide_dotted_run, text)
    text = _HEADER.sub(rf"\1 {HIDDEN}", text)
    text = _NAMED_VALUE.sub(rf"\1{HIDDEN}", text)
    text = _HASH.sub(HIDDEN, text)
    return _ADDRESS_WITH_PASSWORD.sub(rf"\1{HIDDEN}@", text)


def kinds_and_places(error: BaseException) -> str:
    """Return of what kind an exception is and where it came from, and the same of those behind it; none of its words.

    Its words may quote what a caller sent, and no pattern knows a password.
    """
    lines: list[str] = []
    behind: BaseException | None = error
    while behind is not None and len(lines) < _MOST_TRACED:
        lines += [*traceback.format_tb(behind.__traceback__), f"{type(behind).__qualname__}\n"]
        behind = behind.__cause__ or behind.__context__
    return "".join(lines)


def redact_event(_logger: Any, _method: str, event: Mapping[str, Any]) -> dict[str, Any]:
    """Return an event without secrets, whatever it holds: the last processor before the line is rendered."""
    return {redact(str(name)): _redacted_field(str(name), value, 0) for name, value in event.items()}


class _Stream:
    """A stream that loses lines when they cannot be written: a full disk must not end the requests they tell of.

    What it was given to write later it holds for a moment, so that many lines go out with one write. All that a
    process loses when it is killed are the lines of requests answered in that moment.
    """

    def __init__(self, stream: TextIO, linger_s: float) -> None:
        self._stream = stream
        self._linger_s = linger_s
        self._kept: deque[str] = deque()

    def write(self, text: str) -> None:
        self._write_kept()
        with contextlib.suppress(OSError):
            self._stream.write(text)

    def flush(self) -> None:
        self._write_kept()
        with contextlib.suppress(OSError):
            self._stream.flush()

    def later(self, text: str) -> None:
        self._kept.append(text)
        if not self._linger_s or len(self._kept) >= _MOST_KEPT:
            self.flush()
        elif len(self._kept) == 1:
            asyncio.get_running_loop().call_later(self._linger_s, self.flush)

    def _write_kept(self) -> None:
        kept: list[str] = []
        while self._kept:  # lines may be added by another thread meanwhile
            kept.append(self._kept.popleft())
        if kept:
            with contextlib.suppress(OSError):
                self._stream.write("".join(kept))


def _redacted_field(name: str, value: Any, depth: int) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if _SECRET_FIELD.search(name):
        return HIDDEN
    return _redacted(value, depth)


def _redacted(value: Any, depth: int) -> Any:
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, str):
        return redact(str(value))
    if depth < _DEEPEST and isinstance(value, Mapping):
        return {redact(str(name)): _redacted_field(str(name), inner, depth + 1) for name, inner in value.items()}
    if depth < _DEEPEST and isinstance(value, (list, tuple, set, frozenset)):
        return [_redacted(inner, depth + 1) for inner in value]
    try:
        return redact(repr(value))
    except Exception:  # noqa: BLE001 - the log must not fall over what it is asked to tell
        return f"<{type(value).__name__}>"


def _hide_dotted_run(found: re.Match[str]) -> str:
    run = found[0]
    if "." in run[run.find("eyJ") :] and "eyJ" in run:
        return HIDDEN  # a JWT: JSON in base64url begins like that
    return _LONG_RUN.sub(_hide_long_run, run)


def _hide_long_run(found: re.Match[str]) -> str:
    """Hide what has no words in it: names in program text have underscores between theirs, or no digits."""
    run = found[0]
    is_mixed = not run.islower() and not run.isupper() and _has_digit(run)
    is_dense = any(_has_digit(dense) or _HEX_LETTERS.search(dense) for dense in _DENSE_RUN.findall(run))
    return HIDDEN if is_mixed or is_dense else run


def _has_digit(run: str) -> bool:
    return any(char.isdigit() for char in run)


def _stamped(clock: Clock) -> Callable[[Any, str, Any], Any]:
    def stamp(_logger: Any, _method: str, event: Any) -> Any:
        event["at"] = _stamp(clock)
        return event

    return stamp


def _stamp(clock: Clock) -> str:
    seconds, milliseconds = divmod(clock.now(), 1000)
    return f"{_second(seconds)}.{milliseconds:03}Z"


@lru_cache(2)
def _second(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()[:19]


def _as_json(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> str:
    # Everything but plain ASCII is escaped, so that no viewer can be made to break or reverse a line. The standard
    # library can do that, at six times the cost, and few lines need it.
    try:
        line = _encode(event)
    except (ValueError, OverflowError):
        line = b"\x7f"
    if line.isascii() and b"\x7f" not in line:
        return line.decode()
    return json.dumps(event, separators=(",", ":")).replace("\x7f", "\\u007f")


def _as_words(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> str:
    trace = str(event.pop("exception", ""))
    at, level, what = event.pop("at", ""), event.pop("level", ""), event.pop("event", "")
    words = [str(at)[11:23], f"{level:7}", _escaped(what)]
    words += [f"{_escaped(name)}={_escaped(value)}" for name, value in event.items()]
    lines = [" ".join(words), *(f"    | {_escaped(line)}" for line in trace.splitlines())]
    return "\n".join(lines)


def _escaped(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)
