"""The same form as a plain page of the server: for a phone whose browser cannot keep one, and for the desk."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.visit import Visit as Request
from jiamenkou.foundation.people.models import EmploymentStatus, Resident
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.visits.access import access_person
from jiamenkou.services.visits.actions.recording import record_visit
from jiamenkou.services.visits.desk.visits import trail
from jiamenkou.services.visits.form import VERSION, questions, read_answers
from jiamenkou.services.visits.models import Plan
from jiamenkou.services.visits.permissions import VisitsPermission
from jiamenkou.services.visits.reading import LONGEST_NOTE, LONGEST_WORDS, Clocks, Told, read_facts, read_needs
from jiamenkou.services.visits.states import NeedKind, Outcome


class RecordForm(forms.Form):
    """``uid`` is drawn with the page: sending it twice is one visit."""

    uid = forms.UUIDField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(label=gettext_lazy("结果"), choices=Outcome.choices, widget=forms.RadioSelect)
    need = forms.MultipleChoiceField(
        label=gettext_lazy("有什么需要帮忙"),
        choices=NeedKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    need_words = forms.CharField(label=gettext_lazy("怎么说的"), max_length=LONGEST_WORDS, required=False)
    phone = forms.CharField(
        label=gettext_lazy("新电话"), max_length=40, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    employment = forms.ChoiceField(
        label=gettext_lazy("现在的工作"), choices=[("", "没有变"), *EmploymentStatus.choices], required=False
    )
    household = forms.CharField(label=gettext_lazy("现在谁住在这里"), max_length=LONGEST_WORDS, required=False)
    note = forms.CharField(
        label=gettext_lazy("备注"),
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("只有走访的人和社区看得到"),
    )
    photo = forms.FileField(
        label=gettext_lazy("照片"), required=False, widget=forms.FileInput(attrs={"accept": "image/*"})
    )
    voice = forms.FileField(
        label=gettext_lazy("录音"), required=False, widget=forms.FileInput(attrs={"accept": "audio/*"})
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for one in questions(VERSION):
            if one.several:
                field: forms.Field = forms.MultipleChoiceField(
                    label=one.label, choices=one.choices, required=False, widget=forms.CheckboxSelectMultiple
                )
            else:
                field = forms.ChoiceField(
                    label=one.label, choices=one.choices, required=False, widget=forms.RadioSelect
                )
            self.fields[f"q_{one.key}"] = field

    def told(self, person: Resident, plan: Plan | None) -> Told:
        """Raises :class:`Refused` at the field that cannot be read."""
        given = self.cleaned_data
        met = given["outcome"] == Outcome.MET
        answers = {one.key: given[f"q_{one.key}"] for one in questions(VERSION) if given[f"q_{one.key}"]}
        facts = {name: given[name] for name in ("phone", "employment", "household") if given[name]}
        needs = read_needs([[kind, given["need_words"]] for kind in given["need"]]) if met else ()
        uid: UUID = given["uid"]
        return Told(
            uid=uid,
            resident=person.pk,
            outcome=Outcome(given["outcome"]),
            clocks=Clocks(timezone.now()),
            version=VERSION,
            answers=read_answers(VERSION, answers) if met else {},
            needs=needs,
            facts=read_facts(facts) if met else {},
            note=given["note"],
            plan=plan.pk if plan else None,
        )


@for_staff(VisitsPermission.RECORD)
@require_http_methods(["GET", "POST"])
def record(request: Request, resident: int) -> HttpResponse:
    person = access_person(request.actor, resident)
    plan = Plan.objects.filter(resident=person).open().first()
    form = RecordForm(request.POST or None, request.FILES or None, initial={"uid": uuid4()})
    if request.method == "POST" and not request.POST:
        form = RecordForm(request.POST)
    if request.method == "POST" and form.is_valid():
        try:
            done = record_visit(
                form.told(person, plan),
                person,
                photos=_bytes(form.cleaned_data["photo"]),
                voices=_bytes(form.cleaned_data["voice"]),
                by=request.actor,
                now=timezone.now(),
                reason="上门走访",
            )
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            messages.success(request, _("记好了。"))
            return HttpResponseRedirect(f"/desk/visits/{done.visit.pk}/")
    context = {
        "form": form,
        "questions": [form[f"q_{one.key}"] for one in questions(VERSION)],
        "person": person,
        "plan": plan,
        "age": person.age(timezone.localdate()),
        "trail": trail(_("记走访")),
    }
    return render(request, "visits/desk/record.html", context, status=422 if form.errors else 200)


def _bytes(upload: UploadedFile[bytes] | None) -> list[bytes]:
    return [upload.read()] if upload else []
