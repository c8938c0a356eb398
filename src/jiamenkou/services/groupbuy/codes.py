"""Codes on paper, and the pickup code that a phone without signal can verify."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass
from functools import cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from jiamenkou.foundation.vault.service import blind_index

# letters and digits that are not mistaken for one another on a printed poster
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
# the order of the group P-256
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_MARK = "J1"


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(8))


@dataclass(frozen=True, slots=True)
class Slip:
    """What a pickup QR says: which orders of which cycle at which point. No name, no phone."""

    cycle: int
    point: int
    orders: tuple[int, ...]

    @property
    def text(self) -> str:
        return f"{_MARK}.{self.cycle}.{self.point}.{'-'.join(map(str, self.orders))}"


def signed(slip: Slip) -> str:
    """``J1.cycle.point.orders.signature``: ECDSA P-256 over the text before it, r and s in 64 bytes, as browsers verify it."""
    r, s = decode_dss_signature(_key().sign(slip.text.encode(), ec.ECDSA(hashes.SHA256())))
    raw = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    return f"{slip.text}.{base64.urlsafe_b64encode(raw).decode().rstrip('=')}"


def opened(text: str) -> Slip | None:
    """The slip, or None for anything we did not sign."""
    parts = text.split(".")
    if len(text) > 400 or len(parts) != 5 or parts[0] != _MARK:
        return None
    try:
        raw = base64.urlsafe_b64decode(parts[4] + "==")
        signature = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
        _key().public_key().verify(signature, ".".join(parts[:4]).encode(), ec.ECDSA(hashes.SHA256()))
        return Slip(int(parts[1]), int(parts[2]), tuple(int(one) for one in parts[3].split("-")))
    except (InvalidSignature, ValueError):
        return None


def public_point() -> str:
    """The public key as the browser imports it: base64 of the uncompressed point."""
    numbers = _key().public_key().public_numbers()
    return base64.b64encode(b"\x04" + numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big")).decode()


@cache
def _key() -> ec.EllipticCurvePrivateKey:
    """Derived from the installation's own key: nothing more to keep, nothing in the database."""
    seed = blind_index("groupbuy.pickup", "p-256") + blind_index("groupbuy.pickup", "more")
    return ec.derive_private_key(int.from_bytes(seed, "big") % (_ORDER - 1) + 1, ec.SECP256R1())
