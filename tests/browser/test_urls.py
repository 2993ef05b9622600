"""An address that we follow is read by the browser as we read it: the very same host, port and scheme (B17)."""

import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser

from admitone.model.faults import Refused
from admitone.model.web.returns import Kind, ReturnAddress, approved, parse
from tests.model.return_corpus import TOKEN, cases

PORTS = {"http": "80", "https": "443"}
# As an address, and as a Location of ours would be read; null for what the browser cannot read at all.
READ = """texts => JSON.parse(texts).map(text => [undefined, 'https://admit.example/authenticate/x/y'].map(base => {
    try { const { href, protocol, username, password, hostname, port } = new URL(text, base);
          return { href, protocol, username, password, hostname, port };
    } catch { return null; }
}))"""


@pytest.mark.holds("B17", "F4", "F6", "F7")
async def test_chromium_reads_every_address_as_we_do(chromium: Browser) -> None:
    texts = [case.text for case in cases()]
    assert len(texts) >= 900
    judged = {text: address for text in texts if (address := _parsed(text)) is not None}
    assert len(judged) > 300
    page = await chromium.new_page()
    asked = [
        *judged,
        *(address.text for address in judged.values()),
        *(approved(each, TOKEN) for each in judged.values()),
    ]
    # Lone surrogates and the like get there as JSON.
    read: list[list[dict[str, Any] | None]] = await page.evaluate(READ, json.dumps(asked))
    every: list[list[dict[str, Any] | None]] = await page.evaluate(READ, json.dumps(texts))
    await page.close()
    assert len(every) == len(texts)
    disagreements = []
    for number, (text, address) in enumerate(judged.items()):
        # As it came, as we keep it, and as it goes out with the token in it.
        for found in (read[number], read[number + len(judged)], read[number + 2 * len(judged)]):
            disagreements += [(text, address, each) for each in found if not _agree(address, each)]
        outgoing = read[number + 2 * len(judged)][1]
        if outgoing and address.kind is not Kind.APP and outgoing["href"].count(f"request_token={TOKEN}") != 1:
            disagreements.append((text, address, outgoing))
    assert disagreements == []
    # And the browser would have gone astray with many of those that we refuse.
    astray = [each for text, (each, _) in zip(texts, every, strict=True) if text not in judged and each]
    assert len([each for each in astray if "evil" in each["hostname"]]) > 50


def _parsed(text: str) -> ReturnAddress | None:
    try:
        return parse(text)
    except Refused:
        return None


def _agree(address: ReturnAddress, read: dict[str, Any] | None) -> bool:
    if read is None or read["username"] or read["password"] or read["protocol"] != f"{address.scheme}:":
        return False
    if address.kind is Kind.APP:
        return True
    # A browser leaves the usual port out.
    port = str(urlsplit(address.text).port or "")
    port = "" if port == PORTS[address.scheme] else port
    return bool(read["hostname"] == address.host and read["port"] == port)
