"""What an operator types: `admitone serve`, `admitone app add`, and so on; each file a family of commands."""

import sys

from admitone.cli.commands import app


def main() -> None:
    """Run the command line; what cannot be done ends with one sentence on standard error and status 1 or 2."""
    app(prog_name="admitone", args=sys.argv[1:])
