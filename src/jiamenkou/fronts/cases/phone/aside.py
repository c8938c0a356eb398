"""Photos and recordings that came with a report which is not filed yet: kept for a day, so that nothing is taken twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.files.models import FileKind, StoredFile
from jiamenkou.foundation.files.storing import store_photo, store_voice

KEEPER = "cases"
KEPT = timedelta(days=1)
MOST = 2


def aside(request: Visit) -> list[StoredFile]:
    """Those the form names (``kept``) that its sender stored and no report has yet."""
    named = [uid for uid in map(_uid, request.POST.getlist("kept")[:MOST]) if uid is not None]
    if not named:
        return []
    mine = StoredFile.objects.filter(by=request.actor.account, keeper=KEEPER, expires_at__gt=timezone.now())
    return list(mine.filter(uid__in=named).order_by("id"))


def lay_aside(
    request: Visit, told: Mapping[str, Any], kept: Iterable[StoredFile], community: int | None
) -> list[StoredFile]:
    """What came now stands in place of what came before, one of a kind. Raises Refused at photo or voice."""
    files = {file.kind: file for file in kept}
    if told["photo"]:
        files[FileKind.IMAGE] = store_photo(told["photo"].read(), by=request.actor, keeper=KEEPER, community=community)
    if told["voice"]:
        files[FileKind.VOICE] = store_voice(told["voice"].read(), by=request.actor, keeper=KEEPER, community=community)
    found = list(files.values())
    _until(found, expires=True)
    return found


def take_up(files: Iterable[StoredFile]) -> None:
    """A report has them: they stay as long as it does."""
    _until(files, expires=False)


def _until(files: Iterable[StoredFile], *, expires: bool) -> None:
    for file in files:
        file.expires_at = timezone.now() + KEPT if expires else None
        file.save(update_fields=["expires_at"])


def _uid(word: str) -> UUID | None:
    try:
        return UUID(word)
    except ValueError:
        return None
