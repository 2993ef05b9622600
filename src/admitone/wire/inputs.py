"""This file reads what a call brings: query, body and the values in them, as loosely as TMDB does (client rules)."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import parse_qsl

import msgspec

from admitone.model import paging, ratings
from admitone.model.faults import Fault, Refused
from admitone.model.lists import clean_text
from admitone.model.media import LARGEST_ID, MediaType
from admitone.model.paging import Order
from admitone.model.web.queries import PAGE, that_count
from admitone.wire.exchange import Request

Fields: TypeAlias = Mapping[str, Any]
NO_FIELDS: Fields = {}
MOST_APPENDED = 20
APPEND = "append_to_response"
WITH_BODY = {"POST", "PUT", "DELETE"}
LONGEST_PART = 5  # digits of a season or episode number
NOTHING: Any = object()
# Where other servers end a segment and TMDB does not (wire 1.8): no such title, rather than half a path.
NO_DECORATION = {";", "\\", "\N{FULLWIDTH SOLIDUS}"}

_decode_json = msgspec.json.Decoder().decode


class Body(NamedTuple):
    """The fields of a body, or why it has none; `given` says whether there was anything at all."""

    fields: Fields
    fault: Fault | None = None
    given: bool = True


NO_BODY = Body(NO_FIELDS, given=False)


class Told(NamedTuple):
    """What programmers are told of a value: a sentence, its JSON Schema, one that works, how else it is refused.

    We read more loosely than this: a number as text, `1` for true. `in_query` is for what a POST has in its query.
    """

    says: str
    schema: Mapping[str, Any]
    example: Any
    faults: tuple[Fault, ...] = ()
    in_query: bool = False


class Input(NamedTuple):
    """One value that an operation takes.

    `read` turns what came into what the handler gets; `missing` is the fault when nothing came; without it `default`
    stands. `null` is what an explicit null stands for where that differs from nothing.
    """

    name: str
    told: Told
    read: Callable[[Any], Any]
    missing: Fault | None = None
    default: Any = None
    null: Any = NOTHING


def query_fields(query: bytes) -> Fields:
    """The pairs of a query; empty ones and bytes that are not UTF-8 do no harm.

    The first of each name counts, and of pages the last.
    """
    return _pairs(query)


def body_fields(request: Request) -> Body:
    """The fields of a JSON or form body; no body for an empty one, a literal null, or any other content type."""
    if not request.body:
        return NO_BODY
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        return Body(NO_FIELDS, Fault.BODY_ENCODED)
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type == "application/json" or content_type.endswith("+json"):
        found = _json(request.body)
        return Body(_pairs(request.body)) if found.fault and _is_form(request.body) else found
    if content_type == "application/x-www-form-urlencoded":
        return Body(_pairs(request.body))
    kind, comma, _ = content_type.partition(",")
    # Some clients write a comma where the semicolon belongs.
    return body_fields(request._replace(headers={"content-type": kind})) if comma else NO_BODY


def text(name: str, says: str, example: str, *, missing: Fault | None = None, default: str = "") -> Input:
    """A text; a number counts as the text that spells it."""
    told = Told(says, {"type": "string", "minLength": int(missing is not None)}, example, (Fault.PARAMETER_BAD,))
    return Input(name, told, _text, missing, default)


def stored_text(
    name: str, says: str, example: str, longest: int, *, missing: Fault | None = None, default: str = ""
) -> Input:
    """A text that will be kept and shown: no control characters, at most `longest` characters.

    One in which nothing is to be seen is none.
    """
    schema = {"type": "string", "minLength": int(missing is not None), "maxLength": longest}

    def read(value: object) -> str:
        cleaned = clean_text(_text(value), longest)
        if not cleaned and missing is not None:
            raise Refused(missing)
        return cleaned or default

    return Input(name, Told(says, schema, example, (Fault.PARAMETER_BAD,)), read, missing, default)


def flag(name: str, says: str, *, missing: Fault | None = None, default: bool = False) -> Input:
    """A truth value, as JSON has it, or as the texts true and false, or 1 and 0."""
    schema: dict[str, Any] = {"type": "boolean"} | ({} if missing else {"default": default})
    return Input(name, Told(says, schema, True, (Fault.PARAMETER_BAD,)), _flag, missing, default)


def confirmation() -> Input:
    """That what is asked for is meant: whatever is not true says that it is not."""
    told = Told("That it is meant: true.", {"type": "boolean"}, True, (Fault.CONFIRM_MISSING,), in_query=True)
    return Input("confirm", told, _is_true, Fault.CONFIRM_MISSING)


def media_id(name: str, example: int, *, missing: Fault | None = Fault.PARAMETER_MISSING, null: Any = NOTHING) -> Input:
    """The number of a title in a body or query; one too large to be any title's is that of an unknown title."""
    schema = {"type": "integer" if null is NOTHING else ["integer", "null"], "minimum": 0, "maximum": LARGEST_ID}
    told = Told("The number of the title.", schema, example, (Fault.PARAMETER_BAD, Fault.TITLE_UNKNOWN))
    return Input(name, told, _media_id, missing, null=null)


