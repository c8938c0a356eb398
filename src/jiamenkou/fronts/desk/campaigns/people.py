"""The people of a campaign, by whether it reached them: list, Excel, paper; and the phone round."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.listing import Listing, chosen_filters, paged, searched_word, sorted_rows
from jiamenkou.foundation.messages.campaigns import actions as acts
from jiamenkou.foundation.messages.campaigns.access import access_campaign, access_recipient
from jiamenkou.foundation.messages.campaigns.counting import REACH_WORDS, per_reach, recipients, to_call
from jiamenkou.foundation.messages.models import CallResult, Campaign, Channel, Recipient
from jiamenkou.foundation.refusals import Conflict, Refused
from jiamenkou.fronts.desk.acts import because
from jiamenkou.fronts.desk.campaigns.forms import CallForm
from jiamenkou.fronts.desk.campaigns.views import HERE, SEND, trail
from jiamenkou.fronts.desk.printing import Sheet, print_rows
from jiamenkou.fronts.desk.residents import grids_of
from jiamenkou.fronts.desk.trail import when

SORTS = {"name": "resident__name_key", "calls": "calls", "grid": "resident__grid__path"}
HEADS = ("姓名", "手机号", "网格", "门牌", "到了没有", "为什么没到", "打过几次", "最近一次")


def _filtered(request: Visit, campaign: Campaign) -> tuple[QuerySet[Recipient], str, dict[str, str]]:
    rows = recipients(campaign, timezone.now())
    word = searched_word(request)
    if word:
        rows = rows.filter(resident__name__icontains=word)
    grids = {str(grid.pk) for grid in grids_of(request.actor, SEND)}
    chosen = chosen_filters(request, {"reach": set(REACH_WORDS), "grid": grids})
    if "grid" in chosen:
        rows = rows.filter(resident__grid_id=int(chosen["grid"]))
    return rows, word, chosen


def _details(rows: QuerySet[Recipient]) -> QuerySet[Recipient]:
    return rows.select_related("resident__grid", "resident__household", "message").prefetch_related(
        "message__deliveries", "made_calls"
    )


@for_staff(SEND)
@require_GET
def listing(request: Visit, pk: int) -> HttpResponse:
    campaign = access_campaign(request.actor, pk, SEND)
    rows, word, chosen = _filtered(request, campaign)
    counts = per_reach(rows)
    if "reach" in chosen:
        rows = rows.filter(Q(reach=chosen["reach"]))
    shown = Listing(paged(sorted_rows(_details(rows), request, SORTS, "name"), request), word, chosen)
    here = f"{HERE}{campaign.pk}/people/"
    grids = grids_of(request.actor, SEND)
    context = {
        "campaign": campaign,
        "listing": shown,
        "rows": [_row(one) for one in shown.page],
        "views": [
            {"label": _("全部"), "href": here, "on": "reach" not in chosen, "count": sum(counts.values())},
            *(
                {"label": words, "href": f"?reach={key}", "on": chosen.get("reach") == key, "count": counts[key]}
                for key, (words, _tone, _icon) in REACH_WORDS.items()
                if counts.get(key)
            ),
        ],
        "grids": [(str(grid.pk), grid.name) for grid in grids],
        "grid_now": chosen.get("grid", ""),
        "grid_name": next((grid.name for grid in grids if str(grid.pk) == chosen.get("grid")), ""),
        "not_reached": counts.get("not", 0),
        "may_export": request.actor.may(Permission.RESIDENTS_EXPORT),
        "query": request.GET.urlencode(),
        "here": here,
        "round_href": f"{HERE}{campaign.pk}/round/",
        "trail": trail((campaign.title, f"{HERE}{campaign.pk}/"), (_("名单"), "")),
    }
    return render(request, "desk/campaigns/people.html", context)


def _row(one: Recipient) -> dict[str, Any]:
    words, tone, icon = REACH_WORDS[one.reach]  # type: ignore[attr-defined]
    calls = list(one.made_calls.all())
    return {
        "one": one,
        "person": one.resident,
        "href": f"/desk/residents/{one.resident_id}/",
        "words": words,
        "tone": tone,
        "icon": icon,
        "why": why_not(one),
        "answer": one.message.answer if one.message else "",
        "last": f"{calls[0].get_result_display()} · {when(calls[0].at)}" if calls else "",
    }


def why_not(one: Recipient) -> str:
    """What the channels said, the last one first; empty where there is nothing to say."""
    tried = sorted(one.message.deliveries.all(), key=lambda d: -d.pk) if one.message else []
    beyond = [d for d in tried if d.channel in {Channel.SMS, Channel.WECHAT}]
    said = next((f"{d.get_channel_display()}：{d.problem}" for d in beyond if d.problem), "")
    none = _("没有可用的短信或微信") if one.resident.phone_masked else _("没有电话，要上门告诉")
    return one.note or said or ("" if beyond or one.told_at is None else none)


def _values(one: Recipient) -> list[Any]:
    row = _row(one)
    person = one.resident
    return [
        person.name,
        person.phone_masked,
        person.grid.name if person.grid else "",
        person.household.door if person.household else person.address,
        row["words"],
        row["why"],
        one.calls,
        row["last"],
    ]


def _chosen_rows(request: Visit, campaign: Campaign) -> QuerySet[Recipient]:
    rows, _word, chosen = _filtered(request, campaign)
    if "reach" in chosen:
        rows = rows.filter(Q(reach=chosen["reach"]))
    return _details(rows).order_by("resident__name_key", "id")


@because("导出群发名单")
@for_staff(Permission.RESIDENTS_EXPORT)
@require_POST
def export(request: Visit, pk: int) -> HttpResponse:
    """Exactly the list of the address; numbers stay masked."""
    from jiamenkou.foundation.audit.exports import export_rows
    from jiamenkou.foundation.sheets.writing import Column

    campaign = access_campaign(request.actor, pk, SEND)
    columns = [Column(head, 24 if head in {"门牌", "为什么没到", "最近一次"} else 12) for head in HEADS]
    rows = (_values(one) for one in _chosen_rows(request, campaign).iterator(chunk_size=500))
    return export_rows(
        "群发名单", columns, rows, by=request.actor, reason="导出群发名单", conditions=f"{campaign.title}"[:60]
    )


@because("打印群发名单")
@for_staff(Permission.RESIDENTS_EXPORT)
@require_POST
def on_paper(request: Visit, pk: int) -> HttpResponse:
    """The same on A4, with room for what came of the call."""
    campaign = access_campaign(request.actor, pk, SEND)
    sheet = Sheet(
        title=_("%(title)s · 电话名单") % {"title": campaign.title},
        heads=(_("姓名"), _("手机号"), _("网格"), _("门牌"), _("到了没有"), _("电话结果")),
        widths=("", "", "", "", "", "wide"),
        note=_("号码遮盖；完整号码在电脑上看，写明原因。"),
    )
    rows = [[*_values(one)[:5], ""] for one in _chosen_rows(request, campaign)[: sheet.most]]
    return print_rows(request, "群发名单", sheet, rows, reason="打印群发名单", conditions=campaign.title)


@for_staff(SEND)
@require_GET
def phone_round(request: Visit, pk: int) -> HttpResponse:
    """Next person, dial, outcome, next."""
    return _round(request, access_campaign(request.actor, pk, SEND), CallForm())


def _round(request: Visit, campaign: Campaign, form: CallForm, status: int = 200) -> HttpResponse:
    now, today = timezone.now(), timezone.localdate()
    queue = to_call(campaign, now, today)
    left = queue.count()
    first = _details(queue).first()
    called = Recipient.objects.filter(campaign=campaign, calls__gt=0).count()
    done = Recipient.objects.filter(campaign=campaign, told_by_call_at__isnull=False).count()
    context = {
        "campaign": campaign,
        "one": first,
        "row": _row(first) if first else None,
        "reveal": f"/desk/residents/{first.resident_id}/?reveal=phone" if first else "",
        "calls": list(first.made_calls.select_related("by")[:5]) if first else [],
        "left": left,
        "called": called,
        "done": done,
        "total": done + left,
        "results": list(CallResult),
        "form": form,
        "here": f"{HERE}{campaign.pk}/",
        "people_href": f"{HERE}{campaign.pk}/people/?reach=not",
        "trail": trail((campaign.title, f"{HERE}{campaign.pk}/"), (_("电话告知"), "")),
    }
    return render(request, "desk/campaigns/round.html", context, status=status)


@because("群发电话告知")
@for_staff(SEND)
@require_POST
def called(request: Visit, pk: int, recipient: int) -> HttpResponse:
    """Write down what came of the call and go on to the next person."""
    one = access_recipient(request.actor, pk, recipient)
    form = CallForm(request.POST)
    if not form.is_valid():
        return _round(request, one.campaign, form, status=422)
    given = form.cleaned_data
    try:
        acts.record_call(
            one,
            CallResult(given["result"]),
            seen_calls=given["calls"],
            again_on=given["again_on"],
            note=given["note"],
            by=request.actor,
            now=timezone.now(),
            today=timezone.localdate(),
            reason="群发电话告知",
        )
    except Conflict as conflict:
        messages.error(request, conflict.message)
    except Refused as refused:
        form.add_error(refused.field, refused.message)
        return _round(request, one.campaign, form, status=422)
    return HttpResponseRedirect(f"{HERE}{one.campaign_id}/round/")
