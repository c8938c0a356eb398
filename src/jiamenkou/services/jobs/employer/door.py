"""Who stands at the employers' door: the bearer of a good link, or a member who signed in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from jiamenkou.foundation.access import scope as scopes
from jiamenkou.foundation.access.guards import View
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.people.models import Organisation, OrganisationKind, OrganisationMember
from jiamenkou.services.jobs.access import employer_applications
from jiamenkou.services.jobs.actions.employers import good_link, note_use

SAFE = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class Guest:
    """An organisation for the length of a visit; ``base`` is the address its pages hang under."""

    organisation: Organisation
    base: str
    by_link: bool


def for_employers(view: Callable[..., HttpResponseBase]) -> View:
    """Opened with a token in the address, or signed in as a member. The scope grows by exactly the applicants."""

    @wraps(view)
    def guarded(request: Visit, *args: Any, token: str | None = None, **kwargs: Any) -> HttpResponseBase:
        if token is not None:
            guest = _by_link(request, token)
            if guest is None:
                return render(request, "jobs/employer/gone.html", status=410)
        else:
            if request.actor.is_anonymous:
                return HttpResponseRedirect("/signin/?next=/jobs/employer/")
            guest = _by_account(request)
        _widen(request, guest)
        return view(request, guest, *args, **kwargs)

    guarded.audience = "employers"  # type: ignore[attr-defined]
    return guarded


def through_link(view: View) -> View:
    """The same page behind a token: anybody may try, the token alone opens."""

    @wraps(view)
    def opened(request: Visit, token: str, **kwargs: Any) -> HttpResponseBase:
        return view(request, token=token, **kwargs)

    opened.audience = "everyone"  # type: ignore[attr-defined]
    return opened


def _by_link(request: Visit, token: str) -> Guest | None:
    now = timezone.now()
    link = good_link(token, now)
    if link is None:
        return None
    if request.method not in SAFE:
        scopes.declare(f"employer-link:{link.pk}", f"{request.method} 单位回话")
        note_use(link, by=request.actor, now=now, reason="单位用了链接")
    return Guest(link.organisation, f"/jobs/employer/{token}/", by_link=True)


def _by_account(request: Visit) -> Guest:
    """The member's organisation that takes people on, the one joined last. Others find nothing here."""
    member = (
        OrganisationMember.objects.filter(account=request.actor.account, ended_at__isnull=True)
        .filter(organisation__kinds__contains=[OrganisationKind.EMPLOYER])
        .select_related("organisation")
        .order_by("-since", "-id")
        .first()
    )
    if member is None:
        raise Http404
    return Guest(member.organisation, "/jobs/employer/", by_link=False)


def _widen(request: Visit, guest: Guest) -> None:
    """Who applied is itself under row-level security: only their ids are read with everything in view."""
    with scopes.scope(scopes.EVERYTHING):
        people = list(employer_applications(guest.organisation.pk).order_by().values_list("resident_id", flat=True))
    scopes.apply(request.actor.scope().plus(residents=people))