def media_type() -> Input:
    """Film or series."""
    told = Told("Film or series.", _one_of(MediaType), MediaType.MOVIE, (Fault.PARAMETER_BAD,))
    return Input("media_type", told, _media_type, Fault.PARAMETER_MISSING)


def word(name: str, says: str, words: type[StrEnum], fault: Fault) -> Input:
    """One of a few words; anything else, and nothing, is `fault`."""
    told = Told(says, _one_of(words), next(iter(words)), (fault,))
    return Input(name, told, lambda value: _word(value, words, fault), fault)


def rating(name: str = "value") -> Input:
    """A rating, in half points."""
    schema = {"type": "number", "minimum": 0.5, "maximum": ratings.HIGHEST, "multipleOf": 0.5}
    told = Told("Points, in halves.", schema, 8.5, ratings.FAULTS)
    return Input(name, told, ratings.halves, Fault.RATING_MISSING)


def page() -> Input:
    """The number of a page."""
    schema = {"type": "integer", "minimum": 1, "maximum": paging.LAST, "default": 1}
    told = Told(f"Which page of {paging.ROWS} rows.", schema, 1, (Fault.PARAMETER_BAD, Fault.PAGE_BAD))
    return Input(PAGE, told, lambda value: paging.page_number(_text(value)), default=1)


def order() -> Input:
    """In which order rows come; a word we do not know counts as none."""
    schema = _one_of(Order) | {"default": Order.OLDEST_FIRST}
    told = Told("Oldest or newest first; any other word counts as none.", schema, Order.NEWEST_FIRST)
    return Input("sort_by", told, _order, default=Order.OLDEST_FIRST)


def title_in_path(name: str, example: int) -> Input:
    """The number of a title in a path; what follows the digits is decoration, as in 550-fight-club."""
    schema = {"type": "integer", "minimum": 1, "maximum": LARGEST_ID}
    told = Told(
        "The number of the title; what follows its digits is not read.", schema, example, (Fault.TITLE_UNKNOWN,)
    )
    return Input(name, told, lambda value: _leading_number(value, Fault.TITLE_UNKNOWN))


def number_in_path(name: str) -> Input:
    """The number of a season or episode in a path, from 0."""
    schema = {"type": "integer", "minimum": 0, "maximum": 10**LONGEST_PART - 1}
    return Input(name, Told("A number, from 0.", schema, 1, (Fault.TITLE_UNKNOWN,)), _part)


def list_in_path() -> Input:
    """The number of a list in a path, decorated or not."""
    schema = {"type": "integer", "minimum": 1, "maximum": LARGEST_ID}
    told = Told("The number of the list; what follows its digits is not read.", schema, 1, (Fault.LIST_UNKNOWN,))
    return Input("list_id", told, lambda value: _leading_number(value, Fault.LIST_UNKNOWN))


