"""This file answers what clients read before anything else: configuration, its lists, and the genres."""

from importlib.resources import files
from typing import Any

from admitone.wire import facts
from admitone.wire.call import Call, Handler, gives
from admitone.wire.exchange import Answer

# Each is one JSON file of facts (see their README), sent as it is: what is in it, and its shape.
FILES: dict[str, tuple[str, Any]] = {
    "configuration": ("Where pictures are, and in which sizes.", facts.Configuration),
    "countries": ("The countries.", list[facts.Country]),
    "jobs": ("The jobs of a film crew.", list[facts.Department]),
    "languages": ("The languages.", list[facts.Language]),
    "primary_translations": ("The languages and countries that texts are translated for.", list[str]),
    "timezones": ("The time zones of each country.", list[facts.Timezones]),
    "movie_genres": ("The genres of films.", facts.Genres),
    "tv_genres": ("The genres of series.", facts.Genres),
}


def sends(name: str) -> Handler:
    """What answers with one of the files."""
    says, shape = FILES[name]
    content = (files("admitone") / "catalogue" / f"{name}.json").read_bytes()

    @gives(shape, says=says)
    async def answers(_call: Call) -> Answer:
        return Answer(200, content)

    return answers
