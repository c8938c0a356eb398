"""What the forms of a case's page do: the word in ``do`` names an action, the rest of the form is its input."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db.models import TextChoices
from django.http import Http404

from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.cases.access import cases_for
from jiamenkou.foundation.cases.actions import escalating, handling, knowing, merging, returning, waiting
from jiamenkou.foundation.cases.models import Case
from jiamenkou.foundation.cases.permissions import CasesPermission
from jiamenkou.foundation.cases.recording import derive
from jiamenkou.foundation.cases.routing import Desk, path_to
from jiamenkou.foundation.cases.states import ExclusionReason, Moment, Outcome, ReturnReason, WaitReason
from jiamenkou.foundation.files.models import StoredFile
from jiamenkou.foundation.files.storing import store_photo
from jiamenkou.foundation.places.models import Place
from jiamenkou.foundation.refusals import NotAllowed, Refused

Choice = TypeVar("Choice", bound=TextChoices)
MOST_PHOTOS = 6


def perform(request: Visit, case: Case) -> None:
    """Raises Refused for anything that cannot be done, Http404 for a word that is none."""
    found = _ACTS.get(request.POST.get("do", ""))
    if found is None:
        raise Http404
    permission, action = found
    if not request.actor.may(permission, case.community_id, case.grid_id):
        raise NotAllowed("这一步要由别的岗位来做。", code="not_yours")
    action(request, case)


def photos(request: Visit, case: Case) -> list[StoredFile]:
    """The photos of the form, drawn again. Raises Refused at ``photo``."""
    return [
        store_photo(upload.read(), by=request.actor, keeper="cases", community=case.community_id)
        for upload in request.FILES.getlist("photo")[:MOST_PHOTOS]
    ]


def _text(request: Visit, name: str = "text") -> str:
    return " ".join(request.POST.get(name, "").split())[:500]


def _choice(request: Visit, name: str, kind: type[Choice]) -> Choice:
    try:
        return kind(request.POST.get(name, ""))
    except ValueError as error:
        raise Refused("请选一个。", field=name, code="required") from error


def _number(request: Visit, name: str) -> int:
    value = request.POST.get(name, "")
    if not (value.isascii() and value.isdigit() and len(value) < 8):
        raise Refused("请填一个数。", field=name, code="number")
    return int(value)


def _desk(request: Visit, case: Case) -> Desk:
    """A desk along the case's own path; any other is as if it were not there."""
    place, _colon, role = request.POST.get("desk", "").partition(":")
    path = path_to(case.place or case.community)
    step: Place | None = next((one for one in path.steps if str(one.pk) == place), None)
    if step is None or role not in Role.values:
        raise Refused("请选派给谁。", field="desk", code="required")
    return Desk(step, role)


def _sign(request: Visit, case: Case) -> None:
    handling.sign(case, by=request.actor, reason="签收")


def _contact(request: Visit, case: Case) -> None:
    handling.contact(case, by=request.actor, reason="联系报的人", text=_text(request))


def _write(request: Visit, case: Case) -> None:
    tell = request.POST.get("tell") == "1"
    handling.write(
        case, _text(request), by=request.actor, reason="写进展", tell=tell, files=photos(request, case),
        moment=Moment.EVIDENCE,
    )  # fmt: skip


def _handle(request: Visit, case: Case) -> None:
    handling.handle(
        case, _choice(request, "outcome", Outcome), _text(request), by=request.actor, reason="报办好",
        who_could=_text(request, "who_could"), files=photos(request, case),
    )  # fmt: skip


def _return(request: Visit, case: Case) -> None:
    why = _choice(request, "why", ReturnReason)
    returning.give_back(case, why, _text(request, "evidence"), by=request.actor, reason="退单")


def _assign(request: Visit, case: Case) -> None:
    handling.assign(case, _desk(request, case), by=request.actor, reason="派单", text=_text(request))


def _rule(request: Visit, case: Case) -> None:
    returning.rule(case, _desk(request, case), _text(request), by=request.actor, reason="裁定")


