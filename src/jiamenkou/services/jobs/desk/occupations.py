"""Five occupations for the title somebody is typing: a fragment for the vacancy's form."""

from __future__ import annotations

import re

from django.http import Http404, HttpResponse
from django.shortcuts import render

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.services.jobs.occupations import choices
from jiamenkou.services.jobs.permissions import JobsPermission

_PREFIX = re.compile(r"(?:p\d{1,3})?")
LONGEST_TITLE = 60


@for_staff(JobsPermission.EDIT)
def suggestions(request: Visit) -> HttpResponse:
    """``?prefix=p0&p0-title=…``: the form's prefix, and the title as the form names it."""
    prefix = request.GET.get("prefix", "")
    if not _PREFIX.fullmatch(prefix):
        raise Http404
    dash = f"{prefix}-" if prefix else ""
    title = request.GET.get(f"{dash}title", "").replace("\0", "")[:LONGEST_TITLE]
    return render(
        request,
        "jobs/desk/_occupations.html",
        {"choices": choices(title), "name": f"{dash}occupation_code", "target": f"{dash}occupations"},
    )
