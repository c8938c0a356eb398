"""What a phone asks and sends. Answers are JSON; a sign-in that is over is the redirect that every page of staff gives."""

from __future__ import annotations

import json
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from jiamenkou.foundation.access.guards import for_everyone, for_staff
from jiamenkou.foundation.access.session_store import MARKS
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.audit.exports import log_export
from jiamenkou.foundation.people.access import residents_for
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.refusals import Conflict, Refused
from jiamenkou.services.visits.actions.recording import record_visit
from jiamenkou.services.visits.door.taking import milliseconds, must_forget, taken
from jiamenkou.services.visits.permissions import VisitsPermission
from jiamenkou.services.visits.reading import read_told
from jiamenkou.services.visits.sealing import data, open_from_phone, owner_tag

MOST_SEALED = 64 * 1024
TICKET, CLOCK = "Door-Ticket", "Door-Clock"


@for_everyone
@require_GET
def session(request: Visit) -> JsonResponse:
    """Whether this browser is signed in as somebody who visits, and whether a list taken before must be forgotten."""
    actor = request.actor
    here = actor.account is not None and actor.strong and actor.may(VisitsPermission.RECORD)
    ticket = request.headers.get(TICKET, "")
    return JsonResponse(
        {
            "signed_in": here,
            "owner": owner_tag(actor.account.pk) if here and actor.account else "",
            "csrf": get_token(request),
            "now": milliseconds(timezone.now()),
            "forget": bool(ticket) and must_forget(ticket),
        }
    )


@for_staff(VisitsPermission.RECORD)
@require_POST
def take(request: Visit) -> JsonResponse:
    """Today's list and the key it is kept under, noted in the log of what leaves the house."""
    now = timezone.now()
    found = taken(request.actor, float(request.session[MARKS]["at"]), now)
    log, _mark = log_export("走访名单", by=request.actor, reason="带走今天的走访名单", conditions="上门用")
    log.rows = len(found["list"])
    log.save()
    return JsonResponse(found)


@for_staff(VisitsPermission.RECORD)
@require_POST
def send(request: Visit) -> HttpResponse:
    """One visit. 200 also for a repeat; 409 and 429 may be tried again, 403 and 422 want a person to look."""
    try:
        uid = request.headers.get("Idempotency-Key", "")
        told = read_told(_opened(request, f"visit:{uid}"), _ahead(request))
        if str(told.uid) != uid:
            raise Refused("编号和内容对不上。", field="uid", code="uid")
        resident = _resident(request, told.resident)
        done = record_visit(
            told,
            resident,
            photos=[_file(one, f"photo:{uid}") for one in request.FILES.getlist("photo")],
            voices=[_file(one, f"voice:{uid}") for one in request.FILES.getlist("voice")],
            by=request.actor,
            now=timezone.now(),
            reason="上门走访",
        )
    except Refused as refused:
        return _refusal(refused)
    return JsonResponse({"visit": done.visit.pk, "conflict": done.conflict, "clock_wrong": done.visit.clock_wrong})


@for_staff(VisitsPermission.RECORD)
@require_POST
def reopen(request: Visit) -> HttpResponse:
    """One's own unfinished form, whose readable copy the phone has forgotten."""
    try:
        uid = request.headers.get("Door-Visit", "")
        given = json.loads(_opened(request, f"visit:{uid}"))
    except Refused as refused:
        return _refusal(refused)
    return JsonResponse(given)


def _opened(request: Visit, bound_to: str) -> bytes:
    """The sealed JSON of a visit that this account recorded. Raises :class:`Refused`."""
    sealed = request.POST.get("sealed", "")
    if not sealed or len(sealed) > MOST_SEALED:
        raise Refused("这一份是空的，或者太长。", field="sealed", code="size")
    raw = open_from_phone(data(sealed), bound_to)
    given = json.loads(raw)
    account = request.actor.account
    if not isinstance(given, dict) or account is None or given.get("owner") != owner_tag(account.pk):
        raise Refused("这一次是另一位同事记的，请他登录后再传。", field="owner", code="owner")
    return raw


def _ahead(request: HttpRequest) -> int:
    """Minutes the phone's clock is ahead of ours as it sends."""
    said = request.headers.get(CLOCK, "")
    if not said.isdecimal() or len(said) > 13:
        raise Refused("手机没有说现在几点，请刷新页面再传。", field="clock", code="clock")
    return round((int(said) - milliseconds(timezone.now())) / 60_000)


def _resident(request: Visit, pk: int) -> Resident:
    """Who was visited, also after a death or a merge. 409: who has moved out of reach may come back into it."""
    pk = Resident.objects.filter(pk=pk, merged_into__isnull=False).values_list("merged_into", flat=True).first() or pk
    found = residents_for(request.actor).filter(pk=pk).first()
    if found is None or not request.actor.may(VisitsPermission.RECORD, found.community_id, found.grid_id):
        raise Conflict(
            "这位居民已经不在您负责的范围，请告诉社区，这一次先留在手机里。", field="resident", code="moved"
        )
    return found


def _file(upload: UploadedFile[bytes], bound_to: str) -> bytes:
    return open_from_phone(upload.read(), bound_to)


def _refusal(refused: Refused) -> JsonResponse:
    status = 403 if refused.code == "owner" else 429 if refused.code == "quota" else 422
    if isinstance(refused, Conflict):
        status = 409
    told: dict[str, Any] = {"problem": refused.message, "field": refused.field, "code": refused.code}
    return JsonResponse(told, status=status)
