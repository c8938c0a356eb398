"""A 接龙 from the neighbours' group becomes sign-ups: pasted, looked at line by line, confirmed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.people.access import residents_for
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.needs import chat
from jiamenkou.services.needs.access import access_fair_to_run
from jiamenkou.services.needs.actions.fairs import sign_up
from jiamenkou.services.needs.desk.fairs import trail
from jiamenkou.services.needs.models import Fair
from jiamenkou.services.needs.permissions import NeedsPermission
from jiamenkou.services.needs.states import FiledBy, SignUpState

MOST_NAMESAKES = 6


class PasteForm(forms.Form):
    text = forms.CharField(
        label=_("把群里的接龙粘到这里"), max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 12, "placeholder": "1. 苏映禾 2人\n2. 江晚照"}),
        error_messages={"required": _("先粘一段接龙。")},
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@for_staff(NeedsPermission.EDIT)
def paste(request: Visit, pk: int) -> HttpResponse:
    """What was pasted stands on the page only: the group's names are kept nowhere."""
    fair = access_fair_to_run(request.actor, pk)
    context: dict[str, Any] = {"fair": fair, "form": PasteForm(), "rows": [], "done": None, "trail": _trail(fair)}
    status = 200
    if request.method == "POST" and request.POST.get("do") == "sign":
        context["done"] = _sign(request, fair)
    elif request.method == "POST":
        form = context["form"] = PasteForm(request.POST)
        if form.is_valid():
            context["rows"] = _rows(request, fair, form.cleaned_data["text"])
            if not context["rows"]:
                form.add_error("text", "没有看到接龙的行，每行前面要有序号。")
        status = 422 if form.errors else 200
    return render(request, "needs/desk/paste.html", context, status=status)


def _trail(fair: Fair) -> list[dict[str, str]]:
    own = {"label": fair.title, "href": f"/desk/needs/fairs/{fair.pk}/"}
    return [*trail(fair.title)[:-1], own, {"label": "粘贴接龙", "href": ""}]


def _rows(request: Visit, fair: Fair, text: str) -> list[dict[str, Any]]:
    """Each line with the residents of that name. Two queries."""
    lines = chat.read(text)
    known: dict[str, list[Resident]] = {}
    if request.actor.may(Permission.RESIDENTS_VIEW):
        there = residents_for(request.actor).present().filter(community_id=fair.community_id)
        named = there.filter(name__in={one.name for one in lines}).select_related("household", "grid")
        for person in named.order_by("id"):
            known.setdefault(person.name, []).append(person)
    rows = []
    for line in lines:
        people = known.get(line.name, [])[:MOST_NAMESAKES]
        doubt = line.doubt or ("" if people else "居民里没有这个名字")
        chosen = people[0].pk if len(people) == 1 and not doubt else None
        rows.append({"line": line, "people": people, "chosen": chosen, "doubt": doubt})
    return rows


def _sign(request: Visit, fair: Fair) -> dict[str, Any]:
    """The confirmed lines, each by itself: one that is refused does not stop the others."""
    wanted: dict[int, int] = {}
    for name in request.POST:
        value = request.POST.get(name, "")
        if name.startswith("who-") and value.isdecimal() and len(value) < 18:
            heads = request.POST.get(f"heads-{name[4:]}", "1")
            wanted.setdefault(int(value), int(heads) if heads.isdecimal() and len(heads) < 4 else 0)
    people = residents_for(request.actor).present().filter(community_id=fair.community_id, pk__in=wanted)
    coming, waiting, refused = 0, 0, []
    for person in people.order_by("id"):
        try:
            made = sign_up(
                fair, person, wanted[person.pk], by=request.actor, filed_by=FiledBy.WORKER, now=timezone.now(),
                reason="接龙报名",
            )  # fmt: skip
        except Refused as error:
            refused.append(f"{person.name}：{error.message}")
        else:
            coming += made.state != SignUpState.WAITING
            waiting += made.state == SignUpState.WAITING
    return {"coming": coming, "waiting": waiting, "refused": refused}
