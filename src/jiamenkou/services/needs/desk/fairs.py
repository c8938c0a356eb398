"""Fairs on the desk: the list, one with its sign-ups and stands, planning and changing it."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, Sum
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.listing import Listing, chosen_filters, paged, searched_word, sorted_rows
from jiamenkou.foundation.people.access import access_resident, residents_for
from jiamenkou.foundation.people.finding import looks_like_number, matching
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.needs.access import access_fair, access_sign_up, fairs_for, sign_ups_for
from jiamenkou.services.needs.actions import fairs as acts
from jiamenkou.services.needs.actions.planning import add_stand, change_fair, drop_stand, plan_fair
from jiamenkou.services.needs.desk.needs import show_refusal
from jiamenkou.services.needs.forms.desk import MoveForm
from jiamenkou.services.needs.forms.fairs import FairForm, StandForm
from jiamenkou.services.needs.models import Fair, Need, SignUp, Stand
from jiamenkou.services.needs.permissions import NeedsPermission
from jiamenkou.services.needs.states import FairState, FiledBy, SignUpState

SORTS = {"title": "title", "starts": "starts_at", "taken": "taken"}
TONES = {FairState.PLANNED: "green", FairState.OVER: "grey", FairState.CANCELLED: "grey"}
SIGN_TONES = {
    SignUpState.COMING: "blue",
    SignUpState.WAITING: "orange",
    SignUpState.HERE: "green",
    SignUpState.CANCELLED: "grey",
}
FOUND = 8


def trail(page: str = "") -> list[dict[str, str]]:
    steps = [{"label": "供需", "href": ""}, {"label": "市集", "href": "/desk/needs/fairs/" if page else ""}]
    return [*steps, {"label": page, "href": ""}] if page else steps


def source_of(fair: Fair) -> str:
    """What was counted at this fair."""
    return f"fair:{fair.pk}"


@for_staff(NeedsPermission.VIEW)
def listing(request: Visit) -> HttpResponse:
    rows, word = fairs_for(request.actor), searched_word(request)
    chosen = chosen_filters(request, {"state": FairState.values})
    if word:
        rows = rows.filter(Q(title__icontains=word) | Q(place_words__icontains=word))
    counts = dict(rows.order_by("state").values_list("state").annotate(Count("id")))
    if "state" in chosen:
        rows = rows.filter(state=chosen["state"])
    shown = Listing(paged(sorted_rows(rows, request, SORTS, "-starts"), request), word, chosen)
    views = [
        {"label": "全部", "href": "?", "on": not chosen, "count": sum(counts.values())},
        *(
            {"label": str(s.label), "href": f"?state={s}", "on": chosen.get("state") == s, "count": counts[s]}
            for s in FairState
            if counts.get(s)
        ),
    ]
    heads = dict(
        Need.objects.filter(source__in=[source_of(one) for one in shown.page])
        .order_by("source")
        .values_list("source")
        .annotate(Sum("heads"))
    )
    context = {
        "listing": shown,
        "rows": [row_of(one) | {"heads": heads.get(source_of(one), 0)} for one in shown.page],
        "views": views,
        "query": request.GET.urlencode(),
        "may_plan": request.actor.may(NeedsPermission.EDIT) and bool(request.actor.home),
        "trail": trail(),
    }
    return render(request, "needs/desk/fairs.html", context)


def row_of(fair: Fair) -> dict[str, Any]:
    state = FairState(fair.state)
    return {
        "fair": fair,
        "state": state,
        "tone": TONES[state],
        "href": f"/desk/needs/fairs/{fair.pk}/",
        "when": acts.when_where(fair)["when"],
    }


def runs(request: Visit, fair: Fair) -> bool:
    """Whether the actor runs this fair: holds the permission for its whole community."""
    return fair.community_id in request.actor.scope(NeedsPermission.EDIT).communities


@for_staff(NeedsPermission.VIEW)
def detail(request: Visit, pk: int) -> HttpResponse:
    return page(request, access_fair(request.actor, pk))


def page(
    request: Visit,
    fair: Fair,
    refused: Refused | None = None,
    stand: StandForm | None = None,
    why: MoveForm | None = None,
    status: int = 200,
) -> HttpResponse:
    people = request.actor.may(NeedsPermission.PEOPLE)
    may, going = runs(request, fair), fair.state == FairState.PLANNED
    rows, word, chosen = filtered(request, fair)
    counts = dict(rows.order_by("state").values_list("state").annotate(Sum("heads")))
    shown = Listing(paged(narrowed(rows, chosen).order_by("at", "id"), request, 50), word, chosen)
    tallied = list(
        Need.objects.filter(source=source_of(fair)).select_related("category").order_by("-heads", "category__order")
    )
    context = {
        "fair": fair,
        "row": row_of(fair),
        "counts": counts,
        "coming": counts.get(SignUpState.COMING, 0) + counts.get(SignUpState.HERE, 0),
        "waiting": counts.get(SignUpState.WAITING, 0),
        "here": counts.get(SignUpState.HERE, 0),
        "tallied": [(one.category.label, one.heads) for one in tallied],
        "heads": sum(one.heads for one in tallied),
        "listing": shown,
        "rows": [sign_row(one) for one in shown.page] if people else [],
        "views": _views(counts, chosen),
        "people": people,
        "stands": list(fair.stands.order_by("id")),
        "stand_form": stand or StandForm(),
        "why_form": why or MoveForm(),
        "may": may,
        "going": going,
        "may_export": request.actor.may(Permission.RESIDENTS_EXPORT) and people,
        "text": chat_text(request, fair),
        "query": request.GET.urlencode(),
        "refused": refused,
        **_found(request, fair, going=going),
        "trail": trail(fair.title),
    }
    return render(request, "needs/desk/fair.html", context, status=status)


def _views(counts: dict[str, int], chosen: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {"label": "全部", "href": "?", "on": "state" not in chosen, "count": sum(counts.values())},
        *(
            {"label": str(s.label), "href": f"?state={s}", "on": chosen.get("state") == s, "count": counts[s]}
            for s in SignUpState
            if counts.get(s)
        ),
    ]


def filtered(request: Visit, fair: Fair, permission: str = NeedsPermission.PEOPLE) -> tuple[Any, str, dict[str, str]]:
    """Sign-ups of the fair that the actor sees; the word and the filters."""
    rows, word = sign_ups_for(request.actor, permission).filter(fair=fair), searched_word(request)
    chosen = chosen_filters(request, {"state": SignUpState.values})
    if word:
        rows = rows.filter(Q(resident__name__icontains=word) | Q(grid__name__icontains=word))
    return rows.select_related("resident", "grid"), word, chosen


def narrowed(rows: Any, chosen: dict[str, str]) -> Any:
    return rows.filter(state=chosen["state"]) if "state" in chosen else rows


def sign_row(one: SignUp) -> dict[str, Any]:
    state = SignUpState(one.state)
    return {
        "one": one,
        "state": state,
        "tone": SIGN_TONES[state],
        "here": state in {SignUpState.COMING, SignUpState.WAITING},
    }


def _found(request: Visit, fair: Fair, *, going: bool) -> dict[str, Any]:
    """Residents whom the word of ``?who=`` finds, to sign up for somebody without a phone."""
    who = " ".join(request.GET.get("who", "").split())[:40]
    may = going and request.actor.may(NeedsPermission.EDIT) and request.actor.may(Permission.RESIDENTS_VIEW)
    number = looks_like_number(who)
    if not (may and who) or number:
        return {"may_proxy": may, "who": "" if number else who, "found": [], "numbered": number}
    there = residents_for(request.actor).present().filter(community_id=fair.community_id)
    found = matching(there, who).select_related("household", "grid").by_name()[:FOUND]
    return {"may_proxy": may, "who": who, "found": list(found), "numbered": False}


def chat_text(request: Visit, fair: Fair) -> str:
    """What a worker pastes into the neighbours' group."""
    address = request.build_absolute_uri(f"/needs/fairs/{fair.pk}/")
    words = f"\n{fair.words}" if fair.words else ""
    when = acts.when_where(fair)
    return f"【{fair.title}】\n时间：{when['when']}\n地点：{fair.place_words}{words}\n点开报名：{address}"


