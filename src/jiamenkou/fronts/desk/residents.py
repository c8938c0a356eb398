"""The list of residents: who is in scope, found and narrowed; everything but numbers stands in the address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.events.contributions import ResidentFilter, rooms
from jiamenkou.foundation.listing import searched_word, sorted_rows
from jiamenkou.foundation.people.access import residents_for
from jiamenkou.foundation.people.actions.exporting import MOST, export_residents
from jiamenkou.foundation.people.finding import (
    HARD_TO_EMPLOY,
    STALE_AFTER,
    Conditions,
    by_number,
    looks_like_number,
    matching,
    narrowed,
    people_in,
    view_counts,
)
from jiamenkou.foundation.people.models import ArchiveKind, EmploymentStatus, Evidence, Resident
from jiamenkou.foundation.people.models.resident import ResidentQuerySet
from jiamenkou.foundation.places.models import Place, PlaceKind
from jiamenkou.foundation.refusals import Refused
from jiamenkou.fronts import shells
from jiamenkou.fronts.desk import columns
from jiamenkou.fronts.desk.forms import ExportForm

SORTS = {"name": "name_key", "grid": "grid__path", "born": "birth_date", "contact": "last_contact_on"}
PER_PAGE = 20
LIST = "/desk/residents/"
# what stands in ?category= unless the community uses another word
CATEGORIES = ["就业困难人员", "高龄", "低保", "残疾", "退役军人", "党员"]
TONES = {
    EmploymentStatus.EMPLOYED: "",
    EmploymentStatus.RETIRED: "",
    EmploymentStatus.STUDENT: "",
    EmploymentStatus.FLEXIBLE: "blue",
}
WORKERS = frozenset({EmploymentStatus.LOOKING, EmploymentStatus.UNEMPLOYED, EmploymentStatus.NONE})


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for, with what each condition is called on its chip."""

    word: str
    conditions: Conditions
    rooms: tuple[ResidentFilter, ...]
    chips: tuple[tuple[str, str, str], ...]  # (name, value, parameter)

    def apply(self, rows: ResidentQuerySet, today: date) -> ResidentQuerySet:
        if self.word:
            rows = matching(rows, self.word)
        rows = narrowed(rows, self.conditions, today)
        for one in self.rooms:
            rows = rows.filter(one.condition())
        return rows

    @property
    def words(self) -> str:
        """The conditions as a sentence for the log; the searched word may be a name and stays out."""
        said = [f"{name} {value}" for name, value, parameter in self.chips if parameter != "q"]
        return "；".join([*said, *(["按姓名或门牌搜索"] if self.word else [])])


def grids_of(by: Actor, permission: Permission = Permission.RESIDENTS_VIEW) -> list[Place]:
    """The grids a role of the actor reaches. One query."""
    scope = by.scope(permission)
    paths = [held.place.path for held in by.roles if held.communities]
    found = Place.objects.filter(pk__in=scope.grids)
    for path in paths:
        found |= Place.objects.filter(path__startswith=path)
    return list(found.filter(kind=PlaceKind.GRID, closed_on__isnull=True).order_by("path"))


def read(request: Visit, grids: list[Place]) -> Asked:
    """Conditions of the address; what is unknown or too long is as if it were not there."""
    given = request.GET
    word = "" if looks_like_number(request.GET.get("q", "")) else searched_word(request)
    by_grid = {str(grid.pk): grid for grid in grids}
    grid = by_grid.get(given.get("grid", ""))
    employment = given.get("employment", "") if given.get("employment") in EmploymentStatus.values else ""
    category, skill = (_plain(given.get(name, "")) for name in ("category", "skill"))
    found = {one.key: one for room in rooms() for one in room.resident_filters}
    chosen = tuple(one for key, one in found.items() if given.get(key) == "1")
    conditions = Conditions(
        grid=grid.pk if grid else None,
        employment=employment,
        category=category,
        skill=skill,
        certified=given.get("certified") == "1",
        stale=given.get("stale") == "1",
        old=given.get("old") == "1",
    )
    chips = [
        (_("搜"), word, "q"),
        (_("网格"), grid.name if grid else "", "grid"),
        (_("就业"), EmploymentStatus(employment).label if employment else "", "employment"),
        (_("类别"), category, "category"),
        (_("技能"), skill, "skill"),
        (_("证书"), _("有证书") if conditions.certified else "", "certified"),
        (_("联系"), _("半年没联系") if conditions.stale else "", "stale"),
        (_("年龄"), _("80 岁以上") if conditions.old else "", "old"),
        *((_("服务"), one.label, one.key) for one in chosen),
    ]
    return Asked(word, conditions, chosen, tuple(chip for chip in chips if chip[1]))


def _plain(text: str) -> str:
    return " ".join("".join(ch if ch.isprintable() else " " for ch in text).split())[:40]


