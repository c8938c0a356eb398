"""Who works here: the list of roles, a new account with its first password, and ending a role."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiamenkou.foundation.access import staff
from jiamenkou.foundation.access.accounts import NotAllowed
from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.models import StaffRole
from jiamenkou.foundation.access.proof import recently_proved
from jiamenkou.foundation.access.roles import Permission, Role, granted
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.listing import Listing, chosen_filters, paged, searched_word, sorted_rows
from jiamenkou.foundation.places.models import Place, PlaceKind

HERE = "/desk/staff/"
SORTS = {"name": "account__display_name", "role": "role", "since": "since"}
KINDS = [PlaceKind.DISTRICT, PlaceKind.STREET, PlaceKind.COMMUNITY, PlaceKind.GRID]


def places_under(by: Actor) -> Any:
    """Where the actor may appoint: the places of the roles that appoint, and what lies below them, down to grids."""
    below = Q(pk__in=[])
    for held in by.roles:
        if Permission.ROLES_GRANT in granted(held.role):
            below |= Q(path__startswith=held.place.path)
    return Place.objects.filter(below, kind__in=KINDS, closed_on__isnull=True)


class AppointForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=20)
    role = forms.ChoiceField(label=gettext_lazy("角色"))
    place = forms.ModelChoiceField(label=gettext_lazy("管哪里"), queryset=Place.objects.none(), empty_label=None)

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        places = places_under(by)
        self.fields["place"].queryset = places  # type: ignore[attr-defined]
        held = [held.place for held in by.roles if Permission.ROLES_GRANT in granted(held.role)]
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            (role.value, role.label) for role in Role if any(staff.is_above(by, role, place) for place in held)
        ]

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if not name.isprintable():
            raise forms.ValidationError(_("姓名里有看不见的字符，请重新输入。"))
        return name

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        role, place = data.get("role"), data.get("place")
        if (
            role
            and place
            and (role == Role.GRID_WORKER) != (place.kind == PlaceKind.GRID)
            and role != Role.BUILDING_HEAD
        ):
            self.add_error("place", _("网格员选网格，其他角色选社区或以上。"))
        return data


@for_staff(Permission.ROLES_GRANT)
@require_GET
def listing(request: Visit) -> HttpResponse:
    rows = (
        StaffRole.objects.current()
        .filter(place__in=places_under(request.actor))
        .exclude(role=Role.ADMIN)
        .select_related("account", "place")
    )
    word, chosen = searched_word(request), chosen_filters(request, {"role": Role.values})
    if word:
        rows = rows.filter(Q(account__display_name__icontains=word) | Q(account__username__icontains=word))
    if "role" in chosen:
        rows = rows.filter(role=chosen["role"])
    shown = Listing(paged(sorted_rows(rows, request, SORTS, "role"), request), word, chosen)
    context = {
        "listing": shown,
        "rows": [_row(row, request.actor) for row in shown.page],
        "views": [{"label": _("全部"), "href": "?", "on": "role" not in chosen}]
        + [
            {"label": role.label, "href": f"?role={role.value}", "on": chosen.get("role") == role.value}
            for role in Role
            if role != Role.ADMIN
        ],
        "trail": trail(),
    }
    return render(request, "desk/staff.html", context)


def trail(page: str = "") -> list[dict[str, str]]:
    steps = [{"label": _("人员"), "href": HERE if page else ""}]
    return [*steps, {"label": page, "href": ""}] if page else steps


def _row(row: StaffRole, by: Actor) -> dict[str, Any]:
    below = staff.is_above(by, Role(row.role), row.place)
    return {
        "role": row,
        "label": Role(row.role).label,
        "end": f"{HERE}roles/{row.pk}/end/" if below else "",
        "reset": f"{HERE}{row.account_id}/factor/" if below else "",
        "since": timezone.localtime(row.since),
    }


@for_staff(Permission.ROLES_GRANT)
@recently_proved
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Visit) -> HttpResponse:
    """A new account; the answer shows its password, this once."""
    form = AppointForm(request.POST if request.method == "POST" else None, by=request.actor)
    context: dict[str, Any] = {"form": form, "made": None, "trail": trail(_("新人员"))}
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            account, password = staff.appoint(
                said["name"], Role(said["role"]), said["place"], by=request.actor, reason="开设工作人员账号"
            )
        except NotAllowed:
            form.add_error("role", _("这个角色要由上一级来开。"))
        else:
            context |= {"made": account, "password": password}
    answer = render(request, "desk/staff_new.html", context, status=422 if form.errors else 200)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@for_staff(Permission.ROLES_GRANT)
@recently_proved
@require_POST
def end(request: Visit, pk: int) -> HttpResponse:
    row = (
        StaffRole.objects.current()
        .filter(place__in=places_under(request.actor), pk=pk)
        .select_related("place")
        .first()
    )
    if row is None:
        raise Http404
    try:
        staff.end_role(row, by=request.actor, reason="角色到期或离岗")
    except NotAllowed as error:
        raise Http404 from error
    return HttpResponseRedirect(HERE)
