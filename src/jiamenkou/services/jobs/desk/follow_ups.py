"""Follow-ups at 7, 30 and 90 days, and the figures."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.listing import Listing, chosen_filters, paged, sorted_rows
from jiamenkou.services.jobs.access import access_follow_up, follow_ups_for, placements_for
from jiamenkou.services.jobs.actions.applications import record_follow_up
from jiamenkou.services.jobs.figures import midnight, placement_rate, recommended_people
from jiamenkou.services.jobs.permissions import JobsPermission
from jiamenkou.services.jobs.states import FollowUpOutcome


class FollowUpForm(forms.Form):
    outcome = forms.ChoiceField(label=_("怎么样"), choices=FollowUpOutcome.choices, widget=forms.RadioSelect)
    note = forms.CharField(label=_("记一句"), max_length=200, required=False)


def trail(page: str) -> list[dict[str, str]]:
    return [
        {"label": "供需", "href": ""},
        {"label": "上岗", "href": "/desk/jobs/placements/"},
        {"label": page, "href": ""},
    ]


@require_http_methods(["GET", "POST"])
@for_staff(JobsPermission.PEOPLE)
def follow_up(request: Visit, pk: int) -> HttpResponse:
    found = access_follow_up(request.actor, pk)
    form = FollowUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        record_follow_up(
            found,
            FollowUpOutcome(data["outcome"]),
            by=request.actor,
            now=timezone.now(),
            reason="上岗回访",
            note=data["note"],
        )
        return HttpResponseRedirect("/desk/")
    context = {"follow_up": found, "form": form, "trail": trail(found.resident.name)}
    return render(request, "jobs/desk/follow_up.html", context, status=422 if form.errors else 200)


@for_staff(Permission.FIGURES_VIEW)
def placements(request: Visit) -> HttpResponse:
    """上岗率 with the names behind it: whoever may see the people sees them, others the figure."""
    today = timezone.localdate()
    months = {"3": 90, "6": 180, "12": 365}
    chosen = chosen_filters(request, {"months": months, "only": ["placed", "not"]})
    days = months[chosen.get("months", "6")]
    rate = placement_rate(request.actor, today, days)
    only = {"placed": True, "not": False}.get(chosen.get("only", ""))
    names = request.actor.may(JobsPermission.PEOPLE)
    # the figure is of every place whose figures one sees, the names are of those whose people one sees
    seen = JobsPermission.PEOPLE if names else Permission.FIGURES_VIEW
    people = recommended_people(request.actor, midnight(today, days), placed=only, permission=seen)
    shown = Listing(
        paged(sorted_rows(people, request, {"name": "name_key", "contact": "last_contact_on"}, "name"), request),
        "",
        chosen,
    )
    views = [
        {"label": f"推荐过 {rate.people} 人", "href": "?", "on": "only" not in chosen},
        {"label": f"上岗 {rate.placed} 人", "href": "?only=placed", "on": chosen.get("only") == "placed"},
        {"label": f"还没上岗 {rate.people - rate.placed} 人", "href": "?only=not", "on": chosen.get("only") == "not"},
    ]
    context = {
        "rate": rate,
        "listing": shown,
        "views": views,
        "names": names,
        "recent": list(
            placements_for(request.actor, seen)
            .select_related("resident", "application__vacancy__employer")
            .order_by("-started_on", "-id")[:10]
        ),
        "due": follow_ups_for(request.actor, seen).due(today).count(),
        "trail": [{"label": "供需", "href": ""}, {"label": "上岗", "href": ""}],
    }
    return render(request, "jobs/desk/placements.html", context)