def appended(query: Fields) -> list[str]:
    """The names in `append_to_response`, each once. Raises TOO_MANY_APPENDED for more than twenty (wire 1.7)."""
    names = [name.strip().strip("/") for name in str(query.get(APPEND, "")).split(",")]
    found = list(dict.fromkeys(name for name in names if name))
    if len(found) > MOST_APPENDED:
        raise Refused(Fault.TOO_MANY_APPENDED)
    return found


def read(inputs: tuple[Input, ...], path: Fields, *sources: Fields) -> dict[str, Any]:
    """The values of `inputs`, from the path, else from the first source that has one. Raises each input's faults."""
    values = {}
    for name, _, reader, missing, default, null in inputs:
        value = path.get(name)
        for source in sources:
            if value is None or value == "":
                value = source.get(name)
        if value is not None and value != "":
            values[name] = reader(value)
        elif null is not NOTHING and any(name in source for source in sources):
            values[name] = null
        elif missing is not None:
            raise Refused(missing)
        else:
            values[name] = default
    return values


def _one_of(words: type[StrEnum]) -> dict[str, Any]:
    return {"type": "string", "enum": [each.value for each in words]}


def _pairs(encoded: bytes) -> Fields:
    written = encoded.decode("utf-8", "replace")
    pairs: list[tuple[str, str]]
    if "%" in written or "+" in written:
        pairs = parse_qsl(written, keep_blank_values=True, errors="replace")
    else:  # nothing to decode, as nearly always: a third of the time for the same pairs
        pairs = [(name, value) for name, _, value in [pair.partition("=") for pair in written.split("&") if pair]]
    fields = dict(pairs)
    return fields if len(fields) == len(pairs) else that_count(pairs)


def _is_form(body: bytes) -> bool:
    """Whether what is called JSON, and is none, is a form: fulltmdb sends some so."""
    return body.isascii() and b"=" in body and body.lstrip()[:1] not in {b"{", b"[", b'"'}


def _json(body: bytes) -> Body:
    try:
        content = _decode_json(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Body(NO_FIELDS, Fault.BODY_BAD)
    if content is None:
        return NO_BODY
    if not isinstance(content, dict):
        return Body(NO_FIELDS, Fault.BODY_BAD)
    return Body(content)


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise Refused(Fault.PARAMETER_BAD)


def _order(value: object) -> Order:
    return next((order for order in Order if order == value), Order.OLDEST_FIRST)


def _media_type(value: object) -> MediaType:
    return MediaType(_word(value, MediaType, Fault.PARAMETER_BAD))


def _word(value: object, words: type[StrEnum], fault: Fault) -> StrEnum:
    found = next((each for each in words if each == value), None)
    if found is None:
        raise Refused(fault)
    return found


def _part(value: str) -> int:
    if not (value.isascii() and value.isdecimal()) or len(value) > LONGEST_PART:
        raise Refused(Fault.TITLE_UNKNOWN)
    return int(value)


def _flag(value: object) -> bool:
    match value.lower() if isinstance(value, str) else value:  # fulltmdb writes True
        case bool(truth):
            return truth
        case "true" | "1" | 1:
            return True
        case "false" | "0" | 0:
            return False
    raise Refused(Fault.PARAMETER_BAD)


def _is_true(value: object) -> bool:
    try:
        return _flag(value)
    except Refused:
        return False


def _media_id(value: object) -> int:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, str) and value.isascii() and value.isdecimal():
        digits = value.lstrip("0")
        value = int(digits or "0") if len(digits) <= len(str(LARGEST_ID)) else LARGEST_ID + 1
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise Refused(Fault.PARAMETER_BAD)
    return min(value, LARGEST_ID + 1)


def _leading_number(value: str, fault: Fault) -> int:
    digits = value[: len(str(LARGEST_ID)) + 1]
    end = next((place for place, char in enumerate(digits) if char not in "0123456789"), len(digits))
    number = int(digits[:end] or "0")
    if digits[end : end + 1] in NO_DECORATION:
        raise Refused(fault)
    if not 1 <= number <= LARGEST_ID:
        raise Refused(fault)
    return number
