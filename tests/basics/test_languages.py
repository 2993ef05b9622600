"""Whatever somebody asks for, they get a language that we have; and what is said, is said in it."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admitone.basics.languages import (
    ENGLISH,
    LONGEST_HEADER,
    choose,
    figure,
    gettext,
    language,
    languages,
    ngettext,
    speak,
    speaking,
)


@pytest.mark.parametrize(
    ("wanted", "accepted", "code"),
    [
        ("", "", "en"),
        ("de", "", "de"),
        ("de", "fr", "de"),
        ("DE", "", "de"),
        ("ja", "fr", "fr"),
        ("ja", "", "en"),
        ("", "de", "de"),
        ("", "de-AT", "de"),
        ("", "de-Latn-AT-1996", "de"),
        ("", "ES-mx", "es"),
        ("", "ja, fr;q=0.8, de;q=0.9", "de"),
        ("", "ja, fr;q=0.8, de ; q=0.8", "fr"),
        ("", "de;q=0, fr;q=0.001", "fr"),
        ("", "de;q=0", "en"),
        ("", "*", "en"),
        ("", "*, de", "de"),
        ("", "de;q=1.000", "de"),
        ("", "de;level=1", "en"),
        ("", "en, de", "en"),
    ],
)
def test_the_account_chooses_then_the_browser_then_english(wanted: str, accepted: str, code: str) -> None:
    assert choose(wanted, accepted).code == code


HOSTILE = (
    "de;q=nan", "de;q=1e9", "de;q=-1", "de;q=2", "de;q=1.1", "de;q=\u0660.\u0669", "de;q", "de;;q=1",
    "../../etc/passwd", "de/..", "de\x00", "de\r\nset-cookie: a=b", "%s%n{language}", "d" * 10_000,
    "d-" * 10_000, "," * 100_000, "'\"><script>", "dé", "\uff44\uff45", "de_DE", "i-klingon", "x", "-", "--", "*-*",
    "qaa-Qaaa-QM-x-southern", "de-" + "a" * 9,
)  # fmt: skip


@pytest.mark.parametrize("accepted", HOSTILE)
def test_what_is_no_header_counts_for_nothing(accepted: str) -> None:
    assert choose("", accepted) is ENGLISH
    assert choose(accepted) in languages().values()
    assert choose("", f"{accepted[:900]},fr").code in ("en", "fr")


@given(st.text(), st.text())
def test_any_text_is_borne(wanted: str, accepted: str) -> None:
    assert choose(wanted, accepted) in languages().values()


@given(st.lists(st.sampled_from(["de", "fr;q=0.5", "ja", "*;q=0.1", " es ; q=0.7", "x;q=9", ""]), max_size=30))
def test_one_of_those_that_were_asked_for(parts: list[str]) -> None:
    found = choose("", ",".join(parts))
    assert found is ENGLISH or any(found.code in part for part in parts)


def test_only_the_beginning_of_a_long_header_is_read() -> None:
    assert choose("", "ja," * LONGEST_HEADER + "de") is ENGLISH


def test_every_context_speaks_its_own_language() -> None:
    async def said(code: str) -> str:
        speak(choose(code))
        await asyncio.sleep(0)
        return language().code

    async def all_at_once() -> list[str]:
        return await asyncio.gather(*(said(code) for code in languages()))

    assert asyncio.run(all_at_once()) == list(languages())


def test_a_block_is_in_another_language_and_what_follows_is_not() -> None:
    speak(ENGLISH)
    with speaking(choose("de")):
        assert figure(1234.5) == "1.234,5"
    assert figure(1234.5) == "1,234.5"


def test_blanks_are_filled_once_and_with_nothing_else() -> None:
    with speaking(ENGLISH):
        assert gettext("{app} and {wait}", app="{wait}{0}%s", wait="x") == "{wait}{0}%s and x"
        assert ngettext("{count} of {app}", "{count} of {app}s", 1234, app="{count}") == "1,234 of {count}s"
        assert gettext("no {blanks} here") == "no {blanks} here"
