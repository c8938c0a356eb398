"""The keys: made once at the first start, kept outside the database and outside every backup.

``keys.json`` (0600)::

    {"django_secret": "…",                      signs sessions and links
     "field_keys": [{"id": "k1", "key": "…"}],  AES-256 master keys in base64; the last one encrypts, all decrypt
     "blind_index_key": "…"}                    HMAC-SHA256 of searchable sensitive fields, in base64
"""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jiamenkou.host.datadir import read_json, write_json

KEY_BYTES = 32


class KeysError(Exception):
    """The keys are missing or unusable; the message is one plain Chinese line."""


@dataclass(frozen=True, slots=True)
class Keys:
    """What ``keys.json`` holds. ``field_keys`` maps id to 32 bytes, oldest first; ``current`` encrypts."""

    django_secret: str
    field_keys: dict[str, bytes]
    blind_index_key: bytes

    @property
    def current(self) -> str:
        return next(reversed(self.field_keys))


def create(path: Path) -> None:
    """Make new keys where there are none; an existing file is never touched."""
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_json(
        path,
        {
            "django_secret": secrets.token_urlsafe(48),
            "field_keys": [{"id": "k1", "key": _fresh()}],
            "blind_index_key": _fresh(),
        },
    )


def load(path: Path) -> Keys:
    """Read and check. Raises :class:`KeysError`."""
    try:
        found: dict[str, Any] = read_json(path)
        fields = {str(entry["id"]): _bytes(entry["key"]) for entry in found["field_keys"]}
        keys = Keys(str(found["django_secret"]), fields, _bytes(found["blind_index_key"]))
    except (KeyError, TypeError, ValueError) as fault:
        raise KeysError(f"密钥文件缺失或损坏：{path}") from fault
    if not fields or len(keys.django_secret) < KEY_BYTES:
        raise KeysError(f"密钥文件不完整：{path}")
    return keys


def rotate(path: Path) -> str:
    """Add a master key that encrypts from now on; the id of it. Old ones stay for what they encrypted."""
    load(path)
    found = read_json(path)
    name = f"k{len(found['field_keys']) + 1}"
    found["field_keys"].append({"id": name, "key": _fresh()})
    write_json(path, found)
    return name


def fingerprints(path: Path) -> dict[str, str]:
    """Key id to the first 16 digits of a digest: enough to tell keys apart, nothing to open a field with."""
    keys = load(path)
    named = {**keys.field_keys, "blind_index": keys.blind_index_key}
    return {name: hashlib.sha256(b"jiamenkou key " + key).hexdigest()[:16] for name, key in named.items()}


def readable_by_others(path: Path) -> bool:
    return bool(stat.S_IMODE(os.stat(path).st_mode) & 0o077)


def _fresh() -> str:
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def _bytes(text: str) -> bytes:
    key = base64.b64decode(text, validate=True)
    if len(key) != KEY_BYTES:
        raise ValueError("a key is 32 bytes")
    return key
