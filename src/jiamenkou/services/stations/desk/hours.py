"""Hours decided by staff: confirmed for somebody without a phone, corrected by a reversing entry."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.stations.access import access_for_staff
from jiamenkou.services.stations.actions import hours as hour_acts
from jiamenkou.services.stations.desk.given import how
from jiamenkou.services.stations.desk.lists import hours_page
from jiamenkou.services.stations.models import Help
from jiamenkou.services.stations.permissions import StationsPermission
from jiamenkou.services.stations.states import HoursState

EDIT = StationsPermission.EDIT


@require_POST
@for_staff(EDIT)
def hours_act(request: Visit, pk: int) -> HttpResponse:
    """Confirm for somebody without a phone; correct by a reversing entry."""
    found = access_for_staff(request.actor, Help.objects.select_related("giver", "community", "transaction"), pk, EDIT)
    now = timezone.now()
    try:
        if request.POST.get("do") == "confirm" and found.state == HoursState.WAITING:
            account = request.actor.account
            if account is not None and account.links.filter(resident=found.giver_id, ended_at__isnull=True).exists():
                raise Refused("自己的时长要由别人确认。", code="self")
            hour_acts.confirm(found, now=now, **how(request, "社区代受帮助的人确认"))
        elif request.POST.get("do") == "correct":
            minutes = request.POST.get("minutes", "").strip()
            if not minutes.isdigit() or len(minutes) > 4:
                raise Refused("请写几分钟，0 表示不算。", code="minutes")
            hour_acts.correct(found, int(minutes), request.POST.get("why", ""), now=now, **how(request, "更正时长"))
        else:
            raise Refused("这一条已经定了。", code="decided")
    except Refused as refused:
        return hours_page(request, refused, 409)
    return HttpResponseRedirect("/desk/stations/hours/")
