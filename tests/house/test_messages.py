"""Holds every catalogue to the source: nothing untranslated, nothing uncertain, no blank or tag lost."""

from itertools import chain

import pytest
from babel.messages import Catalog

from admitone.basics.languages import CATALOGUES, OTHERS, languages
from tests.house import messages

COMMAND = "run make languages"


@pytest.mark.parametrize("code", OTHERS)
def test_every_message_is_translated(code: str) -> None:
    wanted, found = messages.extracted(), messages.catalogue(code)
    assert len(wanted) > 100
    complaints = [*messages.untranslated(wanted, found), *messages.left_over(wanted, found)]
    assert not complaints, COMMAND + "\n" + "\n".join(complaints)


@pytest.mark.parametrize("code", OTHERS)
def test_translations_keep_blanks_and_tags(code: str) -> None:
    assert list(messages.mangled(messages.catalogue(code))) == []


@pytest.mark.parametrize("code", OTHERS)
def test_what_the_program_reads_is_what_is_written(code: str) -> None:
    assert not messages.stale(code), COMMAND


def test_there_is_a_catalogue_for_every_language_and_no_other() -> None:
    assert {path.name for path in CATALOGUES.iterdir()} == set(OTHERS)
    assert set(languages()) == {"en", *OTHERS}


def test_messages_come_out_the_same_each_time() -> None:
    first, second = messages.extracted(), messages.extracted()
    assert [message.id for message in first] == [message.id for message in second]


def catalogue_of(*rows: tuple[str | tuple[str, str], str | tuple[str, str]], fuzzy: bool = False) -> Catalog:
    made = Catalog("de")
    for message, string in rows:
        made.add(message, string, flags=["fuzzy"] if fuzzy else [])
    return made


def test_what_is_missing_is_noticed() -> None:
    wanted = catalogue_of(("Sign in", ""), (("{count} day", "{count} days"), ("", "")))
    half = catalogue_of(("Sign in", "Anmelden"), (("{count} day", "{count} days"), ("{count} Tag", "")))
    assert len(list(messages.untranslated(wanted, catalogue_of()))) == 2
    assert list(messages.untranslated(wanted, half)) == ["'{count} day' is not translated"]
    assert len(list(messages.untranslated(wanted, catalogue_of(("Sign in", "Anmelden"), fuzzy=True)))) == 2


def test_what_nobody_says_any_more_is_noticed() -> None:
    assert list(messages.left_over(catalogue_of(), catalogue_of(("Sign in", "Anmelden")))) == [
        "'Sign in' is said nowhere"
    ]


@pytest.mark.parametrize(
    ("message", "string"),
    [
        ("Wait {wait}", "Warten"),
        ("Wait {wait}", "Warten Sie {weit}"),
        ("Wait {wait}", "Warten Sie {wait} {wait}"),
        ("Asked %(when)s", "Gefragt"),
        ("100%%", "100 %"),
        ("<strong>See</strong> it", "<em>Sehen</em>"),
        ("See it", "<b>Sehen</b>"),
        (("{count} day", "{count} days"), ("{count} Tag", "Tage")),
    ],
)
def test_a_blank_or_a_tag_that_got_lost_is_noticed(
    message: str | tuple[str, str], string: str | tuple[str, str]
) -> None:
    assert len(list(messages.mangled(catalogue_of((message, string))))) == 1


def test_a_good_translation_is_let_pass() -> None:
    rows = [("Wait {wait} in <b>%(app)s</b>", "In <b>%(app)s</b> {wait} warten")]
    assert (
        list(
            chain(
                messages.mangled(catalogue_of(*rows)), messages.untranslated(catalogue_of(*rows), catalogue_of(*rows))
            )
        )
        == []
    )
