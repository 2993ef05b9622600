"""This file reads what only operations of the fourth generation take: lists of items, orders, changes."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import msgspec

from admitone.flows.fourth.lists import Item
from admitone.model.faults import Fault, Refused
from admitone.model.lists import LONGEST_COMMENT, ListSort, clean_text
from admitone.model.media import LARGEST_ID, MediaType
from admitone.model.paging import Sorting
from admitone.wire import inputs
from admitone.wire.inputs import Input, Told

_media_type = inputs.media_type().read
_media_id = inputs.media_id("media_id", 550).read
# What the second word of an order is called for series.
_OF_SERIES = {"first_air_date": "release_date", "name": "title"}
_decode = msgspec.json.Decoder().decode


def items(*, comments: bool = False) -> Input:
    """The titles that a call is about, each with its kind; `comments` for the operation that keeps them."""
    told: dict[str, Any] = {
        "media_type": {"type": "string", "enum": [each.value for each in MediaType]},
        "media_id": {"type": "integer", "minimum": 0, "maximum": LARGEST_ID},
    }
    example: dict[str, Any] = {"media_type": "movie", "media_id": 550}
    if comments:
        told["comment"] = {"type": ["string", "null"], "maxLength": LONGEST_COMMENT}
        example["comment"] = "See it twice."
    each = {"type": "object", "properties": told, "required": ["media_type", "media_id"]}
    schema = {"type": "array", "items": each}
    says = Told("Titles, each with its kind.", schema, [example], (Fault.PARAMETER_BAD,))
    return Input("items", says, _items, Fault.PARAMETER_MISSING)


def sort_of_marks(media_type: MediaType) -> Input:
    """In which order marks and ratings come; a word we do not know counts as none."""
    series = {here: word for word, here in _OF_SERIES.items()} if media_type is MediaType.TV else {}
    words = [f"{series.get(key, key)}.{way}" for key, _, way in (each.partition(".") for each in Sorting)]
    schema = {"type": "string", "enum": words, "default": Sorting.CREATED.value}
    told = Told("In which order; any other word counts as none.", schema, words[1])
    return Input("sort_by", told, _sorting, default=Sorting.CREATED)


def sort_of_list() -> Input:
    """In which order a list is shown this time; a word we do not know counts as none."""
    schema = {"type": "string", "enum": [each.value for each in ListSort], "default": ListSort.ORIGINAL.value}
    told = Told("In which order, else in the list's own.", schema, ListSort.TITLE)
    return Input("sort_by", told, lambda value: next((each for each in ListSort if each == value), None))


def kept_sort(default: ListSort | None) -> Input:
    """The order that a list keeps; any word we do not know is refused (wire C.5)."""
    schema: dict[str, Any] = {"type": "string", "enum": [each.value for each in ListSort]}
    schema |= {"default": default.value} if default else {}
    told = Told("In which order it shows what is on it.", schema, ListSort.TITLE, (Fault.PARAMETER_BAD,))
    return Input("sort_by", told, lambda value: _known(value, ListSort), default=default)


def change_of_text(name: str, says: str, example: str, longest: int, *, may_be_empty: bool) -> Input:
    """A text that may change: nothing for what stays, and for a blank one where it may not be empty."""
    plain = inputs.stored_text(name, says, example, longest)
    if may_be_empty:
        return Input(name, plain.told, plain.read, null="")
    return Input(name, plain.told, lambda value: plain.read(value) or None)


def change_of_flag(name: str, says: str) -> Input:
    """A truth value that may change: nothing for what stays."""
    plain = inputs.flag(name, says)
    told = plain.told._replace(schema={"type": "boolean"})
    return Input(name, told, plain.read, None, None)


def _items(value: object) -> list[Item]:
    if isinstance(value, str):  # in a form or query a list is JSON in a text
        try:
            value = _decode(value)
        except (msgspec.DecodeError, RecursionError) as error:
            raise Refused(Fault.PARAMETER_BAD) from error
    if not isinstance(value, list):
        raise Refused(Fault.PARAMETER_BAD)
    return [_item(each) for each in value]


def _item(value: object) -> Item:
    if not isinstance(value, Mapping) or not {"media_type", "media_id"} <= value.keys():
        raise Refused(Fault.PARAMETER_BAD)
    comment = value.get("comment")
    if comment is not None and not isinstance(comment, str):
        raise Refused(Fault.PARAMETER_BAD)
    cleaned = clean_text(comment, LONGEST_COMMENT) if comment else ""
    return Item(_media_type(value["media_type"]), _media_id(value["media_id"]), "comment" in value, cleaned or None)


def _sorting(value: object) -> Sorting:
    word, _, way = value.partition(".") if isinstance(value, str) else ("", "", "")
    wanted = f"{_OF_SERIES.get(word, word)}.{way}"
    return next((each for each in Sorting if each == wanted), Sorting.CREATED)


def _known(value: object, words: type[StrEnum]) -> StrEnum:
    found = next((each for each in words if each == value), None)
    if found is None:
        raise Refused(Fault.PARAMETER_BAD)
    return found
