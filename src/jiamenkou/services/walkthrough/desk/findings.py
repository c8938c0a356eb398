"""Findings: the list, the workbook, one finding with its history, and what the public reads of it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __
from django.views.decorators.http import require_POST, require_safe

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.listing import chosen_filters, searched_word
from jiamenkou.foundation.refusals import Refused
from jiamenkou.foundation.sheets.writing import Column, Value
from jiamenkou.services.walkthrough.access import findings_for, one
from jiamenkou.services.walkthrough.actions.finding import earlier, publish_finding
from jiamenkou.services.walkthrough.desk.narrowing import chosen_of, narrowed
from jiamenkou.services.walkthrough.desk.shape import ROOT, Cells, Chosen, Head, Sheet, Table, moment, show
from jiamenkou.services.walkthrough.desk.shape import export as workbook
from jiamenkou.services.walkthrough.forms import PublishForm, refuse
from jiamenkou.services.walkthrough.models import Finding
from jiamenkou.services.walkthrough.permissions import WalksPermission
from jiamenkou.services.walkthrough.states import FindingKind, FindingState

OPEN, RECURRING = "open", "recurring"
VIEWS = [
    ("", __("全部")),
    (OPEN, __("没解决的")),
    *FindingState.choices,
    (RECURRING, __("反复出现")),
]


def _filters(request: Visit) -> dict[str, str]:
    return chosen_filters(
        request, {"state": [*FindingState.values, OPEN, RECURRING], "kind": FindingKind.values}
    )  # fmt: skip


def _rows(request: Visit) -> QuerySet[Finding]:
    rows, word, chosen = findings_for(request.actor), searched_word(request), _filters(request)
    if word:
        about = Q(walk__version__errand__name__icontains=word) | Q(walk__point__name__icontains=word)
        rows = rows.filter(Q(words__icontains=word) | about)
    state = chosen.get("state", "")
    if state == RECURRING:
        rows = rows.recurring()
    elif state == OPEN:
        rows = rows.still_open()
    elif state:
        rows = rows.filter(state=state)
    if "kind" in chosen:
        rows = rows.filter(kind=chosen["kind"])
    columns = {"round": "walk__round", "walk": "walk", "errand": "walk__version__errand", "point": "walk__point"}
    return narrowed(rows.with_list_data(), request, columns)


def _cells(row: Finding) -> Cells:
    now = FindingState(row.state)
    kind = str(row.get_kind_display())
    again = _("第 %(n)s 期出现") % {"n": row.seen_before + 1} if row.seen_before else ""
    return Cells(
        title=row.words or _("见照片"),
        sub=f"{row.walk.version.errand.name} · {row.walk.point.name}",
        href=f"{ROOT}findings/{row.pk}/",
        texts=[
            f"{kind}（{again}）" if again else kind, str(row.get_severity_display()), row.walk.round.number, moment(row.at),
            _("公开了") if row.published_at else "—",
        ],
        state=now.label,
        tone=now.tone,
        icon=now.icon,
    )  # fmt: skip


COLUMNS = [
    Column("期"), Column("事项", 20), Column("窗口", 20), Column("归谁管", 20), Column("哪一种"), Column("多要紧"),
    Column("什么问题", 40), Column("发现时间"), Column("状态"), Column("复核时间"), Column("前几期出现过"), Column("公开的话", 40),
]  # fmt: skip


def _sheet_row(row: Finding) -> Sequence[Value]:
    """Without anybody's name."""
    return [
        row.walk.round.number, row.walk.version.errand.name, row.walk.point.name, row.walk.point.charge,
        str(row.get_kind_display()), str(row.get_severity_display()), row.words, timezone.localtime(row.at),
        str(row.get_state_display()), timezone.localtime(row.checked_at) if row.checked_at else None, row.seen_before,
        row.public_words if row.published_at else None,
    ]  # fmt: skip


