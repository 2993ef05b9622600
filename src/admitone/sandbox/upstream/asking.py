"""This file says what may be asked upstream: reads of the catalogue, word by word, and nothing that is a person's."""

import re
from typing import Final, NamedTuple
from urllib.parse import parse_qsl, urlencode

from admitone.model.web.paths import without_empty
from admitone.model.web.queries import that_count

# What begins the path of a read of the catalogue. Lists, accounts, sessions and all of /4 are people's.
CATALOGUE: Final = frozenset(
    (
        "certification",
        "collection",
        "company",
        "configuration",
        "credit",
        "discover",
        "find",
        "genre",
        "keyword",
        "movie",
        "network",
        "person",
        "review",
        "search",
        "trending",
        "tv",
        "watch",
    )
)
# What stands below a title and is a person's all the same.
PERSONAL: Final = frozenset(("account_states", "lists", "rating"))
# Parameters that are sent on. Whatever has another name stays here: what is not known cannot be trusted to be harmless.
KNOWN: Final = re.compile(
    r"language|page|query|region|year|primary_release_year|first_air_date_year|include_[a-z_]{1,40}|external_source"
    r"|sort_by|timezone|country|certification(?:_country|\.[gl]te)?|screened_theatrically|watch_region"
    r"|start_date|end_date|with(?:out)?_[a-z_]{1,40}(?:\.[gl]te)?|[a-z_]{1,40}\.[gl]te"
)
APPEND: Final = "append_to_response"
PART: Final = re.compile(r"[a-z0-9_/]{1,60}")
SEGMENT: Final = re.compile(r"(?!\.{1,2}/?$)[\w.@:-]{1,200}", re.ASCII)
LONGEST_VALUE: Final = 500
MOST_PAIRS: Final = 60


class Ask(NamedTuple):
    """What is asked upstream: a path and parameters in one order, so that equal questions are equal."""

    path: str
    query: tuple[tuple[str, str], ...] = ()

    @property
    def target(self) -> str:
        """The same as an address, without its host."""
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path


class Read(NamedTuple):
    """A read of the catalogue: what is asked upstream, and which parts of the answer are a person's and stay here."""

    ask: Ask
    personal: tuple[str, ...] = ()


def read_of(method: str, path: bytes, query: bytes) -> Read | None:
    """The read of the catalogue that a call is; None for every other call."""
    if method not in ("GET", "HEAD") or not path.startswith(b"/3/"):
        return None
    segments = without_empty(path.decode("latin-1").split("/"))[1:]
    plain = all(SEGMENT.fullmatch(segment) for segment in segments)
    if not plain or not CATALOGUE.intersection(segments[:1]) or PERSONAL.intersection(segments):
        return None
    try:
        pairs = parse_qsl(query.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_PAIRS)
    except ValueError:
        return None
    fields = that_count(pairs)
    if fields.get("callback"):
        return None  # JSONP is answered here
    parts = [part for part in fields.get(APPEND, "").split(",") if part]
    if not all(PART.fullmatch(part) for part in parts):
        return None
    sent = {name: value for name, value in fields.items() if KNOWN.fullmatch(name) and len(value) <= LONGEST_VALUE}
    public = [part for part in parts if not PERSONAL.intersection(part.split("/"))]
    if public:
        sent[APPEND] = ",".join(public)
    ask = Ask("/".join(("/3", *segments)), tuple(sorted(sent.items())))
    return Read(ask, tuple(part for part in parts if part not in public))
