"""What people are told is in plain words, for every fault there is."""

import re
from pathlib import Path

import pytest

import admitone.pages
from admitone.model.faults import Fault, Refused
from admitone.pages.words import WORDS, say, say_refused, wait

TEMPLATES = Path(admitone.pages.__file__).parent / "templates"
# One word per idea, and none of these is one of ours (ux.md §1, §4.1).
NEVER = re.compile(
    r"\b(OAuth|scopes?|tokens?|sessions?|revoked?|invalid|sorry|oops|please wait|ok|submit)\b|!(?!--)", re.IGNORECASE
)


@pytest.mark.parametrize("fault", Fault)
def test_every_fault_has_words(fault: Fault) -> None:
    words = WORDS[fault]
    assert 400 <= words.status <= 599
    assert words.title == words.title.strip()
    assert not words.title.endswith(".")
    assert words.sentences
    said = " ".join([words.title, *words.sentences])
    assert not NEVER.search(said)
    assert fault.value not in said
    notice = say(fault, app="The {app} app", retry_after=200)
    assert "{wait}" not in "".join(notice.sentences)


def test_there_are_no_words_for_faults_that_are_not() -> None:
    assert set(WORDS) == set(Fault)


# The inspector is read by those who write apps.
FOR_PEOPLE = [path for path in sorted(TEMPLATES.rglob("*.html")) if path.parent.name != "sandbox"]


@pytest.mark.parametrize("path", FOR_PEOPLE, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_no_template_uses_a_word_that_is_not_ours(path: Path) -> None:
    text = re.sub(r"\{[%{#].*?[%}#]\}|<!doctype[^>]*>|<[^>]+>", " ", path.read_text(), flags=re.DOTALL)
    assert NEVER.findall(text) == []


def test_blanks_are_filled_in_once_and_with_nothing_else() -> None:
    notice = say(Fault.RETURN_ADDRESS_NOT_REGISTERED, app="{wait}{0}%s")
    assert "that {wait}{0}%s hasn’t registered" in notice.sentences[0]


def test_a_refusal_says_how_long_to_wait() -> None:
    notice = say_refused(Refused(Fault.LOGIN_LIMITED, retry_after=181))
    assert (notice.status, notice.retry_after, notice.sentences) == (429, 181, ("Wait 4 minutes and try again.",))


@pytest.mark.parametrize(
    ("seconds", "words"), [(None, "a minute"), (1, "1 minute"), (60, "1 minute"), (61, "2 minutes")]
)
def test_waits_are_whole_minutes(seconds: int | None, words: str) -> None:
    assert wait(seconds) == words
