"""Turns a skipped test into a failed one where nothing may be skipped: in CI, or with ADMITONE_NO_SKIPS=1."""

import os
from collections.abc import Generator
from typing import TypeVar

import pytest

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)


def refuse(report: Report) -> Report:
    """The report, failed if it says skipped (an expected failure does) and nothing may be."""
    if report.skipped and (os.environ.get("ADMITONE_NO_SKIPS") == "1" or os.environ.get("CI") == "true"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else getattr(report, "wasxfail", "")
        report.outcome = "failed"
        report.longrepr = f"Nothing may be skipped here, and this was: {reason}"
        if hasattr(report, "wasxfail"):
            del report.wasxfail  # else pytest goes on to count it as expected
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Look at what became of a test, after every other plugin has."""
    return refuse((yield))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Look at what became of a file that was to be collected: a whole one can be skipped."""
    return refuse((yield))
