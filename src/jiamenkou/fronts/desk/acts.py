"""What staff write on a resident's file: each act a short form of its own, or one press."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from jiamenkou.foundation.access import scope as scopes
from jiamenkou.foundation.access.accounts import link_by_worker
from jiamenkou.foundation.access.guards import View, for_staff
from jiamenkou.foundation.access.phones import mobile
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.people.access import access_resident
from jiamenkou.foundation.people.actions.archive import drop_item, give_consent, note_item, withdraw_consent
from jiamenkou.foundation.people.actions.leaving import record_death
from jiamenkou.foundation.people.actions.moving import move_resident
from jiamenkou.foundation.people.actions.register import change_resident, read_numbers, set_numbers
from jiamenkou.foundation.people.models import (
    Account,
    ArchiveItem,
    ArchiveKind,
    ConsentPurpose,
    Evidence,
    Relation,
    Resident,
)
from jiamenkou.foundation.people.queries import account_of_phone
from jiamenkou.foundation.places.models import Place
from jiamenkou.foundation.refusals import Refused
from jiamenkou.fronts.desk.forms import (
    AccountForm,
    ArchiveForm,
    ConsentForm,
    DeathForm,
    MoveForm,
    NumbersForm,
    ResidentForm,
)
from jiamenkou.fronts.desk.residents import LIST, grids_of, trail

Act = Callable[[Visit, Resident, dict[str, Any]], str]


def because(reason: str) -> Callable[[View], View]:
    """What the audit trail says about a view whose act needs no reason of its own."""

    def decorate(view: View) -> View:
        view.reason = reason  # type: ignore[attr-defined]
        return view

    return decorate


def sent(request: Visit) -> QueryDict | None:
    """What a form binds to: an empty POST is an answer too."""
    return request.POST if request.method == "POST" else None


def _editable(request: Visit, pk: int) -> Resident:
    """Of the dead nothing is changed here any more."""
    resident = access_resident(request.actor, pk, Permission.RESIDENTS_EDIT)
    if resident.deceased_on is not None:
        raise Http404
    return resident


def _page(
    request: Visit, resident: Resident, form: forms.Form, act: Act, *, title: str, save: str, hint: str = ""
) -> HttpResponse:
    """Show the form; on a good answer do the act, say so and go back to the file."""
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                done = act(request, resident, form.cleaned_data)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            messages.success(request, done)
            return HttpResponseRedirect(f"{LIST}{resident.pk}/")
    context = {
        "form": form,
        "resident": resident,
        "title": title,
        "save": save,
        "hint": hint,
        "back": f"{LIST}{resident.pk}/",
        "trail": trail((resident.name, f"{LIST}{resident.pk}/"), (title, "")),
    }
    return render(request, "desk/residents/act.html", context, status=422 if form.errors else 200)


@because("修改资料")
@for_staff(Permission.RESIDENTS_EDIT)
@require_http_methods(["GET", "POST"])
def edit(request: Visit, pk: int) -> HttpResponse:
    resident = _editable(request, pk)
    form = ResidentForm(request.POST) if request.method == "POST" else ResidentForm.of(resident)

    def act(request: Visit, resident: Resident, given: dict[str, Any]) -> str:
        change_resident(resident, given, by=request.actor, reason="修改资料")
        return _("改好了。")

    return _page(request, resident, form, act, title=_("修改资料"), save=_("保存"))


@for_staff(Permission.RESIDENTS_EDIT)
@require_http_methods(["GET", "POST"])
def numbers(request: Visit, pk: int) -> HttpResponse:
    resident = _editable(request, pk)

    def act(request: Visit, resident: Resident, given: dict[str, Any]) -> str:
        read = read_numbers(given["identity"], given["phones"], timezone.localdate())
        if not read.identity and not read.phones:
            raise Refused(_("请填要换的号码。"), field="phones", code="required")
        if read.birth_date and resident.birth_date and read.birth_date != resident.birth_date:
            raise Refused(_("证件号里的出生日期和登记的不一样，请先核对。"), field="identity", code="birth")
        scopes.declare(request.actor.audit_name, f"换号码：{given['reason']}")
        set_numbers(resident, read, by=request.actor, reason=given["reason"])
        return _("号码换好了。")

    hint = _("只填要换的；空着的不动。号码加密保存，列表里只看得到遮盖后的。")
    return _page(request, resident, NumbersForm(sent(request)), act, title=_("换号码"), save=_("换号码"), hint=hint)


@for_staff(Permission.RESIDENTS_EDIT)
@require_http_methods(["GET", "POST"])
def death(request: Visit, pk: int) -> HttpResponse:
    resident = _editable(request, pk)

    def act(request: Visit, resident: Resident, given: dict[str, Any]) -> str:
        scopes.declare(request.actor.audit_name, f"登记去世：{given['reason']}")
        today = timezone.localdate()
        record_death(resident, given["deceased_on"], by=request.actor, today=today, reason=given["reason"])
        return _("已登记。求职意向和正在办的投递也一起结束了。")

    hint = _("登记以后：不再出现在名单里，求职意向和投递结束，不再给这个号码发消息，家庭成员关系到这一天为止。")
    return _page(request, resident, DeathForm(sent(request)), act, title=_("登记去世"), save=_("登记去世"), hint=hint)


@for_staff(Permission.RESIDENTS_EDIT)
@require_http_methods(["GET", "POST"])
def move(request: Visit, pk: int) -> HttpResponse:
    resident = _editable(request, pk)
    grids = {grid.pk: grid for grid in grids_of(request.actor, Permission.RESIDENTS_EDIT)}
    form = MoveForm([(pk, grid.name) for pk, grid in grids.items()], sent(request))

    def act(request: Visit, resident: Resident, given: dict[str, Any]) -> str:
        grid: Place = grids[given["grid"]]
        parent = grid.parent
        move_resident(
            resident,
            parent or resident.community,
            grid,
            by=request.actor,
            today=timezone.localdate(),
            reason=f"搬家：{given['reason']}",
            address=given["address"],
        )
        return _("已经搬到%(grid)s。") % {"grid": grid.name}

    hint = _("家庭成员关系到今天为止，新的家庭在新门牌下登记。搬到别的社区，请对方社区在登记时申请转入。")
    return _page(request, resident, form, act, title=_("搬家"), save=_("搬过去"), hint=hint)


@for_staff(Permission.RESIDENTS_EDIT)
@require_http_methods(["GET", "POST"])
def account(request: Visit, pk: int) -> HttpResponse:
    resident = _editable(request, pk)

    def act(request: Visit, resident: Resident, given: dict[str, Any]) -> str:
        phone = mobile(given["phone"])
        found: Account | None = account_of_phone(phone) if phone else None
        if found is None:
            raise Refused(
                _("这个手机号还没有登录过。请本人先用手机号登录一次，再来关联。"), field="phone", code="none"
            )
        try:
            with transaction.atomic():
                link_by_worker(
                    found,
                    resident.pk,
                    Relation(given["relation"]),
                    community=resident.community_id,
                    grid=resident.grid_id,
                    by=request.actor,
                    reason=given["reason"],
                )
        except IntegrityError as error:
            raise Refused(
                _("这个账号已经关联过了，或者已经登记了别人为本人。"), field="phone", code="linked"
            ) from error
        return _("关联好了，这个账号可以替这位居民办事。")

    hint = _("请先看过身份证件，或者监护、委托的证明。")
    return _page(
        request, resident, AccountForm(sent(request)), act, title=_("关联手机账号"), save=_("关联"), hint=hint
    )


@because("补充技能档案")
@for_staff(Permission.RESIDENTS_EDIT)
@require_http_methods(["GET", "POST"])
def archive(request: Visit, pk: int) -> HttpResponse:
    resident = _editable(request, pk)

    def act(request: Visit, resident: Resident, given: dict[str, Any]) -> str:
        note_item(
            resident,
            ArchiveKind(given["kind"]),
            given["text"],
            by=request.actor,
            reason="补充技能档案",
            evidence=Evidence(given["evidence"]),
            valid_until=given["valid_until"],
        )
        return _("记下了。")

    return _page(request, resident, ArchiveForm(sent(request)), act, title=_("补充技能档案"), save=_("记下"))


@because("删去一条技能档案")
@for_staff(Permission.RESIDENTS_EDIT)
@require_POST
def archive_drop(request: Visit, pk: int, item: int) -> HttpResponse:
    resident = _editable(request, pk)
    found: ArchiveItem | None = resident.archive.filter(pk=item).first()
    if found is None:
        raise Http404
    drop_item(found, by=request.actor, reason="删去一条技能档案")
    messages.success(request, _("删去了。"))
    return HttpResponseRedirect(f"{LIST}{resident.pk}/")


@because("登记同意")
@for_staff(Permission.RESIDENTS_EDIT)
@require_http_methods(["GET", "POST"])
def consent(request: Visit, pk: int) -> HttpResponse:
    resident = _editable(request, pk)

    def act(request: Visit, resident: Resident, given: dict[str, Any]) -> str:
        purpose = ConsentPurpose(given["purpose"])
        give_consent(resident, purpose, how=given["how"], by=request.actor, reason="登记同意")
        return _("登记好了。")

    return _page(request, resident, ConsentForm(sent(request)), act, title=_("登记同意"), save=_("登记同意"))


@because("撤回同意")
@for_staff(Permission.RESIDENTS_EDIT)
@require_POST
def consent_withdraw(request: Visit, pk: int) -> HttpResponse:
    resident = _editable(request, pk)
    if request.POST.get("purpose") not in ConsentPurpose.values:
        raise Http404
    purpose = ConsentPurpose(request.POST["purpose"])
    withdraw_consent(resident, purpose, by=request.actor, now=timezone.now(), reason="撤回同意")
    messages.success(request, _("撤回了。"))
    return HttpResponseRedirect(f"{LIST}{resident.pk}/")