@for_staff(Permission.RESIDENTS_VIEW)
@require_GET
def listing(request: Visit) -> HttpResponse:
    today = timezone.localdate()
    mine = residents_for(request.actor).present()
    grids = grids_of(request.actor)
    asked = read(request, grids)
    counts = view_counts(mine, today)
    shells.remember_people_seen(request.actor, counts["all"])
    rows = sorted_rows(asked.apply(mine, today), request, SORTS, "name")
    pages = Paginator(with_details(rows), PER_PAGE)
    if not asked.chips:
        pages.count = counts["all"]  # counted for the views already
    page = pages.get_page(request.GET.get("page", "1")[:9])
    hint = looks_like_number(request.GET.get("q", ""))
    return _page(request, page, asked, counts, grids, today, number_in_address=hint)


def with_details(rows: QuerySet[Resident]) -> QuerySet[Resident]:
    return rows.select_related("grid", "household").prefetch_related("archive")


@for_staff(Permission.RESIDENTS_VIEW)
@require_POST
def find(request: Visit) -> HttpResponse:
    """What was typed into the search box: words go on into the address, a number never does."""
    typed = request.POST.get("q", "")[:80]
    if not looks_like_number(typed):
        word = _plain(typed)
        return HttpResponseRedirect(LIST + (f"?q={quote(word)}" if word else ""))
    today = timezone.localdate()
    mine = residents_for(request.actor).present()
    rows = list(with_details(by_number(mine, typed, today)).order_by("name_key", "id")[:PER_PAGE])
    if len(rows) == 1:
        return HttpResponseRedirect(f"{LIST}{rows[0].pk}/")
    grids = grids_of(request.actor)
    asked = Asked("", Conditions(), (), ())
    page: Page[Any] = Paginator(rows, PER_PAGE).get_page(1)
    return _page(request, page, asked, view_counts(mine, today), grids, today, by_number=True)


def _page(
    request: Visit,
    page: Page[Any],
    asked: Asked,
    counts: dict[str, int],
    grids: list[Place],
    today: date,
    *,
    number_in_address: bool = False,
    by_number: bool = False,
) -> HttpResponse:
    may_export = request.actor.may(Permission.RESIDENTS_EXPORT)
    chosen = columns.shown(request)
    query = request.GET.copy()
    query.pop("page", None)
    if number_in_address:
        query.pop("q", None)
    context = {
        "page": page,
        "rows": [row_of(person, today) for person in page],
        "columns": chosen,
        "shown": {column.key for column in chosen},
        "all_columns": columns.COLUMNS,
        "chips": asked.chips,
        "word": asked.word,
        "views": _views(asked, counts),
        "choices": _choices(grids, request),
        "skill": asked.conditions.skill,
        "bulk_acts": [
            act for room in rooms() for act in room.people_acts if act.permission in request.actor.permissions
        ],
        "nothing": _nothing(asked, counts["all"], by_number),
        "scope": _scope(request.actor, counts["all"]),
        "number_in_address": number_in_address,
        "by_number": by_number,
        "may_export": may_export and not by_number,
        "may_import": request.actor.may(Permission.RESIDENTS_IMPORT),
        "may_merge": request.actor.may(Permission.RESIDENTS_MERGE),
        "may_edit": request.actor.may(Permission.RESIDENTS_EDIT),
        "export_form": ExportForm(),
        "export_query": query.urlencode(),
        "most": MOST,
        "trail": trail(),
    }
    return render(request, "desk/residents/list.html", context)


def trail(*steps: tuple[str, str]) -> list[dict[str, str]]:
    """人与家 › 居民 › …"""
    pages = [{"label": label, "href": href} for label, href in steps]
    return [{"label": _("人与家"), "href": ""}, {"label": _("居民"), "href": LIST if pages else ""}, *pages]


def _scope(by: Actor, mine: int) -> dict[str, Any]:
    """How many there are and how many of them one sees."""
    scope = by.scope(Permission.RESIDENTS_VIEW)
    if scope.communities or by.home is None:
        return {"all": mine, "mine": mine, "part": False}
    return {"all": people_in(by.home.pk), "mine": mine, "part": True}


def _views(asked: Asked, counts: dict[str, int]) -> list[dict[str, Any]]:
    now = {parameter: value for _name, value, parameter in asked.chips}
    saved = [
        (_("全部"), {}, "all"),
        (_("在找工作"), {"employment": EmploymentStatus.LOOKING.value}, "looking"),
        (_("就业困难"), {"category": HARD_TO_EMPLOY}, "hard"),
        (_("80 岁以上"), {"old": "1"}, "old"),
        (_("有证书"), {"certified": "1"}, "certified"),
    ]
    return [
        {
            "label": label,
            "href": f"?{urlencode(query)}" if query else LIST,
            "on": set(now) == set(query)
            and all(getattr(asked.conditions, name) in (value, True) for name, value in query.items()),
            "count": counts[key],
        }
        for label, query, key in saved
    ]


