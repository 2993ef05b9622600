"""E-mail addresses are normalised before they are checked, and one mailbox has one key however it is spelled."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from admitone.basics.addresses import Address, read_address
from admitone.model.faults import Fault, Refused

# ruff: noqa: RUF001 - such letters are what this is about
SAME = [
    ("mira@example.org", "mira@example.org"),
    ("  Mira.Okafor@Example.ORG ", "mira.okafor@example.org"),
    ("mira+films@example.org", "mira+films@example.org"),
    ("ｍｉｒａ＠ｅｘａｍｐｌｅ．ｏｒｇ", "mira@example.org"),
    ("mira@bücher.example", "mira@xn--bcher-kva.example"),
    ("mira@XN--BCHER-KVA.example", "mira@xn--bcher-kva.example"),
    ("用户@例子.example", "用户@xn--fsqu00a.example"),
    ("mira@nas.local", "mira@nas.local"),
    ("ﬁlm@example.org", "film@example.org"),
    ("JOSÉ@example.org", "josé@example.org"),
    ("jose\u0301@example.org", "josé@example.org"),
]
BAD = [
    "", "mira", "@example.org", "mira@", "mira@example", "mira@@example.org", "mira@example.org@evil.example",
    "mira＠example.org@evil.example", "mira@evil.example＠example.org", "mira @example.org", "mira@exam ple.org",
    "mira@example.org\r\nBcc: all@example.org", "mira@example.org\nSubject: x", "mira@example.org,tom@example.org",
    "mira@example.org;tom@example.org", "Mira <mira@example.org>", '"mira"@example.org', '"a b"@example.org',
    "mira(comment)@example.org", "mira@[127.0.0.1]", "mira@example..org", ".mira@example.org", "mi..ra@example.org",
    "mira.@example.org", "mira@-example.org", "mira@example.org.", "mira\u200b@example.org", "mira@exa\u202emple.org",
    "m\u0456ra@example.org", "mira\x00@example.org", "mira@example.org\x00", "a" * 65 + "@example.org",
    "mira@" + "a" * 64 + ".example", "mira@" + ".".join(["a" * 60] * 5), "m" * 10**6, "\ud800@example.org",
    "mira@exam℀ple.org", "<script>@example.org", "mira@exa<b>mple.org", "%0d%0a@exa%0ample.org",
]  # fmt: skip


@pytest.mark.parametrize(("typed", "key"), SAME)
def test_all_spellings_of_an_address_have_one_key(typed: str, key: str) -> None:
    assert read_address(typed).key == key


@pytest.mark.parametrize("typed", BAD)
@pytest.mark.holds("A14")
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        read_address(typed)
    assert refused.value.fault is Fault.EMAIL_BAD


def test_mail_goes_to_the_address_as_it_was_written_at_a_host_that_every_server_knows() -> None:
    assert read_address("Mira@Bücher.example") == Address("Mira@xn--bcher-kva.example", "mira@xn--bcher-kva.example")


@given(st.text(max_size=30), st.text(max_size=30))
@example("\u0130", "example.org")
@example("ß", "straße.example")
@example("\u1e9e", "fa\u00df.example")
@pytest.mark.holds("A14")
def test_a_key_is_its_own_key(local: str, domain: str) -> None:
    try:
        found = read_address(f"{local}@{domain}")
    except Refused:
        return
    assert read_address(found.key).key == found.key
    assert read_address(found.written).key == found.key
