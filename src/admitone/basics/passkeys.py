"""This file speaks with passkeys (WebAuthn): it writes the questions, and reads the answers, by the library for it.

What the library lets pass is judged here as well: only answers made on our own page, by the person themselves, in the
few formats that browsers send when nobody asks which maker a passkey has. Bytes from strangers go through parsers of
JSON, CBOR and keys, which do not say what they raise.
"""

import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from admitone.basics.late import late
from admitone.model.faults import Fault, Refused

if TYPE_CHECKING:
    import webauthn
    from webauthn import helpers
    from webauthn.helpers import cose, structs
else:
    webauthn, helpers = late("webauthn", for_people=True), late("webauthn.helpers")
    cose, structs = late("webauthn.helpers.cose"), late("webauthn.helpers.structs")

ALGORITHMS: Final = ("EDDSA", "ECDSA_SHA_256", "RSASSA_PKCS1_v1_5_SHA_256")
FORMATS: Final = ("none", "packed")
LONGEST: Final = 16 * 1024
LONGEST_ID: Final = 1023  # bytes, by the standard
TIMEOUT_MS: Final = 5 * 60 * 1000


class Party(NamedTuple):
    """Who asks: the host that passkeys are bound to, the origin of our pages, and what people call this site."""

    host: str
    origin: str
    name: str


class Owner(NamedTuple):
    """Whom a new passkey is for: the handle it answers with, and the names that its device shows."""

    handle: bytes
    username: str
    name: str


class Created(NamedTuple):
    """A new passkey."""

    credential_id: bytes
    public_key: bytes
    uses: int
    aaguid: str
    synced: bool


class Said(NamedTuple):
    """What an answer says of itself, before anything is believed: whose it claims to be, which question it meets."""

    credential_id: bytes
    challenge: bytes
    handle: bytes | None


class Signed(NamedTuple):
    """An answer that has been checked; `uses` is the passkey's own count."""

    uses: int
    synced: bool


def creation_options(party: Party, owner: Owner, challenge: bytes, others: list[bytes]) -> str:
    """What `navigator.credentials.create()` is asked, as JSON; a device that has one of the `others` refuses."""
    return webauthn.options_to_json(
        webauthn.generate_registration_options(
            rp_id=party.host,
            rp_name=party.name,
            user_id=owner.handle,
            user_name=owner.username,
            user_display_name=owner.name or owner.username,
            challenge=challenge,
            timeout=TIMEOUT_MS,
            authenticator_selection=structs.AuthenticatorSelectionCriteria(
                resident_key=structs.ResidentKeyRequirement.REQUIRED,
                user_verification=structs.UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[structs.PublicKeyCredentialDescriptor(id=each) for each in others],
            supported_pub_key_algs=_algorithms(),
        )
    )


def request_options(party: Party, challenge: bytes) -> str:
    """What `navigator.credentials.get()` is asked, as JSON: any passkey of this site, with the person verified."""
    return webauthn.options_to_json(
        webauthn.generate_authentication_options(
            rp_id=party.host,
            challenge=challenge,
            timeout=TIMEOUT_MS,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        )
    )


def said(text: str) -> Said:
    """What an answer says of itself. Raises PASSKEY_BAD."""
    try:
        answer = _parsed(text)
        response = answer["response"]
        client = _client(response)
        handle = response.get("userHandle")
        found = Said(
            helpers.base64url_to_bytes(answer["rawId"]),
            helpers.base64url_to_bytes(client["challenge"]),
            helpers.base64url_to_bytes(handle) if handle else None,
        )
    except Exception as error:  # noqa: BLE001 - see above: whatever they trip over, the answer is no good
        raise _bad(error) from None
    _insist(0 < len(found.credential_id) <= LONGEST_ID, "no credential has such an id")
    return found


def read_created(text: str, party: Party, challenge: bytes) -> Created:
    """Check the answer to `creation_options`. Raises PASSKEY_BAD."""
    try:
        answer = _parsed(text)
        _client(answer["response"])
        attested = helpers.parse_attestation_object(helpers.base64url_to_bytes(answer["response"]["attestationObject"]))
        _insist(attested.fmt in FORMATS, "an unusual format")
        verified = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=party.host,
            expected_origin=party.origin,
            require_user_verification=True,
            supported_pub_key_algs=_algorithms(),
        )
        _insist(verified.credential_id == helpers.base64url_to_bytes(answer["rawId"]), "another id was attested")
        _insist(len(verified.credential_id) <= LONGEST_ID, "no credential has such an id")
    except Exception as error:  # noqa: BLE001 - see above: whatever they trip over, the answer is no good
        raise _bad(error) from None
    return Created(
        verified.credential_id,
        verified.credential_public_key,
        verified.sign_count,
        verified.aaguid,
        verified.credential_backed_up,
    )


def read_signed(text: str, party: Party, challenge: bytes, public_key: bytes) -> Signed:
    """Check the answer to `request_options` by a passkey's public key. Raises PASSKEY_BAD.

    Its count is checked by the store, in the statement that remembers it.
    """
    try:
        answer = _parsed(text)
        _client(answer["response"])
        verified = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=party.host,
            expected_origin=party.origin,
            credential_public_key=public_key,
            credential_current_sign_count=-1,
            require_user_verification=True,
        )
    except Exception as error:  # noqa: BLE001 - see above: whatever they trip over, the answer is no good
        raise _bad(error) from None
    return Signed(verified.new_sign_count, verified.credential_backed_up)


def _algorithms() -> "list[cose.COSEAlgorithmIdentifier]":
    return [cose.COSEAlgorithmIdentifier[name] for name in ALGORITHMS]


def _parsed(text: str) -> dict[str, Any]:
    _insist(len(text) <= LONGEST, "too long")
    answer = json.loads(text)
    _insist(isinstance(answer, dict) and isinstance(answer.get("response"), dict), "no credential")
    return dict(answer)


def _client(response: dict[str, Any]) -> dict[str, Any]:
    """What the browser says of the page that asked; one inside a frame of another site is none of ours."""
    client = json.loads(helpers.base64url_to_bytes(response["clientDataJSON"]))
    _insist(isinstance(client, dict), "no client")
    _insist(client.get("crossOrigin", False) is False and "topOrigin" not in client, "asked inside a frame")
    return dict(client)


def _insist(true: bool, detail: str) -> None:
    if not true:
        raise Refused(Fault.PASSKEY_BAD, detail=detail)


def _bad(error: BaseException) -> Refused:
    """The refusal for whatever made an answer unreadable; the library does not say which errors it raises."""
    return error if isinstance(error, Refused) else Refused(Fault.PASSKEY_BAD, detail=type(error).__name__)
