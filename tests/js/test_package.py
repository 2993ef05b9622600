"""The npm package is tested by Node's own runner, and holds what it says it holds."""

import json
import re
import shutil
from pathlib import Path

from tests.examples.node import REPOSITORY, furnished, passed

HERE = Path(__file__).parent
PACKAGE = REPOSITORY / "js"
TESTS = HERE / "package.test.mjs"


def test_the_package_does_what_it_says(tmp_path: Path) -> None:
    shutil.copy(TESTS, furnished(tmp_path))
    assert passed(tmp_path, TESTS.name) == TESTS.read_text(encoding="utf-8").count('\ntest("')


def test_the_readme_s_example_runs(tmp_path: Path) -> None:
    [example] = re.findall(r"```js\n(.*?)```", (PACKAGE / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    furnished(tmp_path)
    (tmp_path / "readme.test.mjs").write_text(example)
    assert passed(tmp_path, "readme.test.mjs") == 1


def test_it_depends_on_nothing_and_names_every_file_of_it() -> None:
    manifest = json.loads((PACKAGE / "package.json").read_text(encoding="utf-8"))
    assert not [name for name in manifest if "ependencies" in name]
    files = {path.name for path in PACKAGE.iterdir() if path.name != "node_modules"}
    assert {*manifest["files"], "package.json"} == files
    assert (PACKAGE / "LICENSE").read_bytes() == (REPOSITORY / "LICENSE").read_bytes()