FINDINGS = Table(
    path="findings/", title=__("问题"), rows=_rows, cells=_cells, sorts={"at": "at", "severity": "severity"}, default="-at",
    heads=[
        Head(__("什么问题")), Head(__("哪一种")), Head(__("多要紧"), "severity"), Head(__("第几期"), number=True),
        Head(__("发现"), "at"), Head(__("公开清单")), Head(__("状态")),
    ],
    nothing=__("这里没有问题。换一个条件，或者等体验员走一趟。"), hint=__("事项、窗口、说的话"), unit=__("项"), views=VIEWS,
    sheet=Sheet(COLUMNS, _sheet_row),
)  # fmt: skip


@require_safe
@for_staff(WalksPermission.VIEW)
def findings(request: Visit) -> HttpResponse:
    chosen, kind = chosen_of(request), _filters(request).get("kind", "")
    if kind:
        chosen.append(Chosen(_("哪一种"), FindingKind(kind).label, "kind"))
    return show(
        request, FINDINGS, view=_filters(request).get("state", ""), chosen=chosen,
        kinds=FindingKind.choices, kind=kind, kept=_kept(request),
    )  # fmt: skip


def _kept(request: Visit) -> list[tuple[str, str]]:
    """What the choice of a kind keeps of the address."""
    return [(name, request.GET[name]) for name in request.GET if name not in {"kind", "page"}]


@require_POST
@for_staff(Permission.RESIDENTS_EXPORT)
def export(request: Visit) -> HttpResponse:
    return workbook(request, FINDINGS)


@require_safe
@for_staff(WalksPermission.VIEW)
def finding(request: Visit, pk: int) -> HttpResponse:
    """A finding; its case has the rest."""
    row = one(findings_for(request.actor).with_list_data(), pk)
    start = {
        "public_words": row.public_words, "public_fix": row.public_fix, "photos": row.photos_public,
        "shown": row.published_at is not None,
    }  # fmt: skip
    return _finding(request, row, PublishForm(initial=start))


@require_POST
@for_staff(WalksPermission.EDIT)
def publish(request: Visit, pk: int) -> HttpResponse:
    """What the public reads of a finding."""
    row = one(findings_for(request.actor, WalksPermission.EDIT).with_list_data(), pk)
    form = PublishForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        try:
            publish_finding(
                row, told["public_words"], told["public_fix"], told["photos"], told["shown"], by=request.actor,
                now=timezone.now(), reason="公开走流程问题",
            )  # fmt: skip
            return HttpResponseRedirect(f"{ROOT}findings/{pk}/")
        except Refused as refused:
            refuse(form, refused)
    return _finding(request, row, form)


def _finding(request: Visit, row: Finding, form: PublishForm) -> HttpResponse:
    facts = [
        (_("哪一种"), row.get_kind_display()),
        (_("多要紧"), row.get_severity_display()),
        (_("哪一步"), f"{row.step.number}. {row.step.name}" if row.step else "—"),
        (_("归谁管"), row.walk.point.charge),
        (_("发现人"), row.officer.account.display_name),
        (_("发现"), moment(row.at)),
        (_("复核"), moment(row.checked_at)),
    ]
    if row.check_words:
        facts.append((_("复核说的"), row.check_words))
    context = {
        "finding": row,
        "state": FindingState(row.state),
        "facts": facts,
        "form": form,
        "may_edit": request.actor.may(WalksPermission.EDIT),
        "case": f"/desk/cases/{row.case_id}/" if row.case_id else "",
        "walk": f"{ROOT}visits/{row.walk_id}/",
        "publish": f"{ROOT}findings/{row.pk}/publish/",
        "before": [(item, FindingState(item.state), f"{ROOT}findings/{item.pk}/") for item in earlier(row)],
        "trail": [{"label": _("走流程"), "href": ROOT}, {"label": _("问题"), "href": f"{ROOT}findings/"}],
    }
    return render(request, "walkthrough/desk/finding.html", context, status=422 if form.errors else 200)
