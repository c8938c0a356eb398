"""What staff prepare: windows, errands with their checklist, rounds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Max

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.places.models import Place
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.walkthrough.models import (
    Errand,
    ErrandVersion,
    Officer,
    Round,
    RoundOfficer,
    ServicePoint,
)


@dataclass(frozen=True, slots=True)
class Checklist:
    """An errand as it is published: steps in order, papers, promised minutes, fee in fen."""

    steps: tuple[str, ...]
    papers: tuple[str, ...] = ()
    promised_minutes: int | None = None
    fee_fen: int = 0


def save_point(
    point: ServicePoint | None, community: Place, fields: Mapping[str, object], *, by: Actor, reason: str
) -> ServicePoint:
    """Raises Refused at ``name`` where the community has a window of this name."""
    point = point or ServicePoint(community=community)
    name = str(fields.get("name", point.name))
    if ServicePoint.objects.filter(community=point.community, name=name).exclude(pk=point.pk).exists():
        raise Refused("已经有这个名字的窗口了。", field="name", code="taken")
    for field, value in fields.items():
        setattr(point, field, value)
    with _once("已经有这个名字的窗口了。"):
        point.save()
    return point


@contextmanager
def _once(words: str) -> Iterator[None]:
    """Two who save the same name at once: the second is told so, at the name."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise Refused(words, field="name", code="taken") from error


def close_point(point: ServicePoint, on: date | None, *, by: Actor, reason: str) -> None:
    """No new walk begins there; None opens it again. What runs is walked to its end."""
    point.closed_on = on
    point.save()


def save_errand(
    errand: Errand | None,
    community: Place,
    name: str,
    points: Sequence[ServicePoint],
    checklist: Checklist,
    *,
    by: Actor,
    reason: str,
) -> Errand:
    """A change of the checklist makes a new version; walks that are under way keep theirs. Raises Refused."""
    if not checklist.steps:
        raise Refused("至少写一个步骤。", field="steps", code="required")
    errand = errand or Errand(community=community)
    if Errand.objects.filter(community=errand.community, name=name).exclude(pk=errand.pk).exists():
        raise Refused("已经有这个事项了。", field="name", code="taken")
    with transaction.atomic():
        errand.name = name
        with _once("已经有这个事项了。"):
            errand.save()
        # one writer at a time: two changes become two versions
        Errand.objects.select_for_update(of=("self",)).get(pk=errand.pk)
        errand.points.set(points)
        newest = errand.versions.order_by("-number").first()
        if newest is None or checklist_of(newest) != checklist:
            ErrandVersion.objects.create(
                errand=errand, number=newest.number + 1 if newest else 1, by=by.account, steps=list(checklist.steps),
                papers=list(checklist.papers), promised_minutes=checklist.promised_minutes, fee_fen=checklist.fee_fen,
            )  # fmt: skip
    return errand


def checklist_of(version: ErrandVersion) -> Checklist:
    return Checklist(tuple(version.steps), tuple(version.papers), version.promised_minutes, version.fee_fen)


def save_round(
    planned: Round | None,
    community: Place,
    fields: Mapping[str, object],
    errands: Iterable[Errand],
    officers: Iterable[Officer],
    *,
    by: Actor,
    reason: str,
) -> Round:
    """Numbered in its community when it is new. Officers who have walked in it stay. Raises Refused."""
    with transaction.atomic():
        if planned is None:
            Place.objects.select_for_update(of=("self",)).get(pk=community.pk)
            last = Round.objects.filter(community=community).aggregate(last=Max("number"))["last"] or 0
            planned = Round(community=community, number=last + 1)
        for field, value in fields.items():
            setattr(planned, field, value)
        if planned.last_on < planned.first_on:
            raise Refused("结束的日子要在开始之后。", field="last_on", code="order")
        planned.save()
        planned.errands.set(errands)
        chosen = {officer.pk for officer in officers}
        walked = set(planned.walks.order_by("pk").values_list("officer_id", flat=True))
        planned.officers.exclude(officer_id__in=chosen | walked).delete()
        there = set(planned.officers.order_by("pk").values_list("officer_id", flat=True))
        for officer in sorted(chosen - there):
            RoundOfficer.objects.create(round=planned, officer_id=officer)
    return planned
