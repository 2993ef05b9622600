"""Holds every file of the repository to the rules of the house, and every rule to an example that breaks it."""

import ast
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from tests.house import rules, tree

SOURCES = ("src", "client/src")
# Whose names are not ours to choose: who calls it.
CALLED_BY_OTHERS: dict[str, str] = {"data_received": "asyncio", "handle_DATA": "aiosmtpd"}
# The engines with what opens and searches them, the tables, and the steps that made them.
KNOW_THE_DATABASE = {Path("src/admitone/store") / each for each in ("engine", "migrations", "schema.py")}
# These read, print or are handed the database's address; they know no statement.
HAND_THE_ADDRESS_ON = {Path("src/admitone") / name for name in ("app.py", "settings.py", "cli", "sandbox", "testing")}


def hold(paths: Iterable[Path], rule: Callable[[Path], Iterable[str]]) -> None:
    complaints = [f"{path} {complaint}" for path in paths for complaint in rule(path)]
    assert not complaints, "\n" + "\n".join(complaints)


def of_text(rule: Callable[[str], Iterable[str]]) -> Callable[[Path], Iterable[str]]:
    return lambda path: rule(tree.text(path))


def of_module(rule: Callable[[ast.Module], Iterable[str]]) -> Callable[[Path], Iterable[str]]:
    return lambda path: rule(tree.parsed(path))


def test_files_are_at_most_400_lines() -> None:
    # Not style sheets: their order is their meaning, and one is fetched faster than five.
    paths = [path for path in tree.files() if path.suffix in {".py", ".html", ".js"}]
    hold(paths, of_text(rules.overlong))


def test_functions_are_at_most_40_statements() -> None:
    hold(tree.modules(), of_module(rules.overlong_functions))


def test_folders_are_at_most_20_files() -> None:
    assert list(rules.crowded(tree.files())) == []


def test_nothing_is_named_with_a_word_that_says_nothing() -> None:
    def names(path: Path) -> Iterable[str]:
        for name in [*path.parts[:-1], path.stem, *rules.definitions(tree.parsed(path))]:
            if name not in CALLED_BY_OTHERS:
                yield from rules.banned_words(name)

    hold(tree.modules(), names)


def test_every_module_says_what_it_does() -> None:
    hold(tree.modules(), of_module(rules.silent))


def test_markup_has_nothing_inline_and_nothing_from_elsewhere() -> None:
    markup = [path for path in tree.files() if path.suffix in {".html", ".svg"}]
    hold(markup, of_text(rules.inline))

    def written(path: Path) -> Iterable[str]:
        for words in rules.spoken(tree.parsed(path)):
            yield from rules.inline(words)

    hold(tree.modules("src/admitone/pages", "src/admitone/sandbox"), written)


def test_only_the_store_s_engines_know_the_database() -> None:
    known = KNOW_THE_DATABASE | HAND_THE_ADDRESS_ON
    paths = [path for path in tree.modules("src") if not any(path.is_relative_to(place) for place in known)]
    hold(paths, of_module(rules.dialects))


def test_the_model_needs_no_library() -> None:
    paths = tree.modules("src/admitone/model")
    hold(paths, lambda path: rules.foreign(tree.parsed(path), "admitone.model"))


def test_no_file_knows_its_machine_or_registry() -> None:
    hold(tree.files(), of_text(rules.homebound))


def test_locks_hold_versions_and_hashes_only() -> None:
    locks = [path for path in tree.files() if path.parent == Path("requirements")]
    assert {path.name for path in locks} == {"bootstrap.txt", "server.txt", "dev.txt", "peers.txt"}
    hold(locks, of_text(rules.unlocked))
    hold([path for path in tree.files() if path.name == "package-lock.json"], of_text(rules.unlocked_by_npm))
    assert "uv.lock" not in {path.name for path in tree.files()}  # it names the index


def test_the_map_shows_every_room_and_every_file() -> None:
    shown = tree.text(Path("docs/map.md"))
    within = [path.relative_to("src/admitone") for path in tree.modules("src/admitone")]
    folders = {f"{path.parent}/" for path in within if path.parent != Path()}
    rooms = {"flows", "store", "wire", "pages"}
    paths = {str(path) for path in within if path.parts[0] in rooms and path.name != "__init__.py"}
    missing = sorted(name for name in folders | paths if name not in shown)
    assert not missing, f"run make docs: the map shows nothing of {missing}"


