"""Runs the examples as their readers would, and holds them to what was promised of them."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.examples.node import furnished, passed

EXAMPLES = Path(__file__).parents[2] / "examples"
PYTHON = EXAMPLES / "python"
JAVASCRIPT = EXAMPLES / "javascript" / "sign-in.test.mjs"
# Approval, denial, expiry, revoked session, wrong password, 429, slow answer, cut connection.
SITUATIONS = 8
MOST_LINES = 9


def test_the_examples_in_python_pass() -> None:
    ours = (
        "-p",
        "no:cacheprovider",
        "-p",
        "no:asyncio",
        "-p",
        "no:randomly",
        "-p",
        "no:schemathesis",
        "-p",
        "no:xdist",
    )
    command = [sys.executable, "-m", "pytest", "-c", "/dev/null", "--rootdir", ".", "-q", *ours]
    done = subprocess.run(command, cwd=PYTHON, capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == 0, done.stdout
    assert f"{SITUATIONS} passed" in done.stdout


def test_each_example_in_python_is_under_ten_lines() -> None:
    module = ast.parse((PYTHON / "test_sign_in.py").read_text(encoding="utf-8"))
    tests = [node for node in module.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]
    lengths = {test.name: (test.end_lineno or 0) - test.lineno + 1 for test in tests}
    assert len(lengths) == SITUATIONS
    assert {name: length for name, length in lengths.items() if length > MOST_LINES} == {}


def test_the_examples_in_javascript_pass(tmp_path: Path) -> None:
    shutil.copy(JAVASCRIPT, furnished(tmp_path))
    assert passed(tmp_path, JAVASCRIPT.name) == SITUATIONS
    assert sorted(path.name for path in tmp_path.iterdir()) == ["node_modules", JAVASCRIPT.name]


def test_each_example_in_javascript_is_under_ten_lines() -> None:
    tests = re.findall(r"^test\(.*?^\}\);$", JAVASCRIPT.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert len(tests) == SITUATIONS
    assert [test for test in tests if len(test.splitlines()) > MOST_LINES] == []
