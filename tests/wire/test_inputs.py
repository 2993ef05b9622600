"""Holds that calls are read as loosely as clients in the field write them."""

import pytest

from admitone.model.faults import Fault, Refused
from admitone.wire import inputs
from admitone.wire.exchange import Request

JSON = {"content-type": "application/json;charset=utf-8"}


def body(written: bytes, headers: dict[str, str]) -> inputs.Body:
    return inputs.body_fields(Request("POST", b"/3/list", b"", headers, written, "127.0.0.1", secure=False))


@pytest.mark.parametrize("spelled", [True, 1, 1.0, "true", "True", "TRUE", "1"], ids=repr)
def test_yes_is_yes_however_it_is_spelled(spelled: object) -> None:
    assert inputs.read((inputs.flag("favorite", ""),), {}, {"favorite": spelled}) == {"favorite": True}


@pytest.mark.parametrize("spelled", [False, 0, 0.0, "false", "False", "FALSE", "0"], ids=repr)
def test_no_is_no_however_it_is_spelled(spelled: object) -> None:
    assert inputs.read((inputs.flag("favorite", "", default=True),), {}, {"favorite": spelled}) == {"favorite": False}


@pytest.mark.parametrize(
    "spelled", ["yes", "2", 2, -1, 0.5, "\N{FULLWIDTH LATIN SMALL LETTER T}rue", [], {}, [True]], ids=repr
)
def test_what_is_neither_is_refused(spelled: object) -> None:
    with pytest.raises(Refused):
        inputs.read((inputs.flag("favorite", ""),), {}, {"favorite": spelled})


@pytest.mark.parametrize("written", [b"name=n&description=", b"name=n", b" name=n&true=1"])
def test_a_form_that_is_called_json_is_read_as_the_form_it_is(written: bytes) -> None:
    found = body(written, JSON)
    assert found.fault is None
    assert {name.strip(): value for name, value in found.fields.items()}["name"] == "n"


@pytest.mark.parametrize("written", [b'{"name": "a=b"', b'["a=b"', b'"a=b', b"name", b'\n{"value"=8}', b"\x1f\x8b="])
def test_broken_json_is_no_form(written: bytes) -> None:
    assert body(written, JSON) == inputs.Body({}, Fault.BODY_BAD)


@pytest.mark.parametrize(
    ("content_type", "written"),
    [
        ("application/json, charset=UTF-8", b'{"name": "n"}'),
        ("Application/JSON ,charset=utf-8;q=1", b'{"name": "n"}'),
        ("application/x-www-form-urlencoded, charset=UTF-8", b"name=n"),
    ],
)
def test_a_comma_behind_the_content_type_ends_it_as_a_semicolon_does(content_type: str, written: bytes) -> None:
    assert body(written, {"content-type": content_type}).fields == {"name": "n"}


@pytest.mark.parametrize("content_type", [",application/json", "text/plain,application/json", ",", "," * 60_000])
def test_what_comes_behind_a_comma_is_no_content_type(content_type: str) -> None:
    assert body(b'{"name": "n"}', {"content-type": content_type}) == inputs.NO_BODY


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        (b"page=1&api_key=a&page=2", {"page": "2", "api_key": "a"}),
        (b"page=1&page=2&page=3", {"page": "3"}),
        (b"page=%31&page=%32", {"page": "2"}),
        (b"page=2&page=", {"page": "2"}),
        (b"page=&page=2", {"page": "2"}),
        (b"page=1&page=x", {"page": "x"}),
        (b"api_key=a&api_key=b&session_id=c&session_id=d", {"api_key": "a", "session_id": "c"}),
        (b"language=de&page=1&language=en&page=2&sort_by=x&sort_by=y", {"language": "de", "page": "2", "sort_by": "x"}),
        (b"api_key=&api_key=b", {"api_key": ""}),
    ],
)
def test_of_what_is_repeated_the_first_counts_and_of_pages_the_last(query: bytes, fields: dict[str, str]) -> None:
    assert inputs.query_fields(query) == fields
    assert list(inputs.query_fields(query)) == list(fields)
