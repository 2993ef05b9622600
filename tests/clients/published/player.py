"""Plays a folder of published tests against a server of ours: `python player.py ORIGIN TOP TESTS`.

A program of its own: these suites keep settings in the environment and in their modules. Nothing in them is replaced;
what they send to TMDB's host goes to ORIGIN, below the client; nobody waits for TMDB's copies to catch up. How they
ended is printed.
"""

import json
import sys
import time
import traceback
import unittest
import warnings
from typing import Any

import requests

THEIR_HOST = "https://api.themoviedb.org"
PASSED = "passed"


def redirect(origin: str) -> None:
    """Send what goes to TMDB's host to another one; refuse what goes anywhere else."""
    sends = requests.adapters.HTTPAdapter.send

    def sends_elsewhere(adapter: Any, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        address = request.url or ""
        assert address.startswith(THEIR_HOST), f"this was to go to {address}"
        request.url = origin + address.removeprefix(THEIR_HOST)
        return sends(adapter, request, **options)

    requests.adapters.HTTPAdapter.send = sends_elsewhere  # type: ignore[assignment,method-assign]


class Outcomes(unittest.TestResult):
    """By the name of a test: "passed", or what went wrong."""

    def __init__(self) -> None:
        super().__init__()
        self.by_name: dict[str, str] = {}

    def addSuccess(self, test: unittest.TestCase) -> None:  # noqa: N802 - unittest's name
        self.by_name[test.id()] = PASSED

    def addFailure(self, test: unittest.TestCase, err: Any) -> None:  # noqa: N802 - unittest's name
        self.by_name[test.id()] = "".join(traceback.format_exception(*err, limit=-2))

    def addSkip(self, test: unittest.TestCase, reason: str) -> None:  # noqa: N802 - unittest's name
        self.by_name[test.id()] = f"skipped: {reason}"

    addError = addFailure  # noqa: N815 - unittest's name


def main(origin: str, top: str, tests: str) -> None:
    """Run them all and print the outcomes as JSON."""
    redirect(origin)
    time.sleep = lambda _: None
    warnings.simplefilter("ignore", ResourceWarning)  # theirs: connections that nobody closes
    outcomes = Outcomes()
    unittest.TestLoader().discover(tests, top_level_dir=top).run(outcomes)
    print(json.dumps(outcomes.by_name))


if __name__ == "__main__":
    main(*sys.argv[1:])
