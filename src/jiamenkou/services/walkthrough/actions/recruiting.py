"""Officers: residents sign up and are looked at by staff; staff simply are."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.models import StaffRole
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.messages.send import tell
from jiamenkou.foundation.people.models import Account, Resident
from jiamenkou.foundation.places.models import Place
from jiamenkou.foundation.refusals import Conflict, NotAllowed, Refused
from jiamenkou.services.walkthrough import notices
from jiamenkou.services.walkthrough.access import lent, whole
from jiamenkou.services.walkthrough.models import Officer
from jiamenkou.services.walkthrough.states import OfficerState

# the text stands in templates/walkthrough/phone/sign_up.html; a changed text gets a new name
AGREEMENT = "2026-11"
TOLD_AT_MOST = 10


def sign_up(resident: Resident, words: str, agreed: bool, *, by: Actor, now: datetime, reason: str) -> Officer:
    """A resident asks to become an officer. Asking again after a refusal or a leave is a new request."""
    if by.account is None:
        raise NotAllowed("请先登录。")
    if not agreed:
        raise Refused("同意了约定才能报名。", field="agreed", code="required")
    with lent(resident.community_id):
        officer = Officer.objects.filter(community_id=resident.community_id, account=by.account).first()
        if officer is not None and officer.state in {OfficerState.ASKED, OfficerState.ACTIVE}:
            raise Conflict("您已经报过名了。", code="taken")
        officer = officer or Officer(community_id=resident.community_id, account=by.account)
        officer.resident, officer.state, officer.words = resident, OfficerState.ASKED, words[:200]
        officer.agreement, officer.agreed_at = AGREEMENT, now
        officer.reviewed_by = officer.reviewed_at = None
        officer.note = ""
        try:
            with transaction.atomic():
                officer.save()
        except IntegrityError as error:
            # two taps at once: the other one was first
            raise Conflict("您已经报过名了。", code="taken") from error
    with whole():
        roles = StaffRole.objects.current().filter(role=Role.WORKER, place_id=resident.community_id)
        for role in roles.select_related("account").order_by("id")[:TOLD_AT_MOST]:
            tell(notices.SIGNED_UP, role.account, href="/desk/walks/officers/?state=asked")
    return officer


def appoint(account: Account, community: Place, *, by: Actor, now: datetime, reason: str) -> Officer:
    """Staff walk without being looked at; harmless to call twice."""
    officer, _ = Officer.objects.update_or_create(
        community=community,
        account=account,
        defaults={"state": OfficerState.ACTIVE, "agreement": AGREEMENT, "reviewed_by": by.account, "reviewed_at": now},
    )
    return officer


def review(officer: Officer, accept: bool, note: str, *, by: Actor, now: datetime, reason: str) -> None:
    """Accept or refuse a request. A refusal says why, and the person reads it. Raises Refused, Conflict."""
    if not accept and not note.strip():
        raise Refused("没通过要写一句原因，对方会看到。", field="note", code="required")
    state = OfficerState.ACTIVE if accept else OfficerState.REFUSED
    changed = Officer.objects.filter(pk=officer.pk, state=OfficerState.ASKED).update(
        state=state, note=note[:200], reviewed_by=by.account, reviewed_at=now
    )
    if not changed:
        raise Conflict("这位已经审核过了。", code="changed")
    words = note or "打开“走流程”，看看这一期走哪些事。"
    tell(notices.ACCEPTED if accept else notices.REFUSED, officer.addressee, href="/walks/mine/", words=words)


def leave(officer: Officer, *, by: Actor, reason: str) -> None:
    """An officer stops; what was found stays theirs to check by another officer of the round."""
    with lent(officer.community_id):
        Officer.objects.filter(pk=officer.pk, state=OfficerState.ACTIVE).update(state=OfficerState.LEFT)
