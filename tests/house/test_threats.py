"""Every threat of browsers and accounts has a test that holds it, and no test holds what nobody knows."""

import ast
from pathlib import Path

import pytest

from docs import threats
from tests.house import tree

FAMILIES = {"A": 18, "B": 17}
TESTS = [path for path in tree.files() if path.parts[0] == "tests" and path.name.startswith("test_")]


def test_every_threat_of_browsers_and_accounts_is_known() -> None:
    for family, most in FAMILIES.items():
        assert {name for name in threats.THREATS if name[0] == family} == {f"{family}{n + 1}" for n in range(most)}


def test_everything_in_the_tables_is_held_by_a_test() -> None:
    held = threats.held()
    names = [*threats.THREATS, *(threats.STANDARD + row for row in threats.ROWS)]
    assert [name for name in names if name not in held] == []


def test_no_test_holds_what_nobody_knows() -> None:
    assert [name for name in threats.held() if not threats.known(name)] == []


@pytest.mark.parametrize("path", [path for path in TESTS if "mark.holds" in tree.text(path)], ids=str)
def test_every_mark_stands_where_it_is_looked_for(path: Path) -> None:
    module = ast.parse(tree.text(path))
    written = [
        node
        for node in ast.walk(module)
        if isinstance(node, ast.Attribute) and ast.unparse(node).endswith("mark.holds")
    ]
    told = {function for function, _ in threats.marks(module)}
    assert len(written) == len(told)


def test_what_is_not_marked_as_it_should_be_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    planted = tmp_path / "tests" / "test_x.py"
    planted.write_text(
        "@pytest.mark.holds('A1', 'Z9')\nasync def test_a(): ...\n"
        "@pytest.mark.holds('A2')\ndef helper(): ...\n"
        "def test_b():\n    @pytest.mark.holds('A3')\n    def test_inner(): ...\n"
    )
    found = threats.held(tmp_path / "tests")
    assert found == {"A1": ["tests/test_x.py::test_a"], "Z9": ["tests/test_x.py::test_a"]}
    assert not threats.known("Z9")
    assert threats.known("ASVS 7.2.3")
    assert not threats.known("ASVS 99.1.1")
