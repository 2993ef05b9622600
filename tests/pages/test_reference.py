"""Holds the page of the interface to the document it shows: everything is on it, and it needs nothing but itself."""

import re
from html import unescape

import httpx
import pytest

from admitone.flows.house import House
from admitone.pages.app import make_pages
from admitone.pages.site import Site
from admitone.wire.openapi import document
from tests.pages.browser import words

SITE = Site("https://admit.example")
DOCUMENT = document(SITE.public_url)


@pytest.fixture
async def page(house: House) -> httpx.Response:
    """The page, as anybody gets it."""
    transport = httpx.ASGITransport(make_pages(house, SITE, DOCUMENT))
    async with httpx.AsyncClient(transport=transport, base_url=SITE.public_url) as http:
        return await http.get("/docs")


def test_every_operation_is_on_it(page: httpx.Response) -> None:
    assert page.status_code == 200
    said = words(page)
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            assert f"{method.upper()} {path}" in said
            assert f'id="{operation["operationId"]}"' in page.text
            assert operation["summary"].replace("`", "") in said
    assert "`" not in said


def test_every_operation_has_a_call_to_paste_and_its_answer(page: httpx.Response) -> None:
    shown = [unescape(each) for each in re.findall(r"<pre><code>(.*?)</code></pre>", page.text, re.DOTALL)]
    calls = [each for each in shown if each.startswith("curl ")]
    operations = [operation for methods in DOCUMENT["paths"].values() for operation in methods.values()]
    assert len(calls) == len(operations)
    assert len(shown) == 2 * len(calls)
    assert all(f'"{SITE.public_url}/3/' in each or f'"{SITE.public_url}/4/' in each for each in calls)
    assert all(("Bearer $" in each) is (f'"{SITE.public_url}/4/' in each and "api_key" not in each) for each in calls)
    assert not any("{" in each.splitlines()[0].split("?")[0] for each in calls), "every place in a path is filled"


def test_it_needs_no_script_and_nothing_from_elsewhere(page: httpx.Response) -> None:
    assert "<script" not in page.text
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page.text)
    policy = page.headers["content-security-policy"]
    assert "script-src 'none'" in policy
    assert page.headers["x-frame-options"] == "DENY"
    assert "set-cookie" not in page.headers


async def test_the_front_page_leads_to_it(house: House) -> None:
    transport = httpx.ASGITransport(make_pages(house, SITE, DOCUMENT))
    async with httpx.AsyncClient(transport=transport, base_url=SITE.public_url) as http:
        assert 'href="/docs"' in (await http.get("/")).text
        first, again = await http.get("/docs"), await http.get("/docs")
        assert first.text == again.text


async def test_a_house_without_a_document_has_no_such_page(house: House) -> None:
    transport = httpx.ASGITransport(make_pages(house, SITE))
    async with httpx.AsyncClient(transport=transport, base_url=SITE.public_url) as http:
        assert (await http.get("/docs")).status_code == 404
