"""Keys live in one file outside the database and outside the backup."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Keys:
    """What the key file holds.

    ``masters`` maps key id to 32 bytes; ``current`` is the id new data is sealed with; ``blind`` keys the
    blind indexes (HMAC-SHA256).
    """

    django_secret: str
    current: str
    masters: dict[str, bytes]
    blind: bytes


def load_keys(path: str | None) -> Keys:
    """The keys of the file at ``path``.

    Without a path (building, checking, collecting static files) keys that are good for nothing else: they are
    derived from a public constant, and ``jiamenkou doctor`` as well as ``up`` refuse to serve with them.
    """
    if path is None:
        seed = hashlib.sha256(b"jiamenkou: no key file, nothing may be sealed").digest()
        return Keys(seed.hex(), "none", {"none": seed}, seed)
    raw = json.loads(Path(path).read_text(encoding="utf-8"))
    return Keys(
        django_secret=raw["django_secret"],
        current=raw["current"],
        masters={name: base64.b64decode(value) for name, value in raw["masters"].items()},
        blind=base64.b64decode(raw["blind"]),
    )