def _nothing(asked: Asked, mine: int, by_number: bool) -> str:
    """Why the list is empty and what to do about it."""
    if by_number:
        return _("没有人登记过这个号码。也可能在您的范围以外，登记时会告诉您。")
    if asked.chips:
        name, value, _parameter = asked.chips[-1]
        return _("没有这样的居民。先去掉“%(name)s %(value)s”看看。") % {"name": name, "value": value}
    return _("还没有居民。导入花名册，或者登记一位。") if not mine else _("没有这样的居民。")


def _choices(grids: list[Place], request: Visit) -> list[dict[str, Any]]:
    """What 加条件 offers: one select for each parameter."""
    room_filters = [(one.key, one.label) for room in rooms() for one in room.resident_filters]
    yes = [("stale", _("半年没联系")), ("old", _("80 岁以上")), ("certified", _("有证书")), *room_filters]
    offered: list[dict[str, Any]] = [
        {"name": "grid", "label": _("网格"), "options": [(str(grid.pk), grid.name) for grid in grids]},
        {"name": "employment", "label": _("就业状态"), "options": EmploymentStatus.choices},
        {"name": "category", "label": _("人员类别"), "options": [(word, word) for word in CATEGORIES]},
        *({"name": key, "label": label, "options": (), "yes": True} for key, label in yes),
    ]
    return [{"yes": False, **one, "now": request.GET.get(one["name"], "")} for one in offered]


def row_of(person: Resident, today: date) -> dict[str, Any]:
    """One line: certificate, seen and self-said differ in icon and tint."""
    archive = list(person.archive.all())
    skills = [item for item in archive if item.kind in {ArchiveKind.SKILL, ArchiveKind.CERTIFICATE}]
    skills.sort(key=lambda item: (item.evidence != Evidence.CERTIFIED, item.evidence != Evidence.SEEN, item.text))
    contact = person.last_contact_on
    return {
        "person": person,
        "age": person.age(today),
        "employment": person.get_employment_display(),
        "tone": "orange"
        if person.employment in WORKERS
        else TONES.get(EmploymentStatus(person.employment), "grey")
        if person.employment
        else "",
        "skills": [evidence_tag(item.text, item.evidence) for item in skills[:2]],
        "more_skills": max(len(skills) - 2, 0),
        "categories": person.categories[:2],
        "more_categories": max(len(person.categories) - 2, 0),
        "stale": contact is None or contact < today - STALE_AFTER,
        "href": f"{LIST}{person.pk}/",
    }


def evidence_tag(text: str, evidence: str) -> dict[str, str]:
    if evidence == Evidence.CERTIFIED:
        return {"text": text, "tone": "green", "icon": "badge-check"}
    if evidence == Evidence.SEEN:
        return {"text": text, "tone": "blue", "icon": "eye"}
    return {"text": f"{text} {_('自述')}", "tone": "", "icon": ""}


@for_staff(Permission.RESIDENTS_VIEW)
@require_POST
def choose_columns(request: Visit) -> HttpResponse:
    """Which columns this browser shows, for a year; none ticked or 恢复默认 is the usual set."""
    wanted = [column.key for column in columns.COLUMNS if column.key in request.POST.getlist("column")]
    back = request.POST.get("back", "")[:500]
    answer = HttpResponseRedirect(LIST + (f"?{back}" if back else ""))
    if wanted and "usual" not in request.POST:
        answer.set_cookie(
            columns.COOKIE,
            "-".join(wanted),
            max_age=365 * 86400,
            samesite="Lax",
            httponly=True,
            secure=request.is_secure(),
        )
    else:
        answer.delete_cookie(columns.COOKIE, samesite="Lax")
    return answer


@for_staff(Permission.RESIDENTS_EXPORT)
@require_POST
def export(request: Visit) -> HttpResponse:
    """Exactly the list of the address, or the chosen rows of it."""
    today = timezone.localdate()
    mine = residents_for(request.actor, Permission.RESIDENTS_EXPORT).present()
    asked = read(request, grids_of(request.actor))
    rows = sorted_rows(asked.apply(mine, today), request, SORTS, "name")
    everyone = "everyone" in request.POST
    chosen = [] if everyone else [int(v) for v in request.POST.getlist("chosen") if v.isdecimal() and len(v) < 16]
    words = asked.words
    if chosen or "only" in request.POST:
        rows = rows.filter(pk__in=chosen)
        words = "；".join(filter(None, [words, "选中的"]))
    form = ExportForm(request.POST)
    try:
        if "only" in request.POST and not chosen:
            raise Refused(_("还没有选中人。"), code="nobody")
        if not form.is_valid():
            raise Refused(_("请写明导出做什么用。"), field="reason", code="required")
        made = export_residents(rows, conditions=words, by=request.actor, reason=form.cleaned_data["reason"])
    except Refused as refused:
        context = {"refused": refused, "back": LIST, "trail": trail((_("导出"), ""))}
        return render(request, "desk/refused.html", context, status=422)
    answer = HttpResponse(
        made.content, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    name = quote(f"居民-{made.record.number}.xlsx")
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    answer.headers["Cache-Control"] = "no-store"
    return answer