@require_http_methods(["GET", "POST"])
@for_staff(NeedsPermission.EDIT)
def edit(request: Visit, pk: int | None = None) -> HttpResponse:
    fair = access_fair(request.actor, pk, NeedsPermission.EDIT) if pk is not None else None
    home = request.actor.home
    if home is None or (fair is not None and not runs(request, fair)):
        raise Http404
    initial = {name: getattr(fair, name) for name in FairForm.base_fields} if fair else {}
    form = FairForm(request.POST) if request.method == "POST" else FairForm(initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            if fair is None:
                fair = plan_fair(home, form.cleaned_data, by=request.actor, now=timezone.now(), reason="办市集")
            else:
                change_fair(fair, form.cleaned_data, by=request.actor, reason="改市集")
        except Refused as refused:
            show_refusal(form, refused)
        else:
            return HttpResponseRedirect(f"/desk/needs/fairs/{fair.pk}/")
    context = {"form": form, "fair": fair, "trail": trail(fair.title if fair else "办一场")}
    return render(request, "needs/desk/fair_form.html", context, status=422 if form.errors else 200)


@require_POST
@for_staff(NeedsPermission.EDIT)
def act(request: Visit, pk: int) -> HttpResponse:
    """One deed on the fair's page; ``do`` names it."""
    fair = access_fair(request.actor, pk, NeedsPermission.EDIT)
    do = request.POST.get("do", "")
    try:
        if do == "proxy":
            _proxy(request, fair)
        elif do in {"here", "cancel"}:
            _sign(request, fair, do)
        elif not runs(request, fair):
            raise Http404
        elif do == "stand":
            form = StandForm(request.POST)
            if not form.is_valid():
                return page(request, fair, stand=form, status=422)
            data = form.cleaned_data
            add_stand(fair, data["title"], data["who"], None, by=request.actor, reason="加摊位")
        elif do == "drop_stand":
            drop_stand(_stand(fair, request), by=request.actor, reason="去掉摊位")
        elif do in {"end", "call_off"}:
            why = MoveForm(request.POST)
            if not why.is_valid():
                return page(request, fair, why=why, status=422)
            text = why.cleaned_data["text"]
            if do == "end":
                acts.end_fair(fair, by=request.actor, reason="市集办完了", outcome=text)
            else:
                acts.call_off(fair, by=request.actor, reason="取消市集", why=text)
        else:
            raise Refused("没有这个操作。")
    except Refused as refused:
        return page(request, fair, refused, status=422)
    return HttpResponseRedirect(f"/desk/needs/fairs/{pk}/")


def _proxy(request: Visit, fair: Fair) -> None:
    """For somebody without a phone."""
    asked, heads = request.POST.get("resident", ""), request.POST.get("heads", "1")
    if not (asked.isdecimal() and len(asked) < 10):
        raise Refused("先找到这位居民。")
    person = access_resident(request.actor, int(asked))
    acts.sign_up(
        fair, person, int(heads) if heads.isdecimal() and len(heads) < 4 else 0, by=request.actor,
        filed_by=FiledBy.WORKER, now=timezone.now(), reason="替居民报名",
    )  # fmt: skip


def _sign(request: Visit, fair: Fair, do: str) -> None:
    asked = request.POST.get("sign", "")
    if not (asked.isdecimal() and len(asked) < 18):
        raise Refused("先选一位。")
    one = access_sign_up(request.actor, int(asked))
    if one.fair_id != fair.pk:
        raise Http404
    if do == "here":
        acts.check_in(one, by=request.actor, now=timezone.now(), reason="签到")
    else:
        acts.cancel(one, by=request.actor, now=timezone.now(), reason="社区代取消")


def _stand(fair: Fair, request: Visit) -> Stand:
    asked = request.POST.get("stand", "")
    found = fair.stands.filter(pk=int(asked)).first() if asked.isdecimal() and len(asked) < 18 else None
    if found is None:
        raise Http404
    return found
