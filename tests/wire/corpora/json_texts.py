"""Makes hostile JSON by rule: cut, wrapped, nested, misspelled, in every coding and type (security.md §9, C05)."""

import gzip
import json
import zlib
from collections.abc import Iterator

from tests.wire.corpora.cases import CANARY, FORM_TYPE, JSON_TYPE, Headers

# What can become of a body: it is read, there was none, it holds nothing of ours, it is no JSON, it is compressed or
# too large; or it may be read or not, as the parser likes.
READ, NONE, EMPTY, BAD, ENCODED, LARGE, EITHER = "read", "none", "empty", "bad", "encoded", "large", "either"
PADDED = 64 * 1024

Made = Iterator[tuple[str, str, Headers, bytes]]


def written(text: str) -> Made:
    """Everything that can be done to a JSON text, what becomes of it, and how it is sent."""
    for make in (_cut, _wrapped, _nested, _numbers, _coded, _misspelled, _typed, _compressed):
        yield from make(text)


def _with(text: str, more: str) -> bytes:
    """The body with one more field, as it stands in JSON."""
    return f'{text[:-1]}, "{CANARY}": {more}}}'.encode("utf-8", "surrogatepass")


def _cut(text: str) -> Made:
    raw = text.encode()
    yield "whole", READ, JSON_TYPE, raw
    yield "nothing", NONE, JSON_TYPE, b""
    for part in range(1, 24):
        yield f"cut after {part}/24", BAD, JSON_TYPE, raw[: max(1, len(raw) * part // 24)]
    yield "without its first letter", BAD, JSON_TYPE, raw[1:]


def _wrapped(text: str) -> Made:
    raw = text.encode()
    for blank in (b" ", b"\n", b"\r\n\t "):
        yield f"{blank!r} around", READ, JSON_TYPE, blank + raw + blank
    for junk in (
        b"x",
        b"}",
        b"\0",
        b",",
        b"[]",
        b";",
        b"//",
        b"/* */",
        b"\xa0",
        b"\x0b",
        b"\xef\xbb\xbf",
        b")]}',\n",
        b"\x1a",
        raw,
    ):
        yield f"{junk[:9]!r} behind", BAD, JSON_TYPE, raw + junk
        yield f"{junk[:9]!r} before", BAD, JSON_TYPE, junk + raw
    yield "null", NONE, JSON_TYPE, b"null"
    yield "null with blanks", NONE, JSON_TYPE, b" null\n"
    for value in (
        b"true",
        b"false",
        b"0",
        b"-1",
        b'""',
        b'"x"',
        b"[]",
        b"[null]",
        b"[" + raw + b"]",
        b"nul",
        b"Null",
        b"None",
        b"undefined",
    ):
        yield f"only {value[:9]!r}", BAD, JSON_TYPE, value
    yield "an empty object", EMPTY, JSON_TYPE, b"{}"
    yield "in a text", BAD, JSON_TYPE, json.dumps(text).encode()
    yield "inside another object", EMPTY, JSON_TYPE, b'{"body": ' + raw + b"}"


def _nested(text: str) -> Made:
    for depth in (10, 100, 1000, 10_000, 65_000):
        yield f"{depth} brackets open", BAD, JSON_TYPE, b"[" * depth
        yield f"{depth} braces open", BAD, JSON_TYPE, b'{"a":' * min(depth, 13_000)
        yield f"{depth} brackets closed", BAD, JSON_TYPE, b"]" * depth
        if depth <= 10_000:
            yield f"{depth} lists deep", EITHER, JSON_TYPE, _with(text, "[" * depth + "]" * depth)
            yield (
                f"{depth} objects deep",
                EITHER,
                JSON_TYPE,
                _with(text, '{"a":' * (depth // 2) + "0" + "}" * (depth // 2)),
            )
    yield "10000 elements", READ, JSON_TYPE, _with(text, "[" + ",".join("0" * 10_000) + "]")
    yield "2000 fields", READ, JSON_TYPE, _with(text, "0, " + ", ".join(f'"f{number}": 0' for number in range(2000)))


def _numbers(text: str) -> Made:
    for digits in (18, 19, 20, 38, 39, 40, 309, 5000):
        yield f"{digits} nines", EITHER, JSON_TYPE, _with(text, "9" * digits)
        yield f"{digits} nines below 0", EITHER, JSON_TYPE, _with(text, "-" + "9" * digits)
        yield f"{digits} nines behind the point", EITHER, JSON_TYPE, _with(text, "0." + "9" * digits)
    for number in ("1e308", "1e309", "-1e309", "1e999999999", "0.1e-999999999", "1E+2", "-0", "-0.0", "0e0"):
        yield number, EITHER, JSON_TYPE, _with(text, number)
    for number in (
        "01",
        "+1",
        ".5",
        "1.",
        "0x1F",
        "1_000",
        "1e",
        "--1",
        "NaN",
        "-NaN",
        "Infinity",
        "-Infinity",
        "inf",
        "\uff11",
        "\u0661",
        "1,5",
    ):
        yield f"the number {number!r}", BAD, JSON_TYPE, _with(text, number)


def _coded(text: str) -> Made:
    for coding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-8-sig", "utf-7", "cp037"):
        becomes = READ if text.encode(coding) == text.encode() else BAD
        yield coding, becomes, JSON_TYPE, text.encode(coding)
        declared = (("content-type", f"application/json; charset={coding}"),)
        yield f"{coding}, declared", becomes, declared, text.encode(coding)
    bad = {
        "Latin-1": b"\xe9",
        "overlong": b"\xc0\x80",
        "half a pair": b"\xed\xa0\x80",
        "beyond Unicode": b"\xf4\x90\x80\x80",
        "five bytes": b"\xf8\x88\x80\x80\x80",
        "a lonely byte": b"\x80",
        "cut off": b"\xe2\x82",
        "no character": b"\xff\xfe",
    }
    for name, raw in bad.items():
        yield f"bytes that are {name}", BAD, JSON_TYPE, _with(text, '"?"').replace(b'"?"', b'"' + raw + b'"')
        yield f"a name that is {name}", BAD, JSON_TYPE, _with(text, '{"?":0}').replace(b'"?"', b'"' + raw + b'"')
    for escape in (
        r"\ud800",
        r"\udc00",
        r"\ud800\ud800",
        r"\udc00\ud800",
        r"\ud83dx",
        r"\u12",
        r"\u",
        r"\x41",
        r"\'",
        "\\",
        r"\U0001F600",
    ):
        yield f"the escape {escape}", BAD, JSON_TYPE, _with(text, f'"{escape}"')
    for escape in (
        r"\u0000",
        r"\ud83d\ude00",
        r"\uffff",
        r"\ufdd0",
        r"\u202e",
        r"\/",
        r"\b\f\n\r\t",
        "\U0001f600",
        "\u2028",
    ):
        yield f"the escape {escape!r}", READ, JSON_TYPE, _with(text, f'"{escape}"')
    for control in (0, 1, 8, 9, 10, 13, 27, 31):
        yield f"a raw control character {control}", BAD, JSON_TYPE, _with(text, f'"{chr(control)}"')


def _misspelled(text: str) -> Made:
    inner = text[1:-1]
    for name, body in {
        "a comma behind": f"{{{inner},}}",
        "a comma before": f"{{,{inner}}}",
        "a comment": f"{{/* */{inner}}}",
        "a comment behind": f"{{{inner} // x\n}}",
        "single quotes": f"{{'{CANARY}': 1, {inner}}}",
        "a bare name": f"{{{CANARY}: 1, {inner}}}",
        "a number for a name": f"{{1: 1, {inner}}}",
        "null for a name": f"{{null: 1, {inner}}}",
        "no colon": f'{{"a" 1, {inner}}}',
        "two colons": f'{{"a":: 1, {inner}}}',
        "no comma": f'{{"a": 1 {inner}}}',
        "Python's words": f'{{"a": None, "b": True, {inner}}}',
        "a call": f"callback({text})",
        "YAML": "value: 99\nname: x",
        "XML": "<value>99</value>",
        "a line of JSON and another": f"{text}\n{text}",
    }.items():
        yield name, BAD, JSON_TYPE, body.encode()
    for name in ("", "__proto__", "constructor", "$where", "a.b", "a[b]", r"\u0000", "x" * 10_000, CANARY):
        yield f"the name {name[:20]!r}", READ, JSON_TYPE, f'{{"{name}": {{"{name}": 1}}, {inner}}}'.encode()
    for first in ("[]", "{}", "null", "true", '"x"', "0"):
        twice = ", ".join(f'"{name}": {first}' for name in json.loads(text))
        yield f"every name twice, first {first}", READ, JSON_TYPE, f"{{{twice}, {inner}}}".encode()
    yield "padded to the limit", READ, JSON_TYPE, text.encode().ljust(PADDED)
    yield "padded beyond the limit", LARGE, JSON_TYPE, text.encode().ljust(PADDED + 1)
    yield "a million blanks", LARGE, JSON_TYPE, text.encode().rjust(1_000_000)


def _typed(text: str) -> Made:
    raw = text.encode()
    for written in (
        "application/json",
        "APPLICATION/JSON",
        "application/json;charset=utf-8",
        " application/json ; q=1",
        "application/vnd.api+json",
        "application/problem+JSON; x",
        "application/json; charset=utf-16",
        "application/json, charset=UTF-8",
        "application/json,charset=utf-8; q=1",
        "application/json,",
    ):
        yield f"type {written!r}", READ, (("content-type", written),), raw
    for written in (
        "",
        ";",
        "text/plain",
        "text/json",
        "application/jsonp",
        "application/javascript",
        "text/plain, application/json",
        ", application/json",
        "application /json",
        "application",
        "json",
        "*/*",
        "multipart/form-data; boundary=x",
        "application/octet-stream",
        "application/json\x00",
        "\xe9",
        CANARY,
        "a" * 65_536,
    ):
        yield f"type {written[:40]!r}", NONE, (("content-type", written),), raw
    yield "no type", NONE, (), raw
    yield "two types, JSON first", READ, (*JSON_TYPE, ("content-type", "text/plain")), raw
    yield "two types, JSON last", NONE, (("content-type", "text/plain"), *JSON_TYPE), raw
    yield "JSON as a form", EMPTY, FORM_TYPE, raw
    yield "a type of another name", NONE, (("content_type", "application/json"), ("type", "application/json")), raw


def _compressed(text: str) -> Made:
    raw = text.encode()
    packed = {"gzip": gzip.compress(raw, mtime=0), "deflate": zlib.compress(raw), "x-gzip": gzip.compress(raw, mtime=0)}
    for name, body in packed.items():
        yield f"packed by {name}", ENCODED, (*JSON_TYPE, ("content-encoding", name)), body
        yield f"packed by {name}, not saying so", BAD, JSON_TYPE, body
        yield f"said to be packed by {name}", ENCODED, (*JSON_TYPE, ("content-encoding", name)), raw
        yield f"a form said to be packed by {name}", ENCODED, (*FORM_TYPE, ("content-encoding", name)), raw
    for name in ("br", "zstd", "compress", "GZIP", "gzip, gzip", "identity, gzip", "utf-8", "*", CANARY, "\xe9"):
        yield f"said to be packed by {name!r}", ENCODED, (*JSON_TYPE, ("content-encoding", name)), raw
    yield "packed by nothing", READ, (*JSON_TYPE, ("content-encoding", "Identity")), raw
    bomb = gzip.compress(b"0" * 10_000_000, mtime=0)
    yield "ten million noughts, packed", ENCODED, (*JSON_TYPE, ("content-encoding", "gzip")), bomb
