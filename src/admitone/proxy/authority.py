"""This file makes a certificate authority to throw away: good for TMDB's hosts only, its key never on disk."""

import os
import ssl
import tempfile
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from admitone.basics.clock import Clock

# Whoever trusts this authority, and forgets to take that back, trusts it for these names and no others.
DOMAINS: Final = ("themoviedb.org", "tmdb.org")
# What is permitted of one kind of names says nothing of another kind: without these it could vouch for any address.
ADDRESSES: Final = (IPv4Network("0.0.0.0/0"), IPv6Network("::/0"))
# A machine's clock may be a little behind that of whoever looks.
BEFORE: Final = timedelta(days=1)
AFTER: Final = timedelta(days=30)

_USES: Final = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


class Authority:
    """One authority with its certificates; it lasts as long as the object and is made anew each time."""

    def __init__(self, clock: Clock) -> None:
        """Make a key and a certificate for it, allowed to speak for TMDB's domains and nobody else's."""
        self._now = datetime.fromtimestamp(clock.now() / 1000, UTC)
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _named("Admit One proxy, to throw away")
        public = self._key.public_key()
        signs = _use(key_cert_sign=True, crl_sign=True)
        only = x509.NameConstraints(
            [x509.DNSName(domain) for domain in DOMAINS], [x509.IPAddress(each) for each in ADDRESSES]
        )
        self.certificate = (
            self._begun(self._name, public)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(signs, critical=True)
            .add_extension(only, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
            .sign(self._key, SHA256())
        )

    @property
    def pem(self) -> bytes:
        """The authority's certificate, for programs to trust."""
        return self.certificate.public_bytes(Encoding.PEM)

    def context(self, host: str, folder: Path) -> ssl.SSLContext:
        """What serves TLS as `host`. Its key passes through a file in `folder`, which is gone when this returns."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.set_alpn_protocols(["http/1.1"])
        with tempfile.NamedTemporaryFile(dir=folder, prefix=f"{host}.") as chain:
            chain.write(self._chain(host))
            chain.flush()
            context.load_cert_chain(chain.name)
        return context

    def _chain(self, host: str) -> bytes:
        key = ec.generate_private_key(ec.SECP256R1())
        ours = x509.SubjectKeyIdentifier.from_public_key(self._key.public_key())
        certificate = (
            self._begun(_named(host), key.public_key())
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_use(digital_signature=True), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(ours), critical=False)
            .sign(self._key, SHA256())
        )
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return private + certificate.public_bytes(Encoding.PEM)

    def _begun(self, subject: x509.Name, public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(self._now - BEFORE)
            .not_valid_after(self._now + AFTER)
        )


def write_trust(authority: Authority, folder: Path) -> tuple[Path, Path]:
    """Write what programs are to trust into a folder that is its owner's alone; raises OSError.

    Two files, for two customs: the authority alone, for programs that add it to those they know, and a bundle with the
    machine's own authorities behind it, for programs that then know no others.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    state = folder.stat()
    if state.st_uid != os.getuid() or state.st_mode & 0o022:
        raise PermissionError(f"{folder} can be written by others, who could then say what is trusted")
    alone, bundle = folder / "ca.pem", folder / "bundle.pem"
    _write(alone, authority.pem)
    _write(bundle, authority.pem + _known_to_the_machine())
    return alone, bundle


def _write(path: Path, content: bytes) -> None:
    # Never into a file that is there already: it could be a link to another's.
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # noqa: PTH123 - 0600 from its first moment
        file.write(content)


def _known_to_the_machine() -> bytes:
    paths = ssl.get_default_verify_paths()
    named = (paths.cafile, f"{paths.capath}/ca-certificates.crt" if paths.capath else None)
    return next((Path(path).read_bytes() for path in named if path and Path(path).is_file()), b"")


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _use(**uses: bool) -> x509.KeyUsage:
    return x509.KeyUsage(**dict.fromkeys(_USES, False) | uses)
