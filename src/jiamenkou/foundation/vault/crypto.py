"""Sealing (AES-256-GCM) and blind indexes (HMAC-SHA256). Pure: keys and values in, bytes out.

The associated data binds a ciphertext to its table, row and field, so that one copied to another row or column
does not open (NIST SP 800-38D; ASVS 5.0 11.3.3).
"""

from __future__ import annotations

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = b"\x01"
NONCE = 12


class CannotOpen(Exception):
    """The key is gone, or the ciphertext belongs to another row or field, or it was changed."""


def seal(key: bytes, plain: bytes, bound_to: str) -> bytes:
    """``plain`` sealed under a 32-byte ``key``: version, nonce, ciphertext with tag."""
    nonce = os.urandom(NONCE)
    return VERSION + nonce + AESGCM(key).encrypt(nonce, plain, bound_to.encode())


def unseal(key: bytes, sealed: bytes, bound_to: str) -> bytes:
    """What :func:`seal` was given. Raises :class:`CannotOpen`."""
    if sealed[:1] != VERSION:
        raise CannotOpen("unknown version")
    try:
        return AESGCM(key).decrypt(sealed[1 : 1 + NONCE], sealed[1 + NONCE :], bound_to.encode())
    except InvalidTag as error:
        raise CannotOpen("does not belong here") from error


def blind(key: bytes, kind: str, value: str) -> bytes:
    """The index of a normalised ``value``; ``kind`` keeps equal texts of different fields apart. 32 bytes."""
    return hmac.new(key, f"{kind}:{value}".encode(), hashlib.sha256).digest()
