"""Who may have a stored file: asked of the part of the house that it belongs to, on the way out."""

from __future__ import annotations

from collections.abc import Callable

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.files.models import StoredFile

Keeper = Callable[[Actor, StoredFile], bool]
_keepers: dict[str, Keeper] = {}


def keep(word: str, keeper: Keeper) -> None:
    """Register who decides about files whose ``keeper`` is ``word``; called from ``apps.ready``."""
    _keepers[word] = keeper


def may_have(by: Actor, file: StoredFile) -> bool:
    """Public files are everybody's; who stored one may look at it; for the rest its keeper decides, no keeper: nobody."""
    if file.is_public:
        return True
    if by.account is not None and by.account.pk == file.by_id:
        return True
    keeper = _keepers.get(file.keeper)
    return keeper is not None and keeper(by, file)
