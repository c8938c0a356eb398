"""Employers without an account: links made, opened, revoked; a look at an applicant's phone."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.conf import settings

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.models import Reveal
from jiamenkou.foundation.access.reveal import PHONE_FIELD
from jiamenkou.foundation.people.models import Organisation, Phone
from jiamenkou.foundation.refusals import Conflict, NotAllowed
from jiamenkou.foundation.vault.service import blind_index, open_field
from jiamenkou.services.jobs.models import Application, ApplicationLog, EmployerLink
from jiamenkou.services.jobs.states import ApplicationState, Party

# from here on the two have an appointment: they may call each other
AGREED = frozenset({ApplicationState.INTERVIEW, ApplicationState.HIRED, ApplicationState.PLACED})
_LONGEST_TOKEN = 100


def make_employer_link(organisation: Organisation, *, by: Actor, reason: str) -> str:
    """The token of a fresh link, good for eight days. It is nowhere but in the answer: the row keeps its digest."""
    token = secrets.token_urlsafe(32)
    EmployerLink.objects.create(organisation=organisation, token_hash=_digest(token))
    return token


def link_path(token: str) -> str:
    return f"/jobs/employer/{token}/"


def good_link(token: str, now: datetime) -> EmployerLink | None:
    """The link of a token, unless it is forged, expired or revoked. Changes nothing."""
    if len(token) > _LONGEST_TOKEN:
        return None
    return EmployerLink.objects.good(now).select_related("organisation").filter(token_hash=_digest(token)).first()


def note_use(link: EmployerLink, *, by: Actor, now: datetime, reason: str) -> None:
    """The first thing done through a link; looking at its page does not count."""
    if link.opened_at is None:
        EmployerLink.objects.filter(pk=link.pk, opened_at__isnull=True).update(opened_at=now)


def revoke_employer_link(link: EmployerLink, *, by: Actor, now: datetime, reason: str) -> None:
    if not EmployerLink.objects.good(now).filter(pk=link.pk).update(revoked_at=now):
        raise Conflict("这个链接已经不能用了。", code="gone")


def show_phone(application: Application, *, by: Actor, reason: str) -> str:
    """An applicant's number, once an interview is agreed. The look is kept where the resident can read it."""
    state = ApplicationState(application.state)
    if state not in AGREED:
        raise NotAllowed("约好面试以后才能看电话。", code="too_early")
    phone = Phone.objects.filter(resident_id=application.resident_id).order_by("-is_main", "id").first()
    if phone is None:
        raise Conflict("这位没有登记电话，请找社区联系。", code="no_phone")
    ApplicationLog.objects.create(
        application=application, start=state, end=state, party=Party.EMPLOYER, by=by.account, text="单位看了电话"
    )
    if by.account is not None:
        Reveal.objects.create(resident_id=application.resident_id, by=by.account, field="手机号", reason=reason[:200])
    return open_field(application.resident.uid, PHONE_FIELD, bytes(phone.sealed))


def fresh_link(organisation: Organisation | None) -> dict[str, str]:
    """What a text message to an employer carries beside its stored words: a link made as it is sent."""
    if organisation is None:
        return {}
    token = make_employer_link(organisation, by=Actor(None), reason="短信里的链接")
    return {"link": f"{settings.PUBLIC_URL}{link_path(token)}"}


def _digest(token: str) -> bytes:
    return blind_index("employer.link", token)
