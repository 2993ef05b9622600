"""Lists what belongs to the repository: every file that is tracked, or would be with the next `git add`."""

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]


@cache
def files() -> tuple[Path, ...]:
    """Every file of the repository, relative to its root."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return tuple(path for name in sorted(set(listed.split("\0"))) if name and (ROOT / (path := Path(name))).is_file())


def modules(*folders: str) -> list[Path]:
    """Every Python file of the repository, or of `folders`."""
    within = [Path(folder) for folder in folders or (".",)]
    return [path for path in files() if path.suffix == ".py" and any(path.is_relative_to(folder) for folder in within)]


@cache
def text(path: Path) -> str:
    """What the file says; nothing when it is not text."""
    try:
        return (ROOT / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


@cache
def parsed(path: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(text(path), filename=str(path))
