"""The keys: made once at the first start, kept outside the database and outside every backup.

``keys.json`` (0600), as ``jiamenkou.site.keys`` reads it::

    {"django_secret": "…",         signs sessions and links
     "current": "k1",              the id of the master key that encrypts; the others only decrypt
     "masters": {"k1": "…"},       AES-256 master keys, base64
     "blind": "…"}                 HMAC-SHA256 key of searchable sensitive fields, base64
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import stat
from pathlib import Path
from typing import Any

from jiamenkou.host.datadir import read_json, write_json

KEY_BYTES = 32


class KeysError(Exception):
    """The keys are missing or unusable; the message is one plain Chinese line."""


def create(path: Path) -> None:
    """Make new keys where there are none; an existing file is never touched."""
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = {
        "django_secret": secrets.token_urlsafe(48),
        "current": "k1",
        "masters": {"k1": _fresh()},
        "blind": _fresh(),
    }
    write_json(path, fresh)


def check(path: Path) -> dict[str, Any]:
    """The file's content, found complete. Raises :class:`KeysError`."""
    try:
        found = read_json(path)
        for key in (found["blind"], *found["masters"].values()):
            _bytes(key)
        complete = found["current"] in found["masters"] and len(found["django_secret"]) >= KEY_BYTES
    except OSError as fault:
        raise KeysError(f"无法读取密钥文件 {path}：{fault.strerror}") from fault
    except (AttributeError, KeyError, TypeError, ValueError) as fault:
        raise KeysError(f"密钥文件缺失或损坏：{path}") from fault
    if not complete:
        raise KeysError(f"密钥文件不完整：{path}")
    return found


def rotate(path: Path) -> str:
    """Add a master key that encrypts from now on; the id of it. Old ones stay for what they encrypted."""
    found = check(path)
    name = f"k{len(found['masters']) + 1}"
    write_json(path, {**found, "current": name, "masters": {**found["masters"], name: _fresh()}})
    return name


def fingerprints(path: Path) -> dict[str, str]:
    """Key id to the first 16 digits of a digest: enough to tell keys apart, nothing to open a field with."""
    found = check(path)
    named = {**found["masters"], "blind": found["blind"]}
    return {name: hashlib.sha256(b"jiamenkou key " + _bytes(key)).hexdigest()[:16] for name, key in named.items()}


def readable_by_others(path: Path) -> bool:
    return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


def _fresh() -> str:
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def _bytes(text: str) -> bytes:
    key = base64.b64decode(text, validate=True)
    if len(key) != KEY_BYTES:
        raise ValueError("a key is 32 bytes")
    return key
