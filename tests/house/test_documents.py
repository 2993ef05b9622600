"""Holds the documents to what they promise: generated parts are current, links lead somewhere, laws have checkers."""

import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.house import tree

DOCUMENTS = [path for path in tree.files() if path.suffix == ".md"]
GENERATED = [path for path in DOCUMENTS if "[[[cog" in tree.text(path)]
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
CODE = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)


def cog(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cogapp", "-P", "-I", "docs", *arguments]
    return subprocess.run(command, cwd=tree.ROOT, capture_output=True, text=True, check=False)


def test_the_generated_parts_are_current() -> None:
    assert GENERATED
    done = cog("--check", *GENERATED)
    assert done.returncode == 0, f"run make docs\n{done.stdout}"


def test_a_generated_part_that_is_not_current_is_noticed(tmp_path: Path) -> None:
    stale = tmp_path / "stale.md"
    stale.write_text("<!-- [[[cog import tables; tables.rooms() ]]] -->\nnothing\n<!-- [[[end]]] -->\n")
    assert cog("--check", stale).returncode != 0


def dead(path: Path, said: str) -> list[str]:
    """The addresses of files in `said` that lead nowhere from `path`."""
    targets = [target for target in LINK.findall(CODE.sub("", said)) if "://" not in target]
    return [target for target in targets if not (tree.ROOT / path.parent / target).exists()]


@pytest.mark.parametrize("path", DOCUMENTS, ids=str)
def test_every_link_leads_somewhere(path: Path) -> None:
    assert dead(path, tree.text(path)) == []


def test_a_dead_link_is_noticed() -> None:
    assert dead(Path("docs/x.md"), "[a](../README.md) [b](nowhere.md#part) `[c](d)`") == ["nowhere.md"]


def misnumbered(records: Iterable[tuple[str, str]]) -> list[str]:
    """What is wrong with the numbers of records, each the name of a file and its title: they run 1, 2, 3, …"""
    complaints = []
    for expected, (name, title) in enumerate(sorted(records), start=1):
        if not name.startswith(f"{expected:04}-"):
            complaints.append(f"{name} should be {expected:04}")
        if not title.startswith(f"# {int(name[:4])}. "):
            complaints.append(f"{name} calls itself {title!r}")
    return complaints


def test_decisions_are_numbered_without_gap_or_twin() -> None:
    records = [path for path in DOCUMENTS if path.parent == Path("docs/decisions")]
    assert records
    assert misnumbered((path.name, tree.text(path).partition("\n")[0]) for path in records) == []


@pytest.mark.parametrize(
    ("records", "complaint"),
    [
        ([("0001-a.md", "# 1. A"), ("0001-b.md", "# 1. B")], "0001-b.md should be 0002"),
        ([("0001-a.md", "# 1. A"), ("0003-b.md", "# 3. B")], "0003-b.md should be 0002"),
        ([("0001-a.md", "# 2. A")], "0001-a.md calls itself '# 2. A'"),
    ],
)
def test_a_wrong_number_of_a_decision_is_noticed(records: list[tuple[str, str]], complaint: str) -> None:
    assert misnumbered(records) == [complaint]


def test_every_law_names_a_checker_that_is_there() -> None:
    rows = re.findall(r"^\| (\d+) \| (.+) \| (.+) \|$", tree.text(Path("CONTRIBUTING.md")), re.MULTILINE)
    assert [int(number) for number, _, _ in rows] == list(range(1, 13))
    for _, _, checker in rows:
        for path in re.findall(r"`((?:tests|pyproject)[^`]*)`", checker):
            assert (tree.ROOT / path).exists(), path


def test_the_readme_is_read_in_one_sitting() -> None:
    assert len(tree.text(Path("README.md")).splitlines()) <= 150
