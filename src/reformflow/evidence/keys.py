"""Ed25519 keys of signed notes, in the spelling of C2SP's signed-note.

    PRIVATE+KEY+<name>+<8 hex digits>+<base64 of 0x01 and the 32 bytes of the seed>
    <name>+<8 hex digits>+<base64 of 0x01 and the 32 bytes of the public key>

The digits are the first four bytes of SHA-256(name, newline, 0x01, public key).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

import attrs

from reformflow.errors import MissingExtra, RequestError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_PRIVATE: Final = "PRIVATE+KEY+"
_ED25519: Final = b"\1"
_BYTES: Final = 32
_SIGNATURE: Final = 64


@attrs.frozen
class PublicKey:
    """A key that tells whether a note was signed by its owner."""

    name: str
    raw: bytes

    @classmethod
    def read(cls, text: str) -> PublicKey:
        """Read a key; RequestError if it is none, or if its digits do not fit."""
        name, digits, raw = _parts(text.strip(), "public key")
        key = cls(name, raw)
        if key.id.hex() != digits:
            raise RequestError(f"the public key of {name!r} was copied wrongly", "copy it whole")
        return key

    @property
    def id(self) -> bytes:
        """The four bytes by which a signature names its key."""
        told = f"{self.name}\n".encode() + _ED25519 + self.raw
        return hashlib.sha256(told).digest()[:4]

    def signed(self, body: bytes, signature: bytes) -> bool:
        """Say whether this is the signature of `body`; MissingExtra without its library."""
        if len(signature) != _SIGNATURE:
            return False
        _check_library()
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, body)
        except (InvalidSignature, ValueError):
            return False
        return True

    def __str__(self) -> str:
        """Write the key as it is handed on."""
        return _joined(self.name, self.id, self.raw)


@attrs.frozen
class PrivateKey:
    """A key that signs notes."""

    name: str
    seed: bytes = attrs.field(repr=False)

    @classmethod
    def new(cls, name: str) -> PrivateKey:
        """Make a key; RequestError for a name that a note cannot hold."""
        if not name or "+" in name or not name.isprintable() or any(map(str.isspace, name)):
            raise RequestError(f"{name!a} cannot name a key", "use no spaces, no + and no marks")
        return cls(name, secrets.token_bytes(_BYTES))

    @classmethod
    def read(cls, text: str) -> PrivateKey:
        """Read a key; RequestError if it is none. The error does not show it."""
        text = text.strip()
        if not text.startswith(_PRIVATE):
            raise RequestError(
                "this is not a private key", "make one: reformflow checkpoint keygen"
            )
        name, digits, seed = _parts(text.removeprefix(_PRIVATE), "private key")
        key = cls(name, seed)
        if key.public.id.hex() != digits:
            raise RequestError(f"the private key of {name!r} was copied wrongly", "copy it whole")
        return key

    @property
    def public(self) -> PublicKey:
        """The key with which others check what this one signs."""
        return PublicKey(self.name, self._key().public_key().public_bytes_raw())

    def sign(self, body: bytes) -> bytes:
        """Return the signature of a note's text."""
        return self._key().sign(body)

    def secret(self) -> str:
        """Write the key, to be kept where nobody else reads it."""
        return _PRIVATE + _joined(self.name, self.public.id, self.seed)

    def _key(self) -> Ed25519PrivateKey:
        _check_library()
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(self.seed)


# ---------------------------------------------------------------------------------------------


def _check_library() -> None:
    if find_spec("cryptography") is None:
        raise MissingExtra.of("evidence", purpose="an Ed25519 signature")


def _joined(name: str, id_: bytes, raw: bytes) -> str:
    return f"{name}+{id_.hex()}+{base64.b64encode(_ED25519 + raw).decode()}"


def _parts(text: str, what: str) -> tuple[str, str, bytes]:
    name, _, rest = text.partition("+")
    digits, _, coded = rest.partition("+")
    try:
        raw = base64.b64decode(coded, validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if not name or len(raw) != 1 + _BYTES or raw[:1] != _ED25519:
        raise RequestError(f"this is not an Ed25519 {what}", "copy it whole, on one line")
    return name, digits, raw[1:]
