"""A survey on the phone: tick, a sentence if one likes, sent once."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from jiamenkou.foundation.access.guards import for_residents
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.access.where import acting_for
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.needs.access import access_public_survey
from jiamenkou.services.needs.actions.surveys import answer_survey
from jiamenkou.services.needs.forms.surveys import AnswerSurveyForm
from jiamenkou.services.needs.models import SurveyAnswer
from jiamenkou.services.needs.phone.views import filed_by


@require_http_methods(["GET", "HEAD", "POST"])
@for_residents
def survey(request: Visit, pk: int) -> HttpResponse:
    found, person = access_public_survey(pk), acting_for(request)
    if person is None:
        return HttpResponseRedirect(f"/me/link/?next=/needs/surveys/{pk}/")
    today, status = timezone.localdate(), 200
    form = AnswerSurveyForm(found, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if form.is_valid():
            data = form.cleaned_data
            try:
                answer_survey(
                    found, person, data["ticked"], data["words"], by=request.actor,
                    filed_by=filed_by(request, person), today=today, reason="居民填问卷",
                )  # fmt: skip
            except Refused as refused:
                form.add_error(refused.field if refused.field in form.fields else None, refused.message)
            else:
                return HttpResponseRedirect(f"/needs/surveys/{pk}/")
        status = 422
    mine = SurveyAnswer.objects.filter(survey=found, resident=person).first()
    context = {
        "survey": found,
        "form": form,
        "mine": mine,
        "chosen": list(found.categories.filter(pk__in=mine.ticked).order_by("order", "id")) if mine else [],
        "going": found.is_going(today),
        "person": person,
        "several": len(request.actor.residents) > 1,
    }
    return render(request, "needs/phone/survey.html", context, status=status)
