"""Holds that where nothing may be skipped, nothing is."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import ROOT

SKIPPED = {
    "a test": "import pytest\n\ndef test_it():\n    pytest.skip('no database here')\n",
    "a marked test": "import pytest\n\n@pytest.mark.skip(reason='no database here')\ndef test_it(): ...\n",
    "an expected failure": "import pytest\n\n@pytest.mark.xfail(reason='no database here')\ndef test_it(): assert 0\n",
    "a file": "import pytest\n\npytest.skip('no database here', allow_module_level=True)\n",
}


def outcome(folder: Path, content: str, **environment: str) -> str:
    (folder / "test_it.py").write_text(content)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "tests.no_skips",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:randomly",
        "-rfE",
    ]
    return subprocess.run(
        [*command, "--rootdir", folder, folder],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **environment},
        capture_output=True,
        text=True,
        check=False,
    ).stdout


@pytest.mark.parametrize("environment", [{"CI": "true"}, {"ADMITONE_NO_SKIPS": "1"}], ids=["CI", "by hand"])
@pytest.mark.parametrize("kind", SKIPPED)
def test_a_skip_is_a_failure_where_nothing_may_be_skipped(
    tmp_path: Path, kind: str, environment: dict[str, str]
) -> None:
    said = outcome(tmp_path, SKIPPED[kind], **environment)
    assert ("1 error in" if kind in {"a file", "a marked test"} else "1 failed in") in said
    assert "Nothing may be skipped here, and this was: " in said
    assert "no database here" in said


@pytest.mark.parametrize("kind", SKIPPED)
def test_a_skip_is_a_skip_elsewhere(tmp_path: Path, kind: str) -> None:
    assert ("1 xfailed" if kind == "an expected failure" else "1 skipped") in outcome(tmp_path, SKIPPED[kind])


def test_what_passes_passes(tmp_path: Path) -> None:
    assert "1 passed" in outcome(tmp_path, "def test_it(): ...\n", CI="true")
