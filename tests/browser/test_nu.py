"""The Nu HTML checker is asked about every page that the stages of these tests serve; here, that it would complain."""

from pathlib import Path

from tests.browser.nu import Pages

GOOD = b"<!doctype html><html lang=en><head><title>x</title></head><body><h1>x</h1></body></html>"


async def test_the_checker_finds_what_is_wrong_with_a_page_and_nothing_else(tmp_path: Path) -> None:
    pages = Pages(tmp_path / "pages")
    pages.keep(GOOD)
    pages.keep(GOOD.replace(b"</h1>", b"</h1><p><div id=a></div></p><p id=a>x</p>"))
    complaints = " ".join(pages.complaints())
    assert "Duplicate ID" in complaints
    assert "No “p” element in scope" in complaints.replace('"', "”")
