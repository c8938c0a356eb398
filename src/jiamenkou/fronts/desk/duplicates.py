"""Who may stand in the register twice: pair by pair, side by side; a merge can be taken back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.people.access import access_resident, merges_for, residents_for
from jiamenkou.foundation.people.actions.deciding import decide_pair
from jiamenkou.foundation.people.actions.merging import merge, unmerge
from jiamenkou.foundation.people.duplicates import Pair, find_duplicates
from jiamenkou.foundation.people.models import PairDecision, PairVerdict, Resident
from jiamenkou.foundation.refusals import Refused
from jiamenkou.fronts.desk.acts import because
from jiamenkou.fronts.desk.residents import LIST, trail
from jiamenkou.fronts.desk.trail import when

HERE = "/desk/residents/duplicates/"
PER_PAGE = 5


@for_staff(Permission.RESIDENTS_MERGE)
@require_GET
def listing(request: Visit) -> HttpResponse:
    """Pairs nobody has decided, those with most in common first; 待查 after them."""
    communities = sorted(request.actor.scope(Permission.RESIDENTS_MERGE).communities)
    pairs = [pair for community in communities for pair in find_duplicates(community)]
    verdicts = {
        (first, second): verdict
        for first, second, verdict in PairDecision.objects.order_by("id").values_list(
            "first_id", "second_id", "verdict"
        )
    }
    waiting = [pair for pair in pairs if verdicts.get((pair.first, pair.second)) != PairVerdict.DIFFERENT]
    waiting.sort(key=lambda pair: (pair.first, pair.second) in verdicts)
    page = Paginator(waiting, PER_PAGE).get_page(request.GET.get("page", "1")[:9])
    ids = [pk for pair in page for pk in (pair.first, pair.second)]
    people = {
        person.pk: person
        for person in residents_for(request.actor, Permission.RESIDENTS_MERGE)
        .filter(pk__in=ids)
        .select_related("grid", "household")
        .order_by("id")
    }
    merges = [
        {"record": record, "when": when(record.at), "undo": f"{HERE}{record.pk}/undo/"}
        for record in merges_for(request.actor)[:5]
    ]
    context = {
        "page": page,
        "pairs": [_compared(pair, people, verdicts) for pair in page if {pair.first, pair.second} <= people.keys()],
        "total": len(waiting),
        "merges": merges,
        "trail": trail((_("重复"), "")),
    }
    return render(request, "desk/residents/duplicates.html", context)


def _compared(pair: Pair, people: dict[int, Resident], verdicts: dict[tuple[int, int], str]) -> dict[str, Any]:
    """The two side by side; rows that differ are marked."""
    one, other = people[pair.first], people[pair.second]
    rows = [(label, left or "—", right or "—", left != right) for label, left, right in _facts(one, other)]
    return {
        "first": one,
        "second": other,
        "why": pair.why,
        "rows": rows,
        "later": verdicts.get((pair.first, pair.second)) == PairVerdict.LATER,
    }


def _facts(one: Resident, other: Resident) -> list[tuple[str, str, str]]:
    def told(person: Resident) -> list[tuple[str, str]]:
        return [
            (_("编号"), person.number),
            (_("姓名"), person.name),
            (_("性别"), person.get_sex_display()),
            (_("出生日期"), f"{person.birth_date:%Y-%m-%d}" if person.birth_date else ""),
            (_("证件号"), person.identity_masked),
            (_("手机号"), person.phone_masked),
            (_("门牌"), person.household.door if person.household else ""),
            (_("居住地址"), person.address),
            (_("就业状态"), person.get_employment_display()),
            (_("人员类别"), "、".join(person.categories)),
            (_("登记时间"), f"{timezone.localtime(person.created_at):%Y-%m-%d}"),
        ]

    return [(label, left, right) for (label, left), (_label, right) in zip(told(one), told(other), strict=True)]


@because("核对重复居民")
@for_staff(Permission.RESIDENTS_MERGE)
@require_POST
def decide(request: Visit) -> HttpResponse:
    """``do``: same (keeps ``keep``), different, later."""
    chosen = [request.POST.get(name, "") for name in ("first", "second")]
    if not all(value.isdecimal() and len(value) < 16 for value in chosen):
        raise Http404
    one, other = (access_resident(request.actor, int(value), Permission.RESIDENTS_MERGE) for value in chosen)
    do = request.POST.get("do", "")
    try:
        if do in {"keep-first", "keep-second"}:
            kept, gone = (one, other) if do == "keep-first" else (other, one)
            merge(kept, gone, by=request.actor, now=timezone.now(), reason="核对重复居民")
            messages.success(request, _("合并了。下面可以撤销。"))
        elif do in PairVerdict.values:
            decide_pair(one, other, PairVerdict(do), by=request.actor, reason="核对重复居民")
            messages.success(request, _("记下了。"))
        else:
            raise Http404
    except Refused as refused:
        return _refused(request, refused)
    return HttpResponseRedirect(HERE)


@because("撤销合并")
@for_staff(Permission.RESIDENTS_MERGE)
@require_POST
def undo(request: Visit, pk: int) -> HttpResponse:
    record = merges_for(request.actor).filter(pk=pk).first()
    if record is None:
        raise Http404
    try:
        unmerge(record, by=request.actor, now=timezone.now(), reason="撤销合并")
    except Refused as refused:
        return _refused(request, refused)
    messages.success(request, _("撤销了，又是两位。"))
    return HttpResponseRedirect(f"{LIST}{record.gone_id}/")


def _refused(request: Visit, refused: Refused) -> HttpResponse:
    context = {"refused": refused, "back": HERE, "trail": trail((_("重复"), HERE))}
    return render(request, "desk/refused.html", context, status=409)
