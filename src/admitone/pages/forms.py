"""This file reads the forms that browsers send: urlencoded, small, each field once; anything else is refused."""

import asyncio
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote_to_bytes

from python_multipart import FormParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import Field, parse_options_header
from python_multipart.multipart import File as SentFile
from starlette.requests import Request

from admitone.model.faults import Fault, Refused
from admitone.model.paging import page_number
from admitone.model.records.entries import File

LARGEST = 64 * 1024
LARGEST_UPLOAD = 15 * 1024 * 1024
MOST_FILES = 20
FIELDS = 50
KIND = "application/x-www-form-urlencoded"
UPLOAD_KIND = b"multipart/form-data"

Form = dict[str, str]


async def read_form(request: Request) -> Form:
    """The fields of the form in `request`; BODY_TOO_LARGE, BODY_ENCODED or BODY_BAD when it cannot be one of ours."""
    if request.headers.get("content-encoding", "identity") != "identity":
        raise Refused(Fault.BODY_ENCODED)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    content = await _content(request)
    if not content:
        return {}
    if kind != KIND:
        raise Refused(Fault.BODY_BAD, detail="not an urlencoded form")
    try:
        pairs = parse_qsl(content.decode(), keep_blank_values=True, errors="strict", max_num_fields=FIELDS)
    except ValueError as error:
        raise Refused(Fault.BODY_BAD, detail="not UTF-8, or too many fields") from error
    return _once_each(pairs)


class Upload(NamedTuple):
    """What a form with files brings."""

    form: Form
    files: tuple[File, ...]


def has_files(request: Request) -> bool:
    """Whether a form is sent in the way that lets it bring files."""
    return request.headers.get("content-type", "").lower().startswith(UPLOAD_KIND.decode())


async def read_upload(request: Request) -> Upload:
    """The fields and files of a form that sends files; refused as by `read_form`, and of 15 megabytes at most."""
    if request.headers.get("content-encoding", "identity") != "identity":
        raise Refused(Fault.BODY_ENCODED)
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    content = await _content(request, LARGEST_UPLOAD)
    if kind.lower() != UPLOAD_KIND or not options.get(b"boundary"):
        raise Refused(Fault.BODY_BAD, detail="not a form with files")
    return await asyncio.to_thread(_parted, content, options[b"boundary"])


def asked_for(request: Request, name: str) -> str | None:
    """The parameter `name` of the address, or None; PARAMETER_BAD if it stands there twice or is no UTF-8.

    A plus sign stays one: addresses that apps put into `redirect_to` without encoding them may hold it, never a space.
    """
    return _parameter(request.scope["query_string"], name)


def page_asked_for(request: Request) -> int:
    """The page of what is too long for one that the address asks for, the first unless it says. Raises PAGE_BAD."""
    return page_number(asked_for(request, "page") or "1")


def looked_for(request: Request, name: str) -> str:
    """What was typed into a form that is sent as an address, empty for nothing; refused as by `asked_for`."""
    return (_parameter(request.scope["query_string"].replace(b"+", b"%20"), name) or "").strip()


def _parameter(query: bytes, name: str) -> str | None:
    found: list[str] = []
    for pair in query.split(b"&"):
        key, _, value = pair.partition(b"=")
        if unquote_to_bytes(key) != name.encode():
            continue
        try:
            found.append(unquote_to_bytes(value).decode())
        except UnicodeDecodeError as error:
            raise Refused(Fault.PARAMETER_BAD, detail=name) from error
    if len(found) > 1:
        raise Refused(Fault.PARAMETER_BAD, detail=f"{name} twice")
    return found[0] if found else None


async def _content(request: Request, largest: int = LARGEST) -> bytes:
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > largest:
            raise Refused(Fault.BODY_TOO_LARGE)
    return bytes(content)


def _parted(content: bytes, boundary: bytes) -> Upload:
    fields: list[Field] = []
    files: list[SentFile] = []
    try:
        parser = FormParser(
            UPLOAD_KIND.decode(),
            fields.append,
            files.append,
            boundary=boundary,
            config={
                "MAX_FIELDS": FIELDS,
                "MAX_FIELD_SIZE": LARGEST,
                "MAX_BODY_SIZE": LARGEST_UPLOAD,
                "MAX_MEMORY_FILE_SIZE": 2 * LARGEST_UPLOAD,
            },
        )
        parser.write(content)
        parser.finalize()
        if len(files) > MOST_FILES:
            raise Refused(Fault.BODY_BAD, detail="too many files")
        pairs = [((field.field_name or b"").decode(), (field.value or b"").decode()) for field in fields]
        return Upload(_once_each(pairs), tuple(_file(each) for each in files if each.file_name))
    except (FormParserError, ValueError) as error:
        raise Refused(Fault.BODY_BAD, detail=type(error).__name__) from error
    finally:
        for each in files:
            each.close()


def _file(sent: SentFile) -> File:
    sent.file_object.seek(0)
    return File((sent.file_name or b"").decode("utf-8", "replace"), sent.file_object.read())


def _once_each(pairs: list[tuple[str, str]]) -> Form:
    form: Form = {}
    for name, value in pairs:
        if name in form:
            raise Refused(Fault.BODY_BAD, detail="a field twice")
        form[name] = value
    return form
