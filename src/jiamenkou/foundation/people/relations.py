"""Everything in the house that points at a resident, read from the models: a new room is found by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models

from jiamenkou.foundation.people.models import MergeRecord, Resident


@dataclass(frozen=True, slots=True)
class Pointer:
    """One column that points at a resident."""

    model: type[models.Model]
    field: str

    def __str__(self) -> str:
        return f"{self.model._meta.label}.{self.field}"

    @property
    def lets_go(self) -> bool:
        """Whether the row lives on without the resident."""
        return self.model._meta.get_field(self.field).remote_field.on_delete is models.SET_NULL  # type: ignore[union-attr]

    def rows(self, resident: Resident) -> models.QuerySet[Any]:
        found: models.QuerySet[Any] = self.model._base_manager.filter(**{self.field: resident}).order_by("pk")
        return found


def pointers() -> list[Pointer]:
    """By name; hidden relations included. Left out: merging's own notes, and indexes, which follow by event."""
    return sorted(_found(), key=str)


def _found() -> Iterator[Pointer]:
    for relation in Resident._meta.get_fields(include_hidden=True):
        if not relation.auto_created or not (relation.one_to_many or relation.one_to_one):
            continue
        model, field = relation.related_model, relation.field  # type: ignore[union-attr]
        if model not in {MergeRecord, Resident} and model._meta.app_label != "search":  # type: ignore[union-attr]
            yield Pointer(model, field.name)  # type: ignore[arg-type]
