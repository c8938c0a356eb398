"""The list of campaigns, writing one, the look before it goes out, and how far it got."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.listing import Listing, chosen_filters, paged, searched_word, sorted_rows
from jiamenkou.foundation.messages.campaigns import actions as acts
from jiamenkou.foundation.messages.campaigns import budget
from jiamenkou.foundation.messages.campaigns.access import access_campaign, campaigns_for
from jiamenkou.foundation.messages.campaigns.counting import preview, reach, with_counts
from jiamenkou.foundation.messages.models import Campaign, CampaignState, Way
from jiamenkou.foundation.places.models import Place
from jiamenkou.foundation.refusals import Conflict, Refused
from jiamenkou.fronts.desk.acts import because
from jiamenkou.fronts.desk.campaigns.forms import CampaignForm, LimitForm
from jiamenkou.fronts.desk.residents import grids_of
from jiamenkou.fronts.desk.trail import when

HERE = "/desk/campaigns/"
SORTS = {"made": "made_at", "people": "people", "read": "read", "title": "title"}
TONES = {"draft": "", "sending": "blue", "stopped": "orange", "done": "green"}
SEND, FIGURES = Permission.MESSAGES_SEND, Permission.FIGURES_VIEW


def trail(*steps: tuple[str, str]) -> list[dict[str, str]]:
    pages = [{"label": label, "href": href} for label, href in steps]
    return [{"label": _("人与家"), "href": ""}, {"label": _("群发"), "href": HERE if pages else ""}, *pages]


def home_of(by: Actor) -> Place:
    """The community whose news this is. Nobody writes from above a community."""
    if by.home is None or not by.may(SEND, by.home.pk):
        raise Http404
    return by.home


def filtered(request: Visit) -> tuple[QuerySet[Campaign], str, dict[str, str]]:
    rows: QuerySet[Campaign] = campaigns_for(request.actor)
    if not request.actor.may(SEND):
        rows = rows.exclude(state=CampaignState.DRAFT)
    word = searched_word(request)
    if word:
        rows = rows.filter(title__icontains=word)
    return rows, word, chosen_filters(request, {"state": CampaignState.values})


@for_staff(FIGURES)
@require_GET
def listing(request: Visit) -> HttpResponse:
    rows, word, chosen = filtered(request)
    counts = dict(rows.order_by("state").values_list("state").annotate(Count("id")))
    shown = with_counts(rows.filter(**chosen)).select_related("community")
    page = Listing(paged(sorted_rows(shown, request, SORTS, "-made"), request), word, chosen)
    by, today = request.actor, timezone.localdate()
    community = by.home if by.home is not None and by.may(SEND, by.home.pk) else None
    several = len(by.scope(FIGURES).communities) > 1
    context = {
        "listing": page,
        "rows": [row_of(one, by) for one in page.page],
        "several": several,
        "views": [
            {"label": _("全部"), "href": "?", "on": not chosen, "count": sum(counts.values())},
            *(
                {"label": s.label, "href": f"?state={s}", "on": chosen.get("state") == s, "count": counts[s]}
                for s in CampaignState
                if counts.get(s)
            ),
        ],
        "money": budget.money(community.pk, today) if community else None,
        "may_send": community is not None,
        "may_limit": community is not None and by.may(Permission.PLACES_EDIT, community.pk),
        "query": request.GET.urlencode(),
        "trail": trail(),
    }
    return render(request, "desk/campaigns/list.html", context)


def row_of(campaign: Campaign, by: Actor) -> dict[str, Any]:
    state = CampaignState(campaign.state)
    writes = by.may(SEND, campaign.community_id)
    act = {"draft": _("接着写"), "sending": _("看进度"), "stopped": _("看看"), "done": _("看到没到")}[state]
    href = f"{HERE}{campaign.pk}/"
    return {
        "campaign": campaign,
        "state": state.label,
        "tone": TONES[state],
        "ways": [Way(way).label for way in campaign.ways],
        "when": when(campaign.confirmed_at or campaign.made_at),
        "href": f"{href}send/" if state == CampaignState.DRAFT and writes else href,
        "act": act if writes else _("看看"),
    }


@because("写群发")
@for_staff(SEND)
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: Visit, pk: int | None = None) -> HttpResponse:
    """Text and people; saved as a draft, nobody is told anything yet."""
    campaign = access_campaign(request.actor, pk, SEND) if pk is not None else None
    if campaign is not None and campaign.state != CampaignState.DRAFT:
        return HttpResponseRedirect(f"{HERE}{campaign.pk}/")
    home = campaign.community if campaign else home_of(request.actor)
    grids = grids_of(request.actor, SEND)
    if request.method == "POST":
        form = CampaignForm(request.POST, grids=grids)
        if form.is_valid():
            try:
                if campaign is None:
                    campaign = acts.write_campaign(home, by=request.actor, reason="写群发", **form.values())
                else:
                    acts.change_campaign(campaign, by=request.actor, reason="改群发", **form.values())
            except Refused as refused:
                form.add_error(refused.field, refused.message)
            else:
                return HttpResponseRedirect(f"{HERE}{campaign.pk}/send/")
    else:
        known = {name: request.GET.get(name, "") for name in ("employment", "category", "skill", "grid")}
        form = CampaignForm.of(campaign, grids) if campaign else CampaignForm(initial=known, grids=grids)
    context = {
        "form": form,
        "campaign": campaign,
        "back": f"{HERE}{campaign.pk}/send/" if campaign else HERE,
        "trail": trail((campaign.title if campaign else _("写一条"), "")),
    }
    return render(request, "desk/campaigns/write.html", context, status=422 if form.errors else 200)


@because("确认群发")
@for_staff(SEND)
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: Visit, pk: int) -> HttpResponse:
    """How many people over which channel, what it costs; many people want their number typed."""
    campaign = access_campaign(request.actor, pk, SEND)
    if campaign.state != CampaignState.DRAFT:
        return HttpResponseRedirect(f"{HERE}{campaign.pk}/")
    today, refused = timezone.localdate(), None
    if request.method == "POST":
        try:
            acts.confirm_campaign(
                campaign,
                typed=request.POST.get("typed", "")[:12],
                by=request.actor,
                now=timezone.now(),
                today=today,
                reason="确认群发",
            )
            return HttpResponseRedirect(f"{HERE}{campaign.pk}/")
        except Refused as error:
            refused = error
    seen = preview(campaign, by=request.actor, today=today)
    missing = (
        _("没有人符合条件") if not seen.people else "" if seen.fits else _("短信费用超过额度，减少人数或去掉短信")
    )
    context = {
        "campaign": campaign,
        "seen": seen,
        "missing": missing,
        "many": seen.people > acts.MANY,
        "refused": refused,
        "ways": [Way(way).label for way in campaign.ways],
        "texts": texts_of(request, campaign),
        "edit_href": f"{HERE}{campaign.pk}/edit/",
        "leaflet": f"{HERE}{campaign.pk}/leaflet/",
        "trail": trail((campaign.title, "")),
    }
    return render(request, "desk/campaigns/send.html", context, status=422 if refused else 200)


def texts_of(request: Visit, campaign: Campaign) -> dict[str, Any]:
    """What is copied into a chat group, and what the code on paper opens."""
    address = request.build_absolute_uri(f"/q/{campaign.code}")
    answers = _("看详情、点回复：") if campaign.answers else _("看详情：")
    return {
        "address": address,
        "group": f"【{campaign.community.name}】{campaign.title}\n{campaign.body}\n{answers}{address}",
        "in_group": Way.GROUP in campaign.ways,
        "on_paper": Way.LEAFLET in campaign.ways,
    }


@for_staff(FIGURES)
@require_GET
def detail(request: Visit, pk: int) -> HttpResponse:
    """Progress while it goes out; then who was reached. Names only for those who send."""
    campaign, by = access_campaign(request.actor, pk), request.actor
    may_send = by.may(SEND, campaign.community_id)
    if campaign.state == CampaignState.DRAFT:
        if may_send:
            return HttpResponseRedirect(f"{HERE}{campaign.pk}/send/")
        raise Http404
    figures, here = reach(campaign, timezone.now()), f"{HERE}{campaign.pk}/"
    context = {
        "campaign": campaign,
        "figures": figures,
        "state": CampaignState(campaign.state).label,
        "tone": TONES[campaign.state],
        "sending": campaign.state == CampaignState.SENDING,
        "stopped": campaign.state == CampaignState.STOPPED,
        "counters": _counters(figures, f"{here}people/" if may_send else here, may_send),
        "parts": _parts(figures),
        "ways": [Way(way).label for way in campaign.ways],
        "texts": texts_of(request, campaign),
        "may_send": may_send,
        "when": when(campaign.confirmed_at) if campaign.confirmed_at else "",
        "here": here,
        "leaflet": f"{here}leaflet/",
        "people_href": f"{here}people/",
        "round_href": f"{here}round/",
        "trail": trail((campaign.title, "")),
    }
    return render(request, "desk/campaigns/detail.html", context)


def _counters(figures: Any, href: str, lists: bool) -> list[dict[str, Any]]:
    def one(label: str, value: int, reach: str, icon: str, tone: str, why: str, key: str) -> dict[str, Any]:
        where = f"{href}?reach={reach}" if lists and reach else href
        return {"label": label, "value": value, "href": where, "icon": icon, "tone": tone, "why": why, "key": key}

    sent = _("微信、短信发出 %(n)d 条") % {"n": figures.sent}
    return [
        one(_("一共"), figures.people, "", "users-round", "blue", _("已发 %(n)d 位") % {"n": figures.told}, "1"),
        one(_("看过"), figures.read, "read", "eye", "green", sent, "2"),
        one(_("回复"), figures.answered, "answered", "message-circle-reply", "green", _("在手机上点的"), "3"),
        one(_("打开"), figures.opened, "", "qr-code", "violet", _("其中扫码 %(n)d 次") % {"n": figures.by_code}, "4"),
        one(_("没到"), figures.not_reached, "not", "circle-alert", "orange", _("没看也没送到，打电话"), "5"),
    ]


def _parts(figures: Any) -> list[tuple[int, str, str]]:
    waiting = figures.people - figures.reached - figures.not_reached
    return [
        (figures.reached, _("到了"), "green"),
        (figures.not_reached, _("没到"), "orange"),
        (waiting, _("等着发"), "grey"),
    ]


@because("停下群发")
@for_staff(SEND)
@require_POST
def stop(request: Visit, pk: int) -> HttpResponse:
    return _do(request, pk, lambda one: acts.stop_campaign(one, by=request.actor, reason="停下群发"))


@because("接着群发")
@for_staff(SEND)
@require_POST
def resume(request: Visit, pk: int) -> HttpResponse:
    return _do(request, pk, lambda one: acts.resume_campaign(one, by=request.actor, reason="接着群发"))


def _do(request: Visit, pk: int, act: Any) -> HttpResponse:
    campaign = access_campaign(request.actor, pk, SEND)
    try:
        act(campaign)
    except Conflict as conflict:
        messages.error(request, conflict.message)
    return HttpResponseRedirect(f"{HERE}{campaign.pk}/")


@because("改短信额度")
@for_staff(Permission.PLACES_EDIT)
@require_POST
def limit(request: Visit) -> HttpResponse:
    """What the community's campaigns may cost in a month."""
    home = home_of(request.actor)
    form = LimitForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused(_("额度请填整数元，0 到 100,000。"), field="limit", code="invalid")
        fen = form.cleaned_data["limit"] * 100
        budget.set_limit(home.pk, fen, today=timezone.localdate(), by=request.actor, reason="改短信额度")
    except Refused as refused:
        context = {"refused": refused, "back": HERE, "trail": trail((_("短信额度"), ""))}
        return render(request, "desk/refused.html", context, status=422)
    messages.success(request, _("额度改好了，从这个月起。"))
    return HttpResponseRedirect(HERE)


