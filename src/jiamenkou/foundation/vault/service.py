"""Sealed fields of subjects: what the rest of the house calls."""

from __future__ import annotations

import os
from collections.abc import Iterable
from uuid import UUID

from django.conf import settings

from jiamenkou.foundation.vault.crypto import CannotOpen, blind, seal, unseal
from jiamenkou.foundation.vault.models import SubjectKey


def _wrap(subject: UUID, key: bytes) -> SubjectKey:
    keys = settings.KEYS
    wrapped = seal(keys.masters[keys.current], key, f"subject:{subject}")
    return SubjectKey(subject=subject, master=keys.current, wrapped=wrapped)


def _unwrap(row: SubjectKey) -> bytes:
    return unseal(settings.KEYS.masters[row.master], bytes(row.wrapped), f"subject:{row.subject}")


def ensure_keys(subjects: Iterable[UUID]) -> dict[UUID, bytes]:
    """The data key of each subject, made where there is none yet. Two queries however many subjects."""
    wanted = set(subjects)
    found = {row.subject: _unwrap(row) for row in SubjectKey.objects.filter(subject__in=wanted).order_by("subject")}
    fresh = {subject: os.urandom(32) for subject in wanted - found.keys()}
    if fresh:
        SubjectKey.objects.bulk_create([_wrap(subject, key) for subject, key in fresh.items()], batch_size=2000)
    return found | fresh


def seal_field(key: bytes, subject: UUID, field: str, value: str) -> bytes:
    """``value`` sealed for one field of one subject, e.g. ``field="identity.number"``."""
    return seal(key, value.encode(), f"{field}:{subject}")


def open_field(subject: UUID, field: str, sealed: bytes) -> str:
    """The plain value. Raises :class:`CannotOpen` also when the subject's key was destroyed.

    Callers are the reveal action and the senders of messages: every other page shows the masked text.
    """
    row = SubjectKey.objects.filter(subject=subject).first()
    if row is None:
        raise CannotOpen("the key was destroyed")
    return unseal(_unwrap(row), bytes(sealed), f"{field}:{subject}").decode()


def blind_index(kind: str, value: str) -> bytes:
    """The blind index of a normalised value under the installation's key."""
    return blind(settings.KEYS.blind, kind, value)


def destroy(subject: UUID) -> None:
    """Forget the subject's key for good."""
    SubjectKey.objects.filter(subject=subject).delete()


def rotate(batch: int = 5000) -> int:
    """Wrap every data key that is not under the current master again. Returns how many; run until it returns 0."""
    stale = SubjectKey.objects.exclude(master=settings.KEYS.current).order_by("subject")[:batch]
    rows = [_wrap(row.subject, _unwrap(row)) for row in stale]
    SubjectKey.objects.bulk_update(rows, ["master", "wrapped"], batch_size=1000)
    return len(rows)
