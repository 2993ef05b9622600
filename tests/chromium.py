"""The distribution's Chromium: where it is, and the flags with which it runs without a screen and calls nobody."""

import shutil

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


def path() -> str:
    """Where Chromium is; fails with what to do when it is nowhere."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next((found for name in names if (found := shutil.which(name))), None)
    assert found, "the browser tests need Chromium: scripts/browser installs it"
    return found
