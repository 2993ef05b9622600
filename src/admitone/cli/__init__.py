"""What an operator types: `admitone serve`, `admitone app add`, and so on; each file a family of commands."""

import sys

from admitone.cli import lean  # noqa: F401 - first of all
from admitone.cli.commands import command_line


def main() -> None:
    """Run the command line; what cannot be done ends with one sentence on standard error and status 1 or 2."""
    words = sys.argv[1:]
    command_line(words)(prog_name="admitone", args=words)
