"""This file reads the forms that browsers send: urlencoded, small, each field once; anything else is refused."""

from urllib.parse import parse_qsl, unquote_to_bytes

from starlette.requests import Request

from admitone.model.faults import Fault, Refused

LARGEST = 64 * 1024
FIELDS = 50
KIND = "application/x-www-form-urlencoded"

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


def asked_for(request: Request, name: str) -> str | None:
    """The parameter `name` of the address, or None; PARAMETER_BAD if it stands there twice or is no UTF-8.

    A plus sign stays one: addresses that apps put into `redirect_to` without encoding them may hold it, never a space.
    """
    found: list[str] = []
    for pair in request.scope["query_string"].split(b"&"):
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


async def _content(request: Request) -> bytes:
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > LARGEST:
            raise Refused(Fault.BODY_TOO_LARGE)
    return bytes(content)


def _once_each(pairs: list[tuple[str, str]]) -> Form:
    form: Form = {}
    for name, value in pairs:
        if name in form:
            raise Refused(Fault.BODY_BAD, detail="a field twice")
        form[name] = value
    return form
