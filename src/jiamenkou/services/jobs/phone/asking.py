"""没合适的？说一句: the sentence goes to the community, and stands on the person's wish."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jiamenkou.foundation.access.guards import for_residents
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.access.where import acting_for
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.jobs.actions.asking import ask_community
from jiamenkou.services.jobs.forms.phone import SayForm
from jiamenkou.services.jobs.phone.vacancy import filed_by


@for_residents
@require_http_methods(["GET", "HEAD", "POST"])
def say(request: Visit) -> HttpResponse:
    person = acting_for(request)
    if person is None:
        return HttpResponseRedirect("/me/link/?next=/jobs/say/")
    form = SayForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            ask_community(
                person,
                form.cleaned_data["text"],
                by=request.actor,
                filed_by=filed_by(request, person),
                today=timezone.localdate(),
                reason="说一句想找的活",
            )
        except Refused as refused:
            form.add_error(refused.field, refused.message)
        else:
            messages.success(request, _("说好了，社区帮您留意。"))
            return HttpResponseRedirect("/jobs/")
    return render(request, "jobs/phone/say.html", {"form": form, "person": person}, status=422 if form.errors else 200)
