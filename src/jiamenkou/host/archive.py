"""The file of a backup: one tar with the manifest first, then the dump, then the uploads. No key is in it.

``manifest.json``::

    {"format": 1, "made": "2026-11-22T02:00:00+08:00", "version": "0.1.0", "postgres": 18, "demo": true,
     "tables": {"public.note": 12}, "dump": "sha256…", "files": {"ab/cd.jpg": "sha256…"},
     "keys": {"k1": "16 digits of a digest", "blind": "…"}}
"""

from __future__ import annotations

import hashlib
import io
import itertools
import json
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

FORMAT = 1
MANIFEST = "manifest.json"
DUMP = "database.dump"
FILES = "files"
LARGEST_MANIFEST = 64 * 1024 * 1024  # bytes; a sha256 for half a million uploads


class NotABackup(Exception):
    """The file is no backup of ours, or no longer what was written; the message is one plain Chinese line."""


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def uploads(folder: Path) -> dict[str, Path]:
    """The uploads by their name in the archive. Links are nobody's upload and stay out."""
    if not folder.exists():
        return {}
    found = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())
    return {path.relative_to(folder).as_posix(): path for path in found}


def write(target: Path, manifest: dict[str, Any], dump: Path, files: dict[str, Path]) -> None:
    """Write for the owner's eyes, on the disk when this returns."""
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
            text = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
            head = tarfile.TarInfo(MANIFEST)
            head.size = len(text)
            tar.addfile(head, io.BytesIO(text))
            tar.add(dump, DUMP, filter=_anonymous)
            for name, path in files.items():
                tar.add(path, f"{FILES}/{name}", filter=_anonymous)
        out.flush()
        os.fsync(out.fileno())


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Not whose account on which machine made the backup."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member


@contextmanager
def opened(source: Path) -> Iterator[tuple[tarfile.TarFile, dict[str, Any]]]:
    """The archive after its manifest. Raises :class:`NotABackup` and OSError."""
    try:
        with tarfile.open(source, mode="r:") as tar:
            first = tar.next()
            if first is None or first.name != MANIFEST or first.size > LARGEST_MANIFEST:
                raise NotABackup(f"不是家门口的备份文件：{source}")
            reader = tar.extractfile(first)
            manifest = json.loads(reader.read()) if reader else {}
            if manifest.get("format") != FORMAT:
                raise NotABackup(f"备份格式 {manifest.get('format')} 不认识，请用相应版本恢复：{source}")
            yield tar, manifest
    except (tarfile.TarError, EOFError, ValueError, AttributeError) as fault:
        raise NotABackup(f"不是家门口的备份文件，或已损坏：{source}") from fault


def unpack(tar: tarfile.TarFile, manifest: dict[str, Any], dump: Path, files: Path) -> None:
    """Lay out the dump and the uploads, and check every digest. Raises :class:`NotABackup`."""
    expected = {DUMP: manifest["dump"]} | {f"{FILES}/{name}": digest for name, digest in manifest["files"].items()}
    for member in itertools.islice(tar, 1, None):  # the manifest is behind us
        digest = expected.pop(member.name, None)
        inside = PurePosixPath(member.name.removeprefix(f"{FILES}/"))
        if digest is None or not member.isfile() or inside.is_absolute() or ".." in inside.parts:
            raise NotABackup(f"备份里有不认识的内容：{member.name!r}")
        target = dump if member.name == DUMP else files / inside
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        reader = tar.extractfile(member)
        assert reader is not None  # a regular file has content
        found = hashlib.sha256()
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            while chunk := reader.read(1 << 20):
                found.update(chunk)
                out.write(chunk)
        if found.hexdigest() != digest:
            raise NotABackup(f"备份已损坏，校验不符：{member.name!r}")
    if expected:
        raise NotABackup(f"备份不完整，缺少 {len(expected)} 个文件")
