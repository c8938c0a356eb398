"""A resident's file: who, where, what happened, what is known and agreed to, and who looked."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.models import Reveal
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.events.contributions import TimelineEntry, rooms
from jiamenkou.foundation.people.access import access_resident
from jiamenkou.foundation.people.models import (
    AccountResident,
    ArchiveItem,
    Consent,
    ConsentPurpose,
    Membership,
    Phone,
    Resident,
)
from jiamenkou.fronts.desk.forms import ArchiveForm, ConsentForm
from jiamenkou.fronts.desk.residents import LIST, evidence_tag, trail
from jiamenkou.fronts.desk.trail import audit_history, when
from jiamenkou.fronts.standing import rooms_of

TABS = ("story", "facts", "aid")
REASONS = ("联系面试或上岗", "上门前确认时间", "核对办件材料")


@for_staff(Permission.RESIDENTS_VIEW)
@require_GET
def detail(request: Visit, pk: int) -> HttpResponse:
    resident = access_resident(request.actor, pk)
    here = (resident.community_id, resident.grid_id)
    tab = request.GET.get("tab", "story")
    context: dict[str, Any] = {
        "resident": resident,
        "age": resident.age(timezone.localdate()),
        "membership": _membership(resident),
        "phones": list(Phone.objects.filter(resident=resident).order_by("-is_main", "id")),
        "href": f"{LIST}{resident.pk}/",
        "href_edit": f"{LIST}{resident.pk}/edit/",
        "tab": tab if tab in TABS else "story",
        "acts": _acts(request, resident),
        "may_edit": request.actor.may(Permission.RESIDENTS_EDIT, *here) and resident.deceased_on is None,
        "may_reveal": request.actor.may(Permission.RESIDENTS_REVEAL, *here),
        "reveal_reasons": [_(reason) for reason in REASONS],
        "reveal_now": request.GET.get("reveal", "") if request.GET.get("reveal") in {"phone", "identity"} else "",
        "looks_today": _looks_today(request),
        "looks_most": settings.REVEALS_PER_DAY,
        "looks": _looks(resident),
        "household": _household(resident),
        "archive": _archive(resident),
        "archive_form": ArchiveForm(),
        "consents": _consents(resident),
        "consent_form": ConsentForm(),
        "links": list(
            AccountResident.objects.current().filter(resident=resident).select_related("account").order_by("id")
        ),
        "trail": trail((resident.name, "")),
    }
    if context["tab"] == "story":
        context["story"] = story(resident)
    elif context["tab"] == "facts":
        context["facts"] = _facts(resident)
    return render(request, "desk/residents/file.html", context)


def _acts(request: Visit, resident: Resident) -> list[Any]:
    if resident.deceased_on is not None:
        return []
    offered = [act(resident.pk) for room in rooms() for act in room.resident_acts]
    return [act for act in offered if request.actor.may(act.permission, resident.community_id, resident.grid_id)]


def _membership(resident: Resident) -> Membership | None:
    return Membership.objects.filter(resident=resident, until__isnull=True).first()


def _looks_today(request: Visit) -> int:
    start = timezone.make_aware(datetime.combine(timezone.localdate(), time.min))
    return Reveal.objects.filter(by=request.actor.account, at__gte=start).count()


def _looks(resident: Resident) -> list[dict[str, str]]:
    rows = Reveal.objects.filter(resident=resident).select_related("by").order_by("-at", "-id")[:8]
    return [
        {
            "who": row.by.display_name or row.by.username,
            "what": row.field,
            "why": row.reason,
            "when": when(row.at),
        }
        for row in rows
    ]


def story(resident: Resident) -> list[dict[str, Any]]:
    """The rooms' entries and the trail of changes, newest first."""
    told = [
        _entry(entry) for room in rooms_of(resident.pk) for tab in room.resident_tabs for entry in tab(resident.pk)
    ]
    told += audit_history(resident.pk)
    return sorted(told, key=lambda entry: entry["at"], reverse=True)


def _entry(entry: TimelineEntry) -> dict[str, Any]:
    return {
        "at": entry.at,
        "title": entry.title,
        "text": "。".join(part for part in (entry.state, entry.next) if part),
        "icon": entry.icon,
        "tone": entry.tone,
        "kind": entry.place,
        "when": when(entry.at),
        "who": "",
    }


def _household(resident: Resident) -> dict[str, Any]:
    """Who lives there now, and who did, with the days."""
    if resident.household is None:
        return {"household": None, "members": [], "past": []}
    return {"household": resident.household, **members_of(resident.household_id or 0)}


def members_of(household: int) -> dict[str, list[dict[str, Any]]]:
    """Members now and before. One query; those out of scope are not there."""
    today = timezone.localdate()
    rows = (
        Membership.objects.filter(household_id=household).select_related("resident").order_by("until", "since", "id")
    )
    now: list[dict[str, Any]] = []
    past: list[dict[str, Any]] = []
    for row in rows:
        person = row.resident
        told = {
            "person": person,
            "href": f"{LIST}{person.pk}/",
            "relation": row.relation,
            "age": person.age(today),
            "employment": person.get_employment_display(),
            "since": row.since,
            "until": row.until,
        }
        (now if row.until is None else past).append(told)
    now.sort(key=lambda one: one["relation"] != "户主")
    return {"members": now, "past": past}


def _archive(resident: Resident) -> list[dict[str, Any]]:
    items = ArchiveItem.objects.filter(resident=resident).order_by("kind", "text")
    return [
        {
            "item": item,
            "kind": item.get_kind_display(),
            "evidence": item.get_evidence_display(),
            "tag": evidence_tag(item.text, item.evidence),
        }
        for item in items
    ]


def _consents(resident: Resident) -> list[dict[str, Any]]:
    """Every purpose with how it stands: agreed since, withdrawn on, never asked."""
    newest: dict[str, Consent] = {}
    for consent in Consent.objects.filter(resident=resident).order_by("given_at", "id"):
        newest[consent.purpose] = consent
    told = []
    for purpose in ConsentPurpose:
        latest = newest.get(purpose)
        given = latest is not None and latest.withdrawn_at is None
        told.append(
            {
                "purpose": purpose.value,
                "label": purpose.label,
                "given": given,
                "consent": latest,
                "icon": "circle-check" if given else "circle-x" if latest else "circle-minus",
                "tone": "green" if given else "red" if latest else "grey",
            }
        )
    return told


def _facts(resident: Resident) -> list[tuple[str, str]]:
    born = resident.birth_date
    pairs = [
        (_("编号"), resident.number),
        (_("出生日期"), f"{born:%Y-%m-%d}" if born else ""),
        (_("居住地址"), resident.address),
        (_("户籍地"), resident.hukou),
        (_("网格"), resident.grid.name if resident.grid else ""),
        (_("就业状态"), resident.get_employment_display()),
        (_("人员类别"), "、".join(resident.categories)),
        (_("残疾"), " ".join([*resident.disability_kinds, resident.get_disability_level_display()]).strip()),
        (_("备注"), resident.note),
        *((str(name), str(value)) for name, value in resident.extra.items()),
    ]
    return [(name, value or "—") for name, value in pairs]
