"""This file is `make bench`: it measures, shows how far it is, prints the table and keeps it as a document."""

import argparse
import asyncio
import json
import os
import sys
import time
from pathlib import Path

from bench import sandbox, table
from bench.measure import FORMS, TINY, Cell, Form, Progress, measure

RESULTS = Path(__file__).parent / "results"


def main() -> None:
    """Run the bench in the form that was asked for."""
    parser = argparse.ArgumentParser(prog="bench", description="Measure the server beside its floors.")
    parser.add_argument("form", nargs="?", choices=FORMS, default="quick", help="how long: about 2 or 12 minutes")
    parser.add_argument("--json", type=Path, default=RESULTS / "latest.json", help="where the document goes")
    arguments = parser.parse_args()
    form = FORMS[arguments.form]
    load = os.getloadavg()[0]
    found = table.document(form, load, asyncio.run(measure(form, _progress(form))))
    # The tiny form is for the tests of the bench itself: a sandbox is started often enough elsewhere.
    found["sandbox"] = {} if form is TINY else sandbox.measure()
    arguments.json.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(table.text(found))
    print(sandbox.text(found["sandbox"]))


def _progress(form: Form) -> Progress:
    began = time.monotonic()
    print(f"bench: the {form.name} form", file=sys.stderr)

    def tell(cell: Cell, number: int, total: int) -> None:
        seen = cell.turns[-1]
        rate, cpu = seen.answers / seen.seconds, seen.cpu_s["server"] / seen.answers * 1e6
        where = f"{time.monotonic() - began:5.0f} s  {number:3}/{total}"
        print(f"{where}  {cell.name:16}{cell.engine:11}{rate:9,.0f}/s {cpu:7.0f} µs", file=sys.stderr, flush=True)

    return tell


if __name__ == "__main__":
    main()
