"""Storing, reading and discarding files. The bytes are written before the row; a row that is undone leaves bytes
that nobody can name, and the sweep takes them away."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.files import images
from jiamenkou.foundation.files.models import FileKind, StoredFile
from jiamenkou.foundation.places.models import Place
from jiamenkou.foundation.refusals import Refused

MOST_VOICE = 3 * 1024 * 1024
MOST_DOCUMENT = 10 * 1024 * 1024
# what one account may store in a day
DAY_FILES = 300
DAY_BYTES = 200 * 1024 * 1024
_VOICE: tuple[tuple[int, bytes, str], ...] = (
    (0, b"OggS", "audio/ogg"),
    (0, b"\x1aE\xdf\xa3", "audio/webm"),
    (4, b"ftyp", "audio/mp4"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
    (0, b"RIFF", "audio/wav"),
    (0, b"#!AMR", "audio/amr"),
)
_DOCUMENTS: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF-", "application/pdf", ".pdf"),
    (b"PK\x03\x04", "application/octet-stream", ""),
)


def store_photo(
    data: bytes, *, by: Actor, keeper: str, community: Place | int | None, field: str = "photo", public: bool = False
) -> StoredFile:
    """A photo, drawn again (JPEG, upright, no metadata). Raises Refused at ``field``."""
    drawn, _width, _height = images.redraw(data, field=field)
    return _store(drawn, FileKind.IMAGE, "照片.jpg", "image/jpeg", by, keeper, community, field, public)


def store_voice(
    data: bytes, *, by: Actor, keeper: str, community: Place | int | None, field: str = "voice"
) -> StoredFile:
    """A voice note as the phone recorded it, known by its first bytes. Raises Refused at ``field``."""
    if len(data) > MOST_VOICE:
        raise Refused("录音太长，最多三分钟左右，请分两段说。", field=field, code="too_large")
    media = next((kind for at, magic, kind in _VOICE if data[at : at + len(magic)] == magic), None)
    if media is None:
        raise Refused("听不了这个录音，请重新录一段。", field=field, code="not_voice")
    return _store(data, FileKind.VOICE, "录音", media, by, keeper, community, field, public=False)


def store_document(
    data: bytes, name: str, *, by: Actor, keeper: str, community: Place | int | None, field: str = "document"
) -> StoredFile:
    """A PDF or an office file, which is only ever downloaded. A photo of a paper is drawn again. Raises Refused."""
    if len(data) > MOST_DOCUMENT:
        raise Refused("文件太大，最多 10 MB。", field=field, code="too_large")
    if data[:3] == b"\xff\xd8\xff" or data[:8] == b"\x89PNG\r\n\x1a\n":
        return store_photo(data, by=by, keeper=keeper, community=community, field=field)
    media = next((kind for magic, kind, _end in _DOCUMENTS if data.startswith(magic)), None)
    if media is None:
        raise Refused("只收照片、PDF、Word 和 Excel 文件。", field=field, code="not_a_document")
    clean = "".join(c for c in Path(name).name if c.isprintable() and c not in '\\/:*?"<>|')[-100:] or "文件"
    return _store(data, FileKind.DOCUMENT, clean, media, by, keeper, community, field, public=False)


def path_of(file: StoredFile) -> Path:
    """Where the bytes lie."""
    word = file.uid.hex
    return Path(settings.DATA_DIR / "files" / word[:2] / word)


def read(file: StoredFile) -> bytes:
    """Raises FileNotFoundError where the bytes are gone."""
    return path_of(file).read_bytes()


def discard(file: StoredFile, *, by: Actor, reason: str) -> None:
    """The row goes with the transaction, the bytes after it."""
    path = path_of(file)
    file.delete()
    transaction.on_commit(lambda: path.unlink(missing_ok=True))


def sweep(now: datetime) -> int:
    """Delete files past their expiry. Returns how many."""
    gone = 0
    for file in StoredFile.objects.filter(expires_at__lt=now).order_by("id")[:1000]:
        discard(file, by=Actor(None), reason="到期")
        gone += 1
    return gone


def _store(
    data: bytes,
    kind: FileKind,
    name: str,
    media: str,
    by: Actor,
    keeper: str,
    community: Place | int | None,
    field: str,
    public: bool,
) -> StoredFile:
    _within_quota(by, len(data), field)
    file = StoredFile(
        uid=uuid4(),
        kind=kind,
        keeper=keeper,
        name=name,
        media_type=media,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        community_id=community.pk if isinstance(community, Place) else community,
        by=by.account,
        is_public=public,
    )
    path = path_of(file)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_suffix(".part")
    fresh.write_bytes(data)
    fresh.chmod(0o600)
    fresh.replace(path)
    file.save()
    return file


def _within_quota(by: Actor, size: int, field: str) -> None:
    if by.account is None:
        return
    day = StoredFile.objects.filter(by=by.account, at__gte=timezone.now() - timedelta(days=1))
    used = day.aggregate(bytes=Sum("size"))["bytes"] or 0
    if used + size > DAY_BYTES or day.count() >= DAY_FILES:
        raise Refused("今天传的文件太多了，请明天再传，或打社区电话。", field=field, code="quota")
