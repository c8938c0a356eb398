"""三率 by community, recomputed from the log on each visit; every figure opens its list."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.cases.figures import rates
from jiamenkou.foundation.cases.permissions import CasesPermission
from jiamenkou.foundation.cases.rates import total
from jiamenkou.foundation.places.models import Place

SPANS = {"30": 30, "90": 90, "365": 365}


@require_safe
@for_staff(CasesPermission.VIEW)
def page(request: Visit) -> HttpResponse:
    now = timezone.localtime()
    span = request.GET.get("days", "")
    days = SPANS.get(span, 30)
    communities = sorted(request.actor.scope(CasesPermission.VIEW).communities)
    found = rates(communities, now - timedelta(days=days), now, now)
    names = {place.pk: place.name for place in Place.objects.filter(pk__in=communities).order_by("path")}
    rows = [{"name": name, "figures": found[pk]} for pk, name in names.items()]
    return render(
        request,
        "desk/cases/figures.html",
        {
            "rows": rows,
            "total": total(found),
            "days": days,
            "spans": [{"label": f"{n} 天", "href": f"?days={n}", "on": n == days} for n in SPANS.values()],
            "trail": [{"label": _("看板"), "href": ""}, {"label": _("办件三率"), "href": ""}],
        },
    )
