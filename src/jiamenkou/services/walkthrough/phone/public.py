"""走流程 for everybody: what was found and what came of it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jiamenkou.foundation.access.guards import for_everyone
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.access.where import community_of
from jiamenkou.services.walkthrough.access import active_officers
from jiamenkou.services.walkthrough.public import recurring_of, round_shown, rounds_of
from jiamenkou.services.walkthrough.states import FindingState


@require_safe
@for_everyone
def rounds(request: Visit) -> HttpResponse:
    here = community_of(request)
    shown = rounds_of(here.id)
    context = {
        "rounds": shown,
        "found": sum(one.count.found for one in shown),
        "solved": sum(one.count.solved for one in shown),
        "recurring": recurring_of(here.id),
        "name": here.name,
        "officer": bool(active_officers(request.actor)),
    }
    return render(request, "walkthrough/phone/public.html", context)


@require_safe
@for_everyone
def one_round(request: Visit, pk: int) -> HttpResponse:
    shown, findings = round_shown(pk)
    solved = [one for one in findings if one.state == FindingState.SOLVED]
    context = {
        "round": shown,
        "parts": [
            (shown.count.solved, _("已解决"), "green"),
            (shown.count.open, _("在改"), "orange"),
            (shown.count.cannot, _("暂时解决不了"), "grey"),
        ],
        "solved": solved,
        "others": [one for one in findings if one.state != FindingState.SOLVED],
    }
    return render(request, "walkthrough/phone/round.html", context)