BAD: list[tuple[Iterable[str], str]] = [
    (rules.overlong("x\n" * 401), "has 401 lines, more than 400"),
    (
        rules.overlong_functions(ast.parse("def f():\n" + "    x = 1\n" * 41)),
        "f has 41 statements, more than 40",
    ),
    (
        rules.overlong_functions(ast.parse("async def f():\n  def g():\n" + "    if x: y()\n" * 20)),
        "f has 41 statements, more than 40",
    ),
    (rules.crowded(Path(f"a/b/{number}.py") for number in range(21)), "a/b holds 21 files, more than 20"),
    (rules.banned_words("session_manager"), "session_manager is named with 'manager'"),
    (rules.banned_words("HTTPHelpers"), "HTTPHelpers is named with 'Helpers'"),
    (rules.banned_words("BaseHTTPDoor"), "BaseHTTPDoor is named with 'Base'"),
    (rules.banned_words("getData2"), "getData2 is named with 'Data'"),
    (rules.definitions(ast.parse("class A:\n  async def inner_info(self): ...")), "inner_info"),
    (rules.silent(ast.parse("x = 1")), "does not say in a docstring what it does"),
    (rules.inline('<p class="a" style="color:red">'), "has the attribute style"),
    (rules.inline("<P\n STYLE = {{ colour }}>"), "has the attribute STYLE"),
    (rules.inline("<style>p { }</style>"), "has a <style> element"),
    (rules.inline('<button onclick="go()">'), "has the attribute onclick"),
    (rules.inline("<script>go()</script>"), "has text inside <script>"),
    (rules.inline("<script {{ nonce }}>{{ inline }} go()</script>"), "has text inside <script>"),
    (rules.inline('<a href="javascript:go()">'), "has a javascript: address"),
    (rules.inline('<img src="https://elsewhere.test/x.png">'), "loads something from elsewhere in <img>"),
    (rules.inline('<link rel="stylesheet" href="//elsewhere.test/x.css">'), "loads something from elsewhere in <link>"),
    (rules.dialects(ast.parse("if engine.name == 'sqlite': pass")), "mentions a database in 'sqlite'"),
    (rules.dialects(ast.parse("import asyncpg.exceptions")), "mentions a database in 'asyncpg.exceptions'"),
    (
        rules.dialects(ast.parse("from sqlalchemy.dialects.postgresql import insert")),
        "mentions a database in 'sqlalchemy.dialects.postgresql'",
    ),
    (rules.dialects(ast.parse("def on_sqlite(): ...")), "mentions a database in 'on_sqlite'"),
    (rules.foreign(ast.parse("import msgspec"), "admitone.model"), "imports msgspec"),
    (rules.foreign(ast.parse("from admitone.basics import clock"), "admitone.model"), "imports admitone.basics"),
    (rules.homebound("see " + rules.PLACES[0] + "x"), "names " + rules.PLACES[0]),
    (rules.homebound("from https://" + rules.HOSTS[0] + "/simple"), "names " + rules.HOSTS[0]),
    (rules.unlocked("--index-url https://registry.test\n"), "holds the line '--index-url https://registry.test'"),
    (rules.unlocked("msgspec==0.22.0\n"), "holds the line 'msgspec==0.22.0'"),
    (rules.unlocked("msgspec @ file:///wheels/x.whl \\\n"), "holds the line 'msgspec @ file:///wheels/x.whl \\\\'"),
    (rules.unlocked_by_npm('{"packages": {"a": {"resolved": "x"}}}'), "says where a lies"),
    (rules.unlocked_by_npm('{"packages": {"": {}, "a": {}}}'), "has no hash of a"),
]


@pytest.mark.parametrize(("found", "complaint"), BAD, ids=[f"{number} {row[1]}" for number, row in enumerate(BAD)])
def test_a_rule_finds_what_breaks_it(found: Iterable[str], complaint: str) -> None:
    assert complaint in list(found)


GOOD = [
    rules.overlong("x\n" * 400),
    rules.overlong_functions(ast.parse('def f():\n    """Says."""\n' + "    x = 1\n" * 40)),
    rules.crowded([Path(f"docs/decisions/{number}.md") for number in range(21)]),
    rules.banned_words("database_of_processed_metadata"),
    rules.banned_words("Basics"),
    rules.banned_words("from_base64url"),
    rules.silent(ast.parse('"""Says what it does."""')),
    rules.inline('<a href="https://elsewhere.test/" data-style="x" title="style= onclick=">read on = more</a>'),
    rules.inline('<script src="/static/site.js" defer></script><!-- <style> --><use href="#icon"/>'),
    rules.inline("{% if 1 < 2 %}<p>{{ words.on(x) }}</p>{# <style> #}{% endif %}"),
    rules.dialects(ast.parse('def f():\n    """On SQLite this is inline."""')),
    rules.foreign(ast.parse("import re\nfrom admitone.model.faults import Fault"), "admitone.model"),
    rules.homebound("the frame" + "work/ and ~/" + "x"),
    rules.unlocked("uvloop==0.22.1 ; sys_platform != 'win32' \\\n    --hash=sha256:" + "0" * 64 + "\n"),
]


@pytest.mark.parametrize("found", GOOD, ids=range(len(GOOD)))
def test_a_rule_lets_pass_what_keeps_it(found: Iterable[str]) -> None:
    assert list(found) == []
