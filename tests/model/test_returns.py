"""This file holds that the browser goes back to where it may, and never anywhere else."""

import re
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admitone.model.faults import Fault, Refused
from admitone.model.web.returns import (
    Kind,
    Next,
    ReturnAddress,
    Unregistered,
    approved,
    choose,
    denied,
    form_action,
    parse,
    shown_host,
)
from tests.model.return_corpus import NEVER_FOLLOWED, TOKEN, cases

CASES = cases()
PIECES = st.sampled_from(
    [
        *(
            "https:",
            "http:",
            "HTTP:",
            "app:",
            "javascript:",
            "/",
            "//",
            "\\",
            "@",
            ":",
            "?",
            "#",
            ".",
            "%2f",
            "%",
            "[",
            "]",
        ),
        *(
            "a",
            "evil.example",
            "127.0.0.1",
            "::1",
            "localhost",
            "0x7f",
            "xn--",
            "\u00fc",
            "\uff0f",
            "8080",
            "\t",
            "\n",
            " ",
        ),
    ]
)
ADDRESSES = st.one_of(st.text(max_size=40), st.lists(PIECES, max_size=12).map("".join))
FOLLOWED = [case.text for case in CASES if case.accepted]


def read(text: str) -> ReturnAddress | None:
    try:
        return parse(text)
    except Refused as refused:
        if refused.fault is not Fault.RETURN_ADDRESS_BAD:
            raise
        return None


def hold_harmless(address: ReturnAddress) -> None:
    """The promise about everything that parse lets through, stated with another parser than ours."""
    text = address.text
    assert re.fullmatch(r"[!-~]+", text), "only printable ASCII goes into a header"
    assert "\\" not in text
    assert len(text) <= 2048
    parts = urlsplit(text)
    assert parts.scheme == address.scheme == address.scheme.lower()
    assert address.scheme not in NEVER_FOLLOWED
    if address.kind is Kind.APP:
        assert address.scheme not in {"http", "https"}
        assert address.host == ""
    else:
        assert address.scheme in {"http", "https"}
        assert "@" not in parts.netloc
        assert parts.netloc.rpartition(":")[0 if parts.port else 2] in {address.host, "1]"}
        assert parts.hostname == address.host.strip("[]")
        assert re.fullmatch(r"[a-z0-9_.-]+|\[[0-9a-f:]+\]", address.host)
        assert not re.search(r"(^|\.)(0x[0-9a-f]*|[0-9]+)$", address.host) or re.fullmatch(
            r"(\d{1,3}\.){3}\d{1,3}", address.host
        ), "a number that a browser would read differently"


def test_there_are_as_many_hostile_addresses_as_promised():
    assert len(CASES) >= 900
    assert len(FOLLOWED) >= 300


@pytest.mark.parametrize("accepted", [True, False])
def test_every_address_of_the_corpus_is_judged_as_it_should_be(accepted):
    wrong = [case.text[:80] for case in CASES if case.accepted is accepted and (read(case.text) is None) is accepted]
    assert wrong == []


@pytest.mark.holds("F4", "F6", "B9")
def test_nothing_dangerous_comes_out_of_the_corpus():
    for text in FOLLOWED:
        hold_harmless(parse(text))


@pytest.mark.holds("F4", "ASVS 3.7.2")
def test_an_app_with_registered_addresses_is_never_sent_elsewhere():
    registered = ["https://app.example/registered", "http://127.0.0.1/registered", "other://registered"]
    for text in FOLLOWED:
        for policy in Unregistered:
            with pytest.raises(Refused) as refused:
                choose(parse(text), registered, policy)
            assert refused.value.fault is Fault.RETURN_ADDRESS_NOT_REGISTERED


@given(ADDRESSES)
def test_any_text_is_refused_or_harmless_and_stays_what_it_is(text):
    address = read(text)
    if address is not None:
        hold_harmless(address)
        assert parse(address.text) == address


