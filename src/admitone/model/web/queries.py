"""This file rules which pairs of a query count where names are repeated (decision 6)."""

from collections.abc import Iterable

PAGE = "page"


def that_count(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The first of each name, but the last page: apps put the next one behind an address that has one already."""
    fields: dict[str, str] = {}
    for name, value in pairs:
        if name == PAGE and value:
            fields[name] = value
        fields.setdefault(name, value)
    return fields
