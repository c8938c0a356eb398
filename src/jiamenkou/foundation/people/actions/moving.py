"""The one way a resident changes community or grid, and asking another community for somebody."""

from __future__ import annotations

from datetime import date, datetime

from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, models, transaction

from jiamenkou.foundation.access import scope as scopes
from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.limits import spend
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.events.bus import publish
from jiamenkou.foundation.events.kinds import ResidentMoved
from jiamenkou.foundation.people.actions.leaving import end_membership
from jiamenkou.foundation.people.events import ResidentChanged
from jiamenkou.foundation.people.models import Identity, Resident, TransferRequest
from jiamenkou.foundation.places.models import Place
from jiamenkou.foundation.refusals import Conflict, NotAllowed, Refused
from jiamenkou.foundation.vault.service import blind_index

REQUESTS_PER_DAY = 50


def scoped_models() -> list[type[models.Model]]:
    """Every model whose rows stand in the resident's community and grid, found from the models themselves."""
    found = []
    for model in apps.get_models():
        names = {field.name: field for field in model._meta.concrete_fields}
        if {"resident", "community", "grid"} <= names.keys() and names["resident"].related_model is Resident:
            found.append(model)
    return sorted(found, key=lambda model: model._meta.label)


def move_resident(
    resident: Resident, community: Place, grid: Place | None, *, by: Actor, today: date, reason: str, address: str = ""
) -> Resident:
    """Within what the actor works for. Who moves beyond it is asked for by the other community."""
    for place, part in ((resident.community_id, resident.grid_id), (community.pk, grid.pk if grid else None)):
        if not by.may(Permission.RESIDENTS_EDIT, place, part):
            raise NotAllowed("只能搬到您负责的社区和网格。别的社区请对方申请转入。", code="not_yours")
    return _move(resident, community, grid, by=by, today=today, reason=reason, address=address)


def _move(
    resident: Resident, community: Place, grid: Place | None, *, by: Actor, today: date, reason: str, address: str = ""
) -> Resident:
    if grid is not None and not community.contains(grid):
        raise Refused("这个网格不在这个社区里。", field="grid", code="elsewhere")
    was = resident.community_id
    if (was, resident.grid_id) == (community.pk, grid.pk if grid else None):
        raise Refused("已经在这里了。", field="grid", code="same")
    # the row leaves the scope it is written from: the policies would refuse the change
    with scopes.scope(scopes.EVERYTHING, actor=by.audit_name, reason=reason):
        end_membership(resident, today)
        resident.community, resident.grid, resident.household = community, grid, None
        if address:
            resident.address = address
        elif was != community.pk:
            resident.address = ""
        resident.save()
        for model in scoped_models():
            model._base_manager.filter(resident=resident).update(community=community, grid=grid)
        if was != community.pk:
            publish(ResidentMoved(resident.pk, was, community.pk))
        publish(ResidentChanged(resident.pk))
    return resident


def held_elsewhere(identity: str) -> bool:
    """Whether a number of identity that the actor cannot see is registered: a yes or no, nothing of the person."""
    with scopes.scope(scopes.EVERYTHING):
        return Identity.objects.filter(
            index=blind_index("identity", identity), resident__deceased_on__isnull=True
        ).exists()


def request_transfer(identity: str, to: Place, *, note: str, by: Actor, reason: str) -> None:
    """Ask the community that holds the number. Asking twice is one request. Raises ``TooMany``, :class:`Refused`."""
    if by.account is None or not by.may(Permission.RESIDENTS_EDIT, to.pk):
        raise NotAllowed("转入由社区工作者申请。", code="not_yours")
    spend("transfer", by.account.pk, getattr(settings, "TRANSFERS_PER_DAY", REQUESTS_PER_DAY))
    with scopes.scope(scopes.EVERYTHING, actor=by.audit_name, reason=reason):
        found = Identity.objects.filter(index=blind_index("identity", identity)).select_related("resident").first()
        if found is None or found.resident.community_id == to.pk:
            raise Refused("这个证件号不在其他社区，请重新查找。", code="not_elsewhere")
        try:
            with transaction.atomic():
                TransferRequest.objects.create(resident=found.resident, to_community=to, note=note[:200])
        except IntegrityError:
            return


def answer_transfer(
    request: TransferRequest, granted: bool, *, by: Actor, now: datetime, today: date, reason: str
) -> TransferRequest:
    """The community that holds the person lets them go, or keeps them with a reason."""
    resident = request.resident
    if not by.may(Permission.RESIDENTS_EDIT, resident.community_id, resident.grid_id):
        raise NotAllowed("由这位居民所在的社区答复。", code="not_yours")
    if not TransferRequest.objects.filter(pk=request.pk, answered_at__isnull=True).update(
        answered_at=now, granted=granted
    ):
        raise Conflict("别人已经答复过了。", code="answered")
    request.answered_at, request.granted = now, granted
    if granted:
        _move(resident, request.to_community, None, by=by, today=today, reason=reason)
    return request