@given(
    st.sampled_from(FOLLOWED), st.sampled_from([approved, denied]), st.text("0123456789abcdef", min_size=1, max_size=40)
)
def test_the_answer_goes_to_the_very_address_that_was_judged(text, answer, token):
    address = parse(text)
    told = answer(address, token)
    assert told.startswith(address.text)
    assert re.fullmatch(rf"[?&]?request_token={token}&(approved|denied)=true", told.removeprefix(address.text))
    if len(told) <= 2048:
        assert parse(told)._replace(text="") == address._replace(text="")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("https://app.example/cb", "https://app.example/cb?request_token=TOKEN&approved=true"),
        ("https://app.example", "https://app.example?request_token=TOKEN&approved=true"),
        ("https://app.example/cb?a=1", "https://app.example/cb?a=1&request_token=TOKEN&approved=true"),
        ("https://app.example/cb?a=1&", "https://app.example/cb?a=1&request_token=TOKEN&approved=true"),
        ("https://app.example/cb?", "https://app.example/cb?request_token=TOKEN&approved=true"),
        ("https://x/#/cb", "https://x/#/cb?request_token=TOKEN&approved=true"),
        ("https://x/#/cb?a=1", "https://x/#/cb?a=1&request_token=TOKEN&approved=true"),
        ("https://x/?a=1#/cb", "https://x/?a=1#/cb?request_token=TOKEN&approved=true"),
        ("moviedemoauth://", "moviedemoauth://?request_token=TOKEN&approved=true"),
        ("showscoreapp://loginsuccessful", "showscoreapp://loginsuccessful?request_token=TOKEN&approved=true"),
        ("kkid-tmdb://", "kkid-tmdb://?request_token=TOKEN&approved=true"),
        ("myapp:/cb", "myapp:/cb?request_token=TOKEN&approved=true"),
        ("MyApp:cb?x", "MyApp:cb?x&request_token=TOKEN&approved=true"),
        ("http://localhost:3000", "http://localhost:3000?request_token=TOKEN&approved=true"),
    ],
)
def test_the_token_comes_first_and_is_appended_where_apps_look_for_it(text, told):
    assert approved(parse(text), TOKEN) == told.replace("TOKEN", TOKEN)
    assert denied(parse(text), TOKEN) == told.replace("TOKEN", TOKEN).replace("approved", "denied")


def test_a_token_that_is_none_of_ours_cannot_break_out_of_its_parameter():
    assert (
        approved(parse("https://x/cb"), "a&b=c\r\n#") == "https://x/cb?request_token=a%26b%3Dc%0D%0A%23&approved=true"
    )


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("HTTPS://App.EXAMPLE/Cb", "https://app.example/Cb"),
        ("https://b\u00fccher.example/\u00fc x", "https://xn--bcher-kva.example/%C3%BC%20x"),
        ("https://x/%2F%25?%41=%c3%bc", "https://x/%2F%25?%41=%c3%bc"),
        ('https://x/"<>`', "https://x/%22%3C%3E%60"),
        ("MovieDemo:///A%20b c", "MovieDemo:///A%20b%20c"),
        ('movies:<"x">/\u00e9', 'movies:<"x">/%C3%A9'),
    ],
)
def test_what_is_sent_is_what_a_browser_would_make_of_it(text, sent):
    assert parse(text).text == sent


@pytest.mark.parametrize(
    ("text", "registered", "is_same"),
    [
        ("https://app.example/cb", "https://app.example/cb", True),
        ("https://app.example/cb", "HTTPS://APP.example:443/cb", True),
        ("https://app.example", "https://app.example/", True),
        ("https://app.example?x", "https://app.example/?x", True),
        ("https://app.example/cb", "https://app.example/CB", False),
        ("https://app.example/cb", "https://app.example/cb/", False),
        ("https://app.example/cb/../cb", "https://app.example/cb", False),
        ("https://app.example/cb?a=1", "https://app.example/cb", False),
        ("https://app.example/cb?b&a", "https://app.example/cb?a&b", False),
        ("https://app.example/cb#x", "https://app.example/cb", False),
        ("https://app.example/c%62", "https://app.example/cb", False),
        ("http://app.example/cb", "https://app.example/cb", False),
        ("https://app.example:8443/cb", "https://app.example/cb", False),
        ("https://www.app.example/cb", "https://app.example/cb", False),
        ("https://app.example.evil.example/cb", "https://app.example/cb", False),
        ("https://xn--bcher-kva.example/", "https://b\u00fccher.example/", True),
        ("http://127.0.0.1:8731/cb", "http://127.0.0.1/cb", True),
        ("http://127.0.0.1/cb", "http://127.0.0.1:3000/cb", True),
        ("http://[::1]:8731/cb", "http://[::1]:1/cb", True),
        ("http://[::1]:8731/cb", "http://127.0.0.1:8731/cb", False),
        ("http://127.0.0.1:8731/other", "http://127.0.0.1/cb", False),
        ("http://127.0.0.2:8731/cb", "http://127.0.0.2/cb", False),
        ("https://127.0.0.1:8731/cb", "http://127.0.0.1:8731/cb", False),
        ("http://localhost:3000/cb", "http://localhost:3000/cb", True),
        ("http://localhost:3001/cb", "http://localhost:3000/cb", False),
        ("http://localhost:3000/cb", "http://127.0.0.1:3000/cb", False),
        ("myapp://cb", "myapp://cb", True),
        ("myapp:/cb", "myapp://cb", False),
        ("myapp:///cb", "myapp://cb", False),
        ("MyApp://cb", "myapp://cb", False),
        ("myapp://cb/", "myapp://cb", False),
        ("https://app.example/cb", "javascript:alert(1)", False),
    ],
)
@pytest.mark.holds("F4", "F7")
def test_a_registered_address_is_matched_exactly(text, registered, is_same):
    address = parse(text)
    if is_same:
        assert choose(address, ["other://", registered], Unregistered.REFUSE) is Next.FOLLOW
    else:
        with pytest.raises(Refused):
            choose(address, ["other://", registered], Unregistered.FOLLOW)