def _extend(request: Visit, case: Case) -> None:
    waiting.ask_extension(case, _number(request, "days"), _text(request, "why"), by=request.actor, reason="申请延期")


def _suspend(request: Visit, case: Case) -> None:
    why = _choice(request, "why", WaitReason)
    waiting.ask_suspension(case, why, _text(request), by=request.actor, reason="申请挂账")


def _decide(request: Visit, case: Case) -> None:
    waiting.decide(case, request.POST.get("yes") == "1", _text(request), by=request.actor, reason="批申请")


def _resume(request: Visit, case: Case) -> None:
    waiting.resume(case, by=request.actor, reason="接着办", text=_text(request))


def _urge(request: Visit, case: Case) -> None:
    escalating.urge(case, _text(request), by=request.actor, reason="催办")


def _supervise(request: Visit, case: Case) -> None:
    escalating.supervise(case, _text(request), by=request.actor, reason="督办")


def _help(request: Visit, case: Case) -> None:
    handling.ask_helper(case, _desk(request, case), _text(request, "what"), by=request.actor, reason="请协办")


def _helped(request: Visit, case: Case) -> None:
    """By whoever sits at the desk that was asked; nobody else says that it is done."""
    step = _number(request, "helper")
    asked = derive(case).helpers.get(step)
    if asked is not None and not any(
        held.place.pk == asked["place"] and held.role == asked["role"] for held in request.actor.roles
    ):
        raise NotAllowed("协办由协办的人来报。", code="not_yours")
    handling.finish_help(case, step, by=request.actor, reason="协办办完", text=_text(request))


def _decline(request: Visit, case: Case) -> None:
    handling.decline(case, _text(request), by=request.actor, reason="不受理")


def _exclude(request: Visit, case: Case) -> None:
    handling.exclude(case, _choice(request, "why", ExclusionReason), _text(request), by=request.actor, reason="剔除")


def _merge(request: Visit, case: Case) -> None:
    number = _text(request, "into")
    into = cases_for(request.actor, CasesPermission.DISPATCH).filter(number=number).first()
    if into is None:
        raise Refused("没有这个办件号，请照着写，如 GHY-2026-0318。", field="into", code="unknown")
    merging.merge(case, into, by=request.actor, reason="合并")


def _split(request: Visit, case: Case) -> None:
    merging.take_apart(case, by=request.actor, reason="拆开")


def _recognise(request: Visit, case: Case) -> None:
    follower, resident = _number(request, "follower"), _number(request, "resident")
    knowing.recognise(case, follower, resident, by=request.actor, reason="认出来电的居民")


def _let_go(request: Visit, case: Case) -> None:
    knowing.let_go(case, _number(request, "follower"), by=request.actor, reason="对错了人")


def _undo(request: Visit, case: Case) -> None:
    handling.undo(case, by=request.actor, reason="撤销上一步")


P = CasesPermission
_ACTS: dict[str, tuple[str, Callable[[Visit, Case], None]]] = {
    "sign": (P.HANDLE, _sign),
    "contact": (P.HANDLE, _contact),
    "write": (P.HANDLE, _write),
    "handle": (P.HANDLE, _handle),
    "return": (P.HANDLE, _return),
    "extend": (P.HANDLE, _extend),
    "suspend": (P.HANDLE, _suspend),
    "resume": (P.HANDLE, _resume),
    "help": (P.HANDLE, _help),
    "helped": (P.HANDLE, _helped),
    "undo": (P.HANDLE, _undo),
    "recognise": (P.HANDLE, _recognise),
    "let_go": (P.HANDLE, _let_go),
    "assign": (P.DISPATCH, _assign),
    "decline": (P.DISPATCH, _decline),
    "urge": (P.DISPATCH, _urge),
    "merge": (P.DISPATCH, _merge),
    "split": (P.DISPATCH, _split),
    "decide": (P.APPROVE, _decide),
    "exclude": (P.APPROVE, _exclude),
    "rule": (P.RULE, _rule),
    "supervise": (P.RULE, _supervise),
}
