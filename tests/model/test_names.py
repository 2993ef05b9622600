"""This file holds that people and apps have names that can be told apart."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admitone.model.faults import Fault, Refused
from admitone.model.names import clean_app_name, clean_name, clean_username, skeleton, username_key

UNSEEN = (
    "\0\x07\x1b\x7f\x9f\xad\u034f\u061c\u115f\u180e\u200b\u200d\u200e\u202a\u202e"
    "\u2066\u2069\u2800\u3164\ufe0f\ufeff\U000e0020"
)
LETTERS = "abcdefghijklmnopqrstuvwxyz"
TEXTS = st.one_of(
    st.text(), st.text("aA\u0430\u0391i1lI0oO._- \u0301\u0345\u200d\u202e\ufb01\uff21\u1e9e\u0130", max_size=12)
)

# A name, and another that a person can take for it.
CONFUSABLE = (
    *(
        ("CineShelf", other)
        for other in ("Cineshelf", "CINESHELF", "Cine Shelf", "cine-shelf", "C\u00efn\u00e9Sh\u00eblf", "C1neShelf")
    ),
    *(
        ("CineShelf", other)
        for other in (
            "CineSheIf",
            "\u0421ineShelf",
            "Cine\u0405helf",
            "CineSh\u0435lf",
            "\uff23ineShelf",
            "Cine_Shelf!",
        )
    ),
    *(
        ("CineShelf", other)
        for other in (
            "C\u0456neShelf",
            "\u2102ineShelf",
            "CineShe\u013ff",
            "CineS\u04bbelf",
            "C\u0131neShelf",
            "Ci\u0578eShelf",
        )
    ),
    *(
        ("MovieBox", other)
        for other in ("M0vieBox", "Movie B\u03bfx", "\u041covieBox", "Mo\u03bdieBox", "Movi\u0435Box", "MovieBo\u0445")
    ),
    *(
        ("MovieBox", other)
        for other in (
            "Movie\u0412ox",
            "\u039covieBox",
            "MOVIEB\u041eX",
            "movie.box",
            "Movie\u200bBox",
            "\u202eMovieBox",
        )
    ),
    *(
        ("Netflix", other)
        for other in (
            "\u039detflix",
            "NETFLI\u03a7",
            "Netf1ix",
            "NetfIix",
            "Ne\u0442flix",
            "\U0001d40detflix",
            "Netfl\u0456x",
        )
    ),
    *(
        ("Popcorn", other)
        for other in (
            "\u0420opcorn",
            "P\u043epcorn",
            "Popcom",
            "P\u00f8pcorn",
            "Pop\u0441orn",
            "\u24c5opcorn",
            "P0pc0rn",
        )
    ),
    *(
        ("Watchlist", other)
        for other in (
            "VVatchlist",
            "\u0461atchlist".replace("\u0461", "\u051d"),
            "W\u0430tchlist",
            "Watch1ist",
            "WATCHLI\u0405T",
        )
    ),
    *(
        ("Trakt", other)
        for other in ("\u0422rakt", "Tra\u043at", "T\u0433akt", "TR\u0410KT", "Tr\u00e1kt", "Trak\u03c4")
    ),
    *(
        ("Plex", other)
        for other in ("P1ex", "PIex", "\u03a1lex", "Ple\u0445", "Pl\u0435x", "\uff30\uff4c\uff45\uff58", "P|ex")
    ),
)


@pytest.mark.parametrize(("name", "other"), CONFUSABLE)
@pytest.mark.holds("F3", "A14")
def test_names_that_look_alike_have_one_skeleton(name, other):
    assert skeleton(name) == skeleton(other)


@pytest.mark.holds("F3")
def test_there_are_enough_pairs_of_lookalikes():
    assert len(set(CONFUSABLE)) >= 60


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("CineShelf", "CineShell"),
        ("Plex", "Flex"),
        ("Movie 2", "Movie 3"),
        ("\u041a\u0438\u043d\u043e", "Kinder"),
        ("C", "C++"),
    ],
)
def test_names_that_differ_to_the_eye_have_different_skeletons(name, other):
    assert skeleton(name) != skeleton(other)


@given(TEXTS)
@pytest.mark.holds("A14")
def test_a_skeleton_is_its_own_skeleton(text):
    assert skeleton(skeleton(text)) == skeleton(text)


@pytest.mark.parametrize(
    "text",
    [
        *("mira", "Mira", "mira.stone", "mira-stone", "_mira_", "m", "1", "2001", "a1-b2.c3_d4", "x" * 40),
        *(
            "\u043c\u0438\u0440\u0430",
            "\u039c\u03b1\u03c1\u03af\u03b1",
            "m\u00edra",
            "\u00c5sa",
            "stra\u00dfe",
            "\u5c0f\u6797\u3055\u304f\u3089",
            "\uae40\ubbf8\ub77c",
        ),
        *(
            "\u05de\u05d9\u05e8\u05d4",
            "\u0645\u064a\u0631\u0627",
            "\u092e\u0940\u0930\u093e",
            "\u0e21\u0e35\u0e23\u0e32",
            "\u043c\u0438\u0440\u0430-2",
            "\u0421\u0430\u0440\u0430",
            "\u041a\u043e\u0442",
            "\u039d\u03af\u03ba\u03b7",
        ),
    ],
)
def test_ordinary_user_names_are_taken_as_they_are(text):
    assert clean_username(text) == text


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            ".",
            "-",
            "_",
            "__",
            "a..b",
            "a.",
            ".a",
            "-a",
            "a-",
            "a.-b",
            "x" * 41,
            "x" * 100_000,
            "\u0301" * 5000,
        ),
        *(
            "a b",
            "a@b",
            "a/b",
            "a\\b",
            "a+b",
            "a,b",
            "a:b",
            "a'b",
            'a"b',
            "a<b>",
            "a&b",
            "a%b",
            "a#b",
            "a?b",
            "a!",
            "\u00a1a",
            "a\nb",
        ),
        *("a" + char for char in UNSEEN),
        *(char + "a" for char in UNSEEN),
        *(
            "\u0301a",
            "a\u0301\u0301\u0301\u0301\u0301",
            "a.\u0301b",
            "\u263a",
            "\U0001f600",
            "a\u20ac",
            "\u00b2\u2044\u2083",
            "\u0661\u0662\u0663",
        ),
        # one word in two scripts, or with letters made for phonetics, or whose capitals pass for Latin ones
        *(
            "p\u0430ypal",
            "\u0410dmin",
            "mir\u03b1",
            "\u043c\u0438ra",
            "\u041a\u041e\u0422",
            "\u041c\u0410\u0422\u0415",
            "\u0397\u0391\u03a4",
            "\u0261oo\u0261le",
            "\u0251nna",
        ),
        *("admitone", "Admit_One", "admit.0ne", "adm1t-one", "ADM\u00cdTONE", "the-admitone-team", "AdrnitOne"),
    ],
)
@pytest.mark.holds("A14")
def test_user_names_that_deceive_or_cannot_be_written_are_refused(text):
    with pytest.raises(Refused) as refused:
        clean_username(text)
    assert refused.value.fault is Fault.USERNAME_BAD


def test_the_case_of_every_letter_can_be_mixed():
    for letter in LETTERS:
        assert username_key(letter.upper() + "x") == username_key(letter + "X") == letter + "x"


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("Mira", "mIRA"),
        ("mira", " mira "),
        ("m\u00edra", "mi\u0301ra"),
        ("mira", "\uff4d\uff49\uff52\uff41"),
        ("STRASSE", "stra\u00dfe"),
        ("\ufb01lm", "film"),
        ("\u039c\u0391\u03a1\u03a3", "\u03bc\u03b1\u03c1\u03c2"),
        ("\u212aim", "kim"),
        ("\u0421\u0430\u0440\u0430", "capa"),
        ("\u0421\u0410\u0420\u0410", "capa"),
        ("\u043a\u043e\u0442", "\u041a\u041e\u0422"),
    ],
)
def test_all_spellings_of_a_user_name_have_one_key(text, other):
    assert username_key(text) == username_key(other)


@given(TEXTS)
@pytest.mark.holds("A14")
def test_a_key_is_its_own_key(text):
    assert username_key(username_key(text)) == username_key(text)


@given(TEXTS)
def test_a_user_name_that_is_taken_stays_as_it_is_and_is_found_by_its_key(text):
    try:
        name = clean_username(text)
    except Refused:
        return
    assert clean_username(name) == name
    assert username_key(name) == username_key(text)
    assert all(char.isprintable() and char not in " @/\\<>&\"'" for char in name)


def test_what_is_far_too_long_has_the_key_of_nobody():
    assert username_key("x" * 1001) == ""
    assert username_key("\ufdfa" * 500) == ""


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("  Mira   Stone \n", "Mira Stone"),
        ("Mira\u202eenotS\u202c", "MiraenotS"),
        ("Mi\u0301ra", "M\u00edra"),
        ("a\u0000b\x1b[31mc", "ab[31mc"),
        ("Zo\u200be", "Zoe"),
        ("a\u2028b\u2029c\x85d", "a b c d"),
        ("Z\u0335\u0336\u0337\u0338\u0339\u033aalgo", "Z\u0335\u0336\u0337algo"),
        ("\U0001f3ac Films & <b>more</b>", "\U0001f3ac Films & <b>more</b>"),
        ("\u041a\u0438\u043d\u043e CineShelf", "\u041a\u0438\u043d\u043e CineShelf"),
        ("x" * 60, "x" * 60),
        ("x" * 60 + " " * 40, "x" * 60),
    ],
)
def test_names_lose_what_cannot_be_seen(text, name):
    assert clean_name(text) == name


@pytest.mark.parametrize("text", ["", " ", "\t\r\n", UNSEEN, "\u0301", "...", "\u2800", "x" * 61, "x" * 1_000_000])
def test_names_without_anything_to_see_or_without_end_are_refused(text):
    with pytest.raises(Refused) as refused:
        clean_name(text)
    assert refused.value.fault is Fault.NAME_BAD


def test_the_limit_counts_what_is_left():
    assert clean_name("\u202e" * 50 + "abc", limit=3) == "abc"
    with pytest.raises(Refused):
        clean_name("abcd", limit=3)


@given(TEXTS)
def test_a_clean_name_is_clean(text):
    try:
        name = clean_name(text)
    except Refused:
        return
    assert clean_name(name) == name
    assert 0 < len(name) <= 60
    assert not {unicodedata.category(char) for char in name} & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@pytest.mark.parametrize(
    "text",
    [
        "Admit One",
        "admit one",
        "ADMIT\u00a0ONE",
        "AdmitOne",
        "Adm\u0456t One",
        "Admit 0ne",
        "Adrnit 0ne",
        "\u0410dmit One Security",
        "A d m i t - o n e",
    ],
)
def test_no_app_is_called_like_the_house(text):
    with pytest.raises(Refused) as refused:
        clean_app_name(text)
    assert refused.value.fault is Fault.NAME_BAD


def test_other_apps_are_called_as_they_like():
    assert clean_app_name(" Admit Two ") == "Admit Two"
    assert clean_app_name("CineShelf") == "CineShelf"
