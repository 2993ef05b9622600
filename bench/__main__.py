"""This file is `make bench`: it measures, shows how far it is, and keeps table, document and picture."""

import argparse
import json
import os
import sys
import time
from pathlib import Path

from bench import picture, sandbox, servers, table
from bench.cells import Cell
from bench.form import FORMS, TINY, Form
from bench.measure import Progress, measure
from bench.targets import cpu, rate

RESULTS = Path(__file__).parent / "results"


def main() -> None:
    """Run the bench in the form that was asked for."""
    parser = argparse.ArgumentParser(prog="bench", description="Measure the server beside its floors and its peers.")
    parser.add_argument("form", nargs="?", choices=FORMS, default="quick", help="about 2, 6 or 25 minutes")
    parser.add_argument("--results", type=Path, default=RESULTS, help="the folder for latest.json, .txt and .svg")
    arguments = parser.parse_args()
    form = FORMS[arguments.form]
    load = os.getloadavg()[0]
    found = table.document(form, load, servers.run(measure(form, _progress(form))))
    # The tiny form is for the tests of the bench itself: a sandbox is started often enough elsewhere.
    found["sandbox"] = {} if form is TINY else sandbox.measure()
    said = "\n".join([table.text(found), sandbox.text(found["sandbox"])]).rstrip()
    kept = {"json": json.dumps(found, indent=2, ensure_ascii=False), "txt": said, "svg": picture.drawn(found)}
    for suffix, content in kept.items():
        (arguments.results / f"latest.{suffix}").write_text(f"{content}\n", encoding="utf-8")
    print(said)


def _progress(form: Form) -> Progress:
    began = time.monotonic()
    print(f"bench: the {form.name} form", file=sys.stderr)

    def tell(cell: Cell, number: int, total: int) -> None:
        seen, passed = cell.turns[-1], time.monotonic() - began
        where = f"{passed:5.0f} s, {passed / number * (total - number):4.0f} s left"
        what = f"{rate(seen):9,.0f}/s {cpu(seen):7.0f} µs {seen.p99_ms:7.1f} ms"
        print(f"{where}  {cell.name:32}{cell.engine:22}{what}", file=sys.stderr, flush=True)

    return tell


if __name__ == "__main__":
    main()
