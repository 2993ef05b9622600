"""This file is `make growth`: it fills databases, measures what the hot calls cost in them, and keeps what it saw."""

import argparse
import asyncio
import json
import os
import platform
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import asyncpg

from admitone.basics.digests import Digests, KeyRing
from admitone.store.engine import migrate
from bench import servers
from bench.growth import curve, sweeping
from bench.growth.curve import Grown
from bench.growth.draw import Draw
from bench.growth.filling import TooMuch, engine_of, fill, to_people
from bench.growth.plans import plans
from bench.growth.shape import SIZES, Size
from bench.growth.writing import Different

SEED = "admit one"
RESULTS = Path(__file__).parent.parent / "results" / "growth.json"
BENEATH = "small"  # what every other size is compared with, in the same run


def main() -> None:
    """Do what was asked."""
    parser = argparse.ArgumentParser(prog="python -m bench.growth", description=__doc__)
    parts = parser.add_subparsers(dest="part", required=True)
    whole = parts.add_parser("run", help="fill databases of a size on both engines, measure, keep the results")
    filling = parts.add_parser("fill", help="fill one database, or go on filling it")
    measuring = parts.add_parser("curve", help="measure in databases that were filled")
    sampling = parts.add_parser("samples", help="print sessions that a filled database knows, a line of JSON each")
    swept = parts.add_parser("sweep", help="measure how long callers wait while a million rows are swept")
    for each in (whole, filling, sampling):
        each.add_argument("--size", default="medium", help=f"{', '.join(SIZES)}, or SESSIONS:RATINGS")
    for each in (filling, measuring, sampling):
        each.add_argument(
            "--key-ring", type=Path, required=True, help="the keys of its digests; made where there are none"
        )
    for each in (whole, filling):
        each.add_argument("--minutes", type=float, default=0, help="stop filling after so long; 0 for not")
    for each in (whole, measuring):
        each.add_argument("--turns", type=int, default=5)
        each.add_argument("--calls", type=int, default=1_600, help="of each kind in each turn")
        each.add_argument("--json", type=Path, default=RESULTS)
    swept.add_argument("--rows", type=int, default=1_000_000)
    swept.add_argument("--rate", type=float, default=100, help="calls a second, half R1, half W2")
    swept.add_argument("--seconds", type=float, default=60, help="before and after")
    filling.add_argument("--database", required=True)
    measuring.add_argument("--at", action="append", required=True, metavar="SIZE=DATABASE")
    sampling.add_argument("--number", type=int, default=100)
    arguments = parser.parse_args()
    try:
        PARTS[arguments.part](arguments)
    except (TooMuch, Different) as refusal:
        parser.exit(1, f"growth: {refusal}.\n")


def _run(asked: argparse.Namespace) -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="admitone-growth-")))
        digests = _digests(folder / "keys.json")
        grown = []
        _, server = stack.enter_context(servers.postgres())
        for name in dict.fromkeys((BENEATH, asked.size)):
            draw = Draw(size(name), SEED, digests)
            asyncio.run(_database(server, f"growth_{name}".replace(":", "_")))
            beside = server.replace("/postgres?", f"/growth_{name}?".replace(":", "_"))
            for url in (f"sqlite:///{folder / name.replace(':', '_')}.db", beside):
                to_people(f"{engine_of(url)}, {name}")
                asyncio.run(_filled(url, draw, asked.minutes))
                grown.append(Grown(name, url, draw))
        _measure(grown, digests, asked)


def _fill(asked: argparse.Namespace) -> None:
    asyncio.run(_filled(asked.database, Draw(size(asked.size), SEED, _digests(asked.key_ring)), asked.minutes))


def _curve(asked: argparse.Namespace) -> None:
    digests = _digests(asked.key_ring)
    pairs = [each.partition("=") for each in asked.at]
    _measure([Grown(name, url, Draw(size(name), SEED, digests)) for name, _, url in pairs], digests, asked)


def _samples(asked: argparse.Namespace) -> None:
    for sample in Draw(size(asked.size), SEED, _digests(asked.key_ring)).samples(asked.number):
        print(json.dumps(sample._asdict()))


def _sweep(asked: argparse.Namespace) -> None:
    for each in servers.run(sweeping.measure(asked.rows, asked.rate, asked.seconds, to_people)):
        print(json.dumps({**each, **_machine()}))


PARTS = {"run": _run, "fill": _fill, "curve": _curve, "samples": _samples, "sweep": _sweep}


def _keep(path: Path, found: dict[str, Any]) -> None:
    """Write down what was found, in place of what was found on the same engine before."""
    kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    for name, new in found.items():
        if isinstance(new, list):
            engines = {each["engine"] for each in new}
            kept[name] = [each for each in kept.get(name, ()) if each["engine"] not in engines] + new
        else:
            kept[name] = {**kept.get(name, {}), **new}
    path.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


def size(text: str) -> Size:
    """The size of this name, or of so many sessions and ratings. Raises TooMuch for none."""
    if text in SIZES:
        return SIZES[text]
    sessions, _, ratings = text.partition(":")
    if not (sessions.isdigit() and ratings.isdigit() and int(sessions) > 1 and int(ratings) > 7):
        raise TooMuch(f"{text} is no size: write one of {', '.join(SIZES)}, or SESSIONS:RATINGS")
    return Size(int(sessions), int(ratings))


def _digests(ring: Path) -> Digests:
    return Digests(KeyRing.load_or_make(ring))


async def _database(server: str, name: str) -> None:
    connection = await asyncpg.connect(server)
    try:
        await connection.execute(f"CREATE DATABASE {name}")
    finally:
        await connection.close()


async def _filled(url: str, draw: Draw, minutes: float) -> None:
    await migrate(url)
    await fill(url, draw, SEED, to_people, minutes=minutes)


def _measure(grown: list[Grown], digests: Digests, asked: argparse.Namespace) -> None:
    cells = asyncio.run(curve.measure(grown, digests, asked.turns, asked.calls, to_people))
    found = curve.document(cells, asyncio.run(_weights(grown)))
    found["machines"] = {engine_of(each.url): _machine() | asyncio.run(curve.database(each)) for each in grown}
    found["plans"] = [each for one in grown for each in asyncio.run(plans(one, digests))]
    _keep(asked.json, found)
    for row in found["rows"]:
        where = f"{row['engine']:11}{row['size']:18}{row['callers']:16}{row['call']:30}"
        cpu = f"{row['cpu_us']:9,.1f} µs, database {row['database_us']:9,.1f}"
        print(f"{where}{cpu}  {row['of_smallest']:6.2f} × the smallest")


async def _weights(grown: list[Grown]) -> dict[str, dict[str, Any]]:
    return {each.url: await curve.weight(each) for each in grown}


def _machine() -> dict[str, Any]:
    return {
        "cores": os.cpu_count(),
        "system": platform.system(),
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 1),
    }


if __name__ == "__main__":
    main()
