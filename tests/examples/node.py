"""A folder in which JavaScript finds the package of this repository and a published client, as if installed."""

import os
import re
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
CLIENTS = REPOSITORY / "tests" / "clients" / "node" / "node_modules"


def furnished(folder: Path) -> Path:
    """Put both into the folder."""
    assert CLIENTS.is_dir(), "scripts/node installs the clients; make test runs it"
    modules = folder / "node_modules"
    (modules / "@admitone").mkdir(parents=True)
    (modules / "@admitone" / "sandbox").symlink_to(REPOSITORY / "js")
    (modules / "moviedb-promise").symlink_to(CLIENTS / "moviedb-promise")
    return folder


def passed(folder: Path, name: str) -> int:
    """Run a file of tests by Node's own runner; how many passed. Fails when one does not."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    command = ["node", "--test", "--test-reporter=tap", name]
    environment = {"PATH": path, "TMPDIR": str(folder)}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=100
    )
    assert done.returncode == 0, done.stdout + done.stderr
    [count] = re.findall(r"^# pass (\d+)$", done.stdout, re.MULTILINE)
    return int(count)