@because("导出群发")
@for_staff(FIGURES)
@require_POST
def export(request: Visit) -> HttpResponse:
    """The list of campaigns with their figures; nobody's name is in it."""
    from jiamenkou.foundation.audit.exports import export_rows
    from jiamenkou.foundation.sheets.writing import Column

    rows, _word, chosen = filtered(request)
    found = with_counts(rows.filter(**chosen)).select_related("community").order_by("-made_at", "-id")
    heads = (
        "社区",
        "标题",
        "发给谁",
        "状态",
        "确认时间",
        "人数",
        "发出",
        "看过",
        "回复",
        "打开",
        "没到",
        "短信费用（元）",
    )
    columns = [Column(head, 28 if head in {"标题", "发给谁"} else 12) for head in heads]
    lines = (_line(one) for one in found)
    words = "；".join(f"{name}={value}" for name, value in chosen.items())
    return export_rows("群发", columns, lines, by=request.actor, reason="导出群发", conditions=words)


def _line(one: Campaign) -> list[Any]:
    figures = reach(one, timezone.now())
    return [
        one.community.name,
        one.title,
        one.who_words,
        one.get_state_display(),
        timezone.localtime(one.confirmed_at).replace(tzinfo=None) if one.confirmed_at else None,
        figures.people,
        figures.told,
        figures.read,
        figures.answered,
        figures.opened,
        figures.not_reached,
        figures.cost_fen / 100,
    ]
