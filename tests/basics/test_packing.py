"""An archive is exact for programs, and nothing in it is a formula for whoever opens it in a spreadsheet."""

import json
import re
import zipfile
from io import BytesIO

import pytest

from admitone.basics.packing import Packing

CHOSEN = [
    '=HYPERLINK("https://bad.example")',
    "+1",
    "-2",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\uff1d1",
    "Films;=HYPERLINK(1)",
    "Films;;@SUM(1)",
    "A line\n-1 and\r\n=2",
]
PLAIN = ["A film; a series", "two\n\nparagraphs", "1 = 1", "a-b", "it's", ""]
# Wherever a spreadsheet may begin a cell: it may know a comma, a semicolon or a tab, and take no notice of quotes.
CELL = re.compile(r"(?:^|[,;\t\r\n])\"?([=+\-@\uff1d\uff0b\uff0d\uff20])")


async def packed(text: str) -> tuple[list[object], str]:
    """The rows of an archive with this text in it, and the table of them."""
    packing = Packing()
    await packing.add("lists", "lists", [{"number": 7, "name": text}])
    size = packing.close()
    with zipfile.ZipFile(BytesIO(packing.part(0)[:size])) as archive:
        found = json.loads(archive.read("lists.json")), archive.read("lists.csv").decode()
    packing.throw_away()
    return found[0]["rows"], found[1]


@pytest.mark.parametrize("text", CHOSEN, ids=ascii)
async def test_no_text_that_somebody_chose_is_a_formula(text: str) -> None:
    rows, table = await packed(text)
    assert rows == [{"number": 7, "name": text}]
    assert CELL.search(table) is None, table


@pytest.mark.parametrize("text", PLAIN, ids=ascii)
async def test_all_other_text_stays_as_it_is(text: str) -> None:
    _, table = await packed(text)
    assert f"7,{text}" in table.replace('"', "")
