"""Words of a visit under the resident's key, and what a phone seals for the server.

A phone without signal keeps what it recorded sealed for a public key of this installation (ECDH on P-256, HKDF-SHA256,
AES-256-GCM; NIST SP 800-56A, SP 800-38D): nobody who holds the phone can read it, and it can still be sent when the
sign-in is long over. The private key is derived from the installation's own key and is never stored.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import cache
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from jiamenkou.foundation.refusals import Refused
from jiamenkou.foundation.vault.crypto import CannotOpen
from jiamenkou.foundation.vault.service import ensure_keys, open_field, seal_field

INFO = b"jiamenkou door 1"
POINT = 65  # bytes of an uncompressed point
NONCE = 12
# the order of P-256 (SEC 2, 2.4.2)
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def seal_words(subject: UUID, visit: UUID, what: str, value: Any) -> bytes | None:
    """``value`` as JSON under the resident's key, bound to the visit; None for nothing."""
    if value in ("", {}, [], None):
        return None
    key = ensure_keys([subject])[subject]
    return seal_field(key, subject, f"visits.{what}.{visit}", json.dumps(value, ensure_ascii=False))


def open_words(subject: UUID, visit: UUID, what: str, sealed: bytes | memoryview[int] | None, default: Any) -> Any:
    """What :func:`seal_words` was given; ``default`` where nothing was, or the person was forgotten."""
    if sealed is None:
        return default
    try:
        return json.loads(open_field(subject, f"visits.{what}.{visit}", bytes(sealed)))
    except CannotOpen:
        return default


@cache
def _private(blind: bytes) -> ec.EllipticCurvePrivateKey:
    wide = b"".join(hmac.new(blind, b"visits.door.%d" % part, hashlib.sha256).digest() for part in (1, 2))
    return ec.derive_private_key(int.from_bytes(wide, "big") % (_ORDER - 1) + 1, ec.SECP256R1())


def public_key() -> str:
    """The point phones seal for, base64url."""
    point = _private(settings.KEYS.blind).public_key()
    return text(point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def _derived(shared: bytes, point: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=point, info=INFO).derive(shared)


def seal_for_server(plain: bytes, bound_to: str) -> bytes:
    """As a phone does it (tests and the plain form): point, nonce, ciphertext."""
    import os

    own = ec.generate_private_key(ec.SECP256R1())
    point = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    shared = own.exchange(ec.ECDH(), _private(settings.KEYS.blind).public_key())
    nonce = os.urandom(NONCE)
    return point + nonce + AESGCM(_derived(shared, point)).encrypt(nonce, plain, bound_to.encode())


def open_from_phone(sealed: bytes, bound_to: str) -> bytes:
    """Raises :class:`Refused` for what was not sealed for us, was changed, or belongs to another visit."""
    try:
        point, nonce, rest = sealed[:POINT], sealed[POINT : POINT + NONCE], sealed[POINT + NONCE :]
        other = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        shared = _private(settings.KEYS.blind).exchange(ec.ECDH(), other)
        return AESGCM(_derived(shared, point)).decrypt(nonce, rest, bound_to.encode())
    except (InvalidTag, ValueError, IndexError) as error:
        raise Refused("这一份打不开，可能在手机上损坏了。", field="sealed", code="sealed") from error


def session_key(account: int, begun: float) -> bytes:
    """The key under which a phone keeps today's list, the same for one sign-in, another for the next. 32 bytes."""
    word = f"visits.list:{account}:{begun}"
    return hmac.new(settings.KEYS.blind, word.encode(), hashlib.sha256).digest()


def owner_tag(account: int) -> str:
    """What stands on a phone for the account that recorded a visit; says nothing to anybody else."""
    return hmac.new(settings.KEYS.blind, f"visits.owner:{account}".encode(), hashlib.sha256).hexdigest()[:24]


def text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def data(given: str) -> bytes:
    """Raises :class:`Refused` for anything that is not base64url."""
    try:
        return urlsafe_b64decode(given.encode("ascii") + b"=" * (-len(given) % 4))
    except ValueError as error:
        raise Refused("这一份读不出来。", field="sealed", code="shape") from error