@pytest.mark.parametrize(
    ("text", "policy", "following"),
    [
        (None, Unregistered.FOLLOW, Next.STAY),
        (None, Unregistered.REFUSE, Next.STAY),
        ("https://app.example/cb", Unregistered.FOLLOW, Next.FOLLOW),
        ("https://app.example/cb", Unregistered.ASK, Next.ASK),
        ("https://app.example/cb", Unregistered.REFUSE, None),
        ("http://app.example/cb", Unregistered.FOLLOW, Next.FOLLOW),
        ("http://app.example/cb", Unregistered.ASK, None),
        ("http://192.168.1.2/cb", Unregistered.ASK, None),
        ("http://localhost:3000/cb", Unregistered.ASK, Next.ASK),
        ("http://127.0.0.1:3000/cb", Unregistered.ASK, Next.ASK),
        ("moviedemoauth://", Unregistered.ASK, Next.ASK),
        ("moviedemoauth://", Unregistered.FOLLOW, Next.FOLLOW),
        ("moviedemoauth://", Unregistered.REFUSE, None),
        ("https://x/#/cb", Unregistered.FOLLOW, Next.FOLLOW),
    ],
)
def test_an_app_without_registered_addresses_goes_where_the_policy_says(text, policy, following):
    address = None if text is None else parse(text)
    if following is None:
        with pytest.raises(Refused) as refused:
            choose(address, [], policy)
        assert refused.value.fault is Fault.RETURN_ADDRESS_NOT_REGISTERED
    else:
        assert choose(address, [], policy) is following


def test_unencrypted_addresses_may_be_registered():
    address = parse("http://nas.example/cb")
    assert choose(address, ["http://nas.example/cb"], Unregistered.REFUSE) is Next.FOLLOW


def test_without_an_address_a_registered_app_stays_too():
    assert choose(None, ["https://app.example/cb"], Unregistered.REFUSE) is Next.STAY


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("https://app.example", Kind.WEB),
        ("http://192.168.1.2", Kind.WEB),
        ("http://0.0.0.0:3000", Kind.WEB),
        ("http://localhost.evil.example", Kind.WEB),
        ("http://localhost:1", Kind.LOOPBACK),
        ("http://app.localhost", Kind.LOOPBACK),
        ("http://127.8.9.1", Kind.LOOPBACK),
        ("https://[::1]/", Kind.LOOPBACK),
        ("app:x", Kind.APP),
    ],
)
def test_the_kind_of_an_address_is_told(text, kind):
    assert parse(text).kind is kind


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://app.example/secret?path", "app.example"),
        ("https://app.example:443", "app.example"),
        ("http://app.example:443", "app.example:443"),
        ("http://localhost:8731/cb", "localhost:8731"),
        ("http://[::1]:80", "[::1]"),
        ("https://xn--bcher-kva.example", "b\u00fccher.example"),
        (
            "https://\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444",
            "\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444",
        ),
        ("https://\u65e5\u672c.jp:8443", "\u65e5\u672c.jp:8443"),
        ("https://p\u0430ypal.example", "xn--pypal-4ve.example"),  # one Cyrillic letter
        ("https://\u0441\u043e\u0441\u043e.example", "xn--n1aahb.example"),  # all Cyrillic, reads as coco
        ("https://xn--oole-z7bc.example", "xn--oole-z7bc.example"),  # phonetic g
        ("moviedemoauth://anything", "moviedemoauth"),
    ],
)
def test_a_host_is_shown_as_what_it_is(text, shown):
    assert shown_host(parse(text)) == shown


@given(st.sampled_from(FOLLOWED))
def test_a_shown_host_never_holds_what_cannot_be_seen(text):
    assert all(char.isprintable() and char not in '<>"&/\\ ' for char in shown_host(parse(text)))


@pytest.mark.parametrize(
    ("text", "sources"),
    [
        (None, "'self' https:"),
        ("https://app.example", "'self' https:"),
        ("http://localhost:3000", "'self' https: http:"),
        ("CineShelf://done", "'self' https: cineshelf:"),
        ("web+tmdb:x", "'self' https: web+tmdb:"),
    ],
)
def test_the_form_may_lead_to_the_address_and_no_further(text, sources):
    assert form_action(None if text is None else parse(text)) == sources


@given(st.sampled_from(FOLLOWED))
def test_no_address_can_add_to_the_policy(text):
    assert re.fullmatch(r"'self' https:( [a-z][a-z0-9+.-]+:)?", form_action(parse(text)))
