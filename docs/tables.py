"""Prints the tables that `make docs` writes into the documents; each is called from a cog block in a Markdown file."""

import ast
from pathlib import Path

ROOT = Path(__file__).parent.parent


def rooms(source: Path = ROOT / "src" / "admitone") -> None:
    """Print every folder of the package with its files, each with what it says of itself."""
    for folder in sorted({file.parent for file in source.rglob("*.py")}):
        print(f"\n**`{folder.relative_to(source.parent).as_posix()}/`** {sentence(folder / '__init__.py')}")
        files = [file for file in sorted(folder.glob("*.py")) if file.name != "__init__.py"]
        if files:
            print("\n| file | what it does |\n| --- | --- |")
        for file in files:
            print(f"| `{file.relative_to(source).as_posix()}` | {sentence(file)} |")
    print()


def sentence(module: Path) -> str:
    """The first paragraph of a module's docstring on one line, without "This file": nothing when there is none."""
    text = ast.get_docstring(ast.parse(module.read_text(encoding="utf-8"))) if module.exists() else None
    line = " ".join((text or "").split("\n\n")[0].split()).replace("|", "\\|")
    for start in ("This file is ", "This file ", "This room is ", "This room "):
        line = line.removeprefix(start)
    return line[:1].upper() + line[1:]
