"""Applying for a relative: nothing goes to the employer before the person says yes (PIPL arts. 13, 14, 23).

The yes comes by a link in a text message to the person's own number, in the person's own account, or is asked in person
by a worker. What is not answered in time is dropped.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.scope import EVERYTHING, scope
from jiamenkou.foundation.messages.inbox import settle
from jiamenkou.foundation.messages.models import Message
from jiamenkou.foundation.messages.notices import Notice
from jiamenkou.foundation.messages.send import tell, tell_over
from jiamenkou.foundation.people.actions.archive import give_consent
from jiamenkou.foundation.people.models import Account, ConsentPurpose, Phone, Relation, Resident
from jiamenkou.foundation.refusals import Conflict
from jiamenkou.foundation.vault.service import blind_index
from jiamenkou.services.jobs import notices
from jiamenkou.services.jobs.actions.applications import create_application, log_move, move_application
from jiamenkou.services.jobs.models import Application, FamilyLink, Vacancy
from jiamenkou.services.jobs.states import ApplicationReason, ApplicationState, FiledBy, Party

ASK_DAYS = 3
# after its end a link still shows what became of the question
SHOWN_DAYS = 7
AGREE, REFUSE = "同意投", "不投"
_LONGEST_TOKEN = 100


class Outcome(StrEnum):
    """What an answer came to. The last four found the question settled already."""

    SENT = "sent"
    REFUSED = "refused"
    CLOSED = "closed"
    LATE = "late"
    WAS_SENT = "was_sent"
    WAS_REFUSED = "was_refused"
    GONE = "gone"


def ask_family(vacancy: Vacancy, who: Resident, *, by: Actor, now: datetime, reason: str) -> Application:
    """An application that waits for the person's own yes. A second tap returns the first one's."""
    if not vacancy.is_open(timezone.localdate(now)):
        raise Conflict("这个岗位已经不招了，看看类似的。", code="closed")
    existing = Application.objects.filter(vacancy=vacancy, resident=who).live().first()
    if existing is not None and existing.state == ApplicationState.RECOMMENDED:
        raise Conflict("社区已经把这个岗位推荐给本人了，等本人点头。", code="recommended")
    if existing is not None:
        return existing
    own = has_own_mobile(who, by.account)
    application = create_application(
        vacancy,
        who,
        ApplicationState.ASKED,
        filed_by=FiledBy.FAMILY,
        filed_account=by.account,
        created_at=now,
        moved_at=now,
        answer_due_at=now + timedelta(days=ASK_DAYS),
        unagreed=True,
        ask_in_person=not own,
    )
    log_move(application, "", Party.RESIDENT, by, "", "")
    due = timezone.localdate(now + timedelta(days=ASK_DAYS))
    said = {"title": vacancy.title, "employer": vacancy.employer.name, "day": f"{due.month}月{due.day}日"}
    href = f"/jobs/applications/{application.pk}/"
    answers = [AGREE, REFUSE]
    if own:
        tell(notices.FAMILY_ASK, who, href=href, answers=answers, **said)
    else:
        # the number on file is the asker's own, or none: a text message would ask the wrong person
        tell_over((), notices.FAMILY_ASK, who, said, href=href, answers=answers)
    return application


def has_own_mobile(who: Resident, asker: Account | None) -> bool:
    """Whether a text message reaches this person and not whoever asks: the number that would be written to is not theirs."""
    first = Phone.objects.filter(resident=who, is_mobile=True).order_by("-is_main", "id").first()
    if first is None:
        return False
    theirs = {bytes(asker.phone_index)} if asker is not None and asker.phone_index is not None else set()
    if asker is not None:
        own = asker.links.current().filter(relation=Relation.SELF).values("resident_id")
        numbers = Phone.objects.filter(resident__in=own).order_by("id").values_list("index", flat=True)
        theirs |= {bytes(one) for one in numbers}
    return bytes(first.index) not in theirs


def answer_family(
    application: Application,
    yes: bool,
    *,
    party: Party,
    how: str,
    by: Actor,
    now: datetime,
    reason: str,
    always: bool = False,
) -> Outcome:
    """The person's answer. ``how`` it was given stands in the log and in the consent; ``always``: no need to ask again.

    The row is locked first: of two answers at once one counts, and the other is told what came of it.
    """
    locked = (
        Application.objects.select_for_update(of=("self",))
        .select_related("vacancy__employer", "resident", "filed_account")
        .get(pk=application.pk)
    )
    state = ApplicationState(locked.state)
    if state != ApplicationState.ASKED:
        return _settled(locked)
    if locked.answer_due_at is not None and now > locked.answer_due_at:
        return Outcome.LATE
    person = locked.resident
    if yes and not locked.vacancy.is_open(timezone.localdate(now)):
        move_application(locked, ApplicationState.GONE, party=Party.SYSTEM, by=by, reason=reason, now=now)
        _tell_asker(locked, notices.FAMILY_CLOSED)
        outcome = Outcome.CLOSED
    elif yes:
        give_consent(person, ConsentPurpose.SHARE_EMPLOYER, how=how, by=by, reason=reason)
        if always:
            give_consent(person, ConsentPurpose.FAMILY, how=how, by=by, reason=reason)
        move_application(locked, ApplicationState.SENT, party=party, by=by, reason=reason, text=how, now=now)
        _tell_asker(locked, notices.FAMILY_YES)
        outcome = Outcome.SENT
    else:
        move_application(
            locked, ApplicationState.DECLINED, party=party, by=by, reason=reason, why=ApplicationReason.OTHER, text=how,
            now=now,
        )  # fmt: skip
        _tell_asker(locked, notices.FAMILY_NO)
        outcome = Outcome.REFUSED
    said = AGREE if yes else REFUSE
    settle(person.pk, f"/jobs/applications/{locked.pk}/", said, by=by, now=now, reason=reason)
    return outcome


def _settled(application: Application) -> Outcome:
    """What an answer that comes after the question is told."""
    state = ApplicationState(application.state)
    if state in {ApplicationState.WITHDRAWN, ApplicationState.GONE} and application.unagreed:
        return Outcome.GONE
    if state == ApplicationState.NO_ANSWER and application.unagreed:
        return Outcome.LATE
    return Outcome.WAS_REFUSED if application.unagreed else Outcome.WAS_SENT


def outcome_of(application: Application, now: datetime) -> Outcome | None:
    """What became of a question; None while it waits."""
    if application.state != ApplicationState.ASKED:
        return _settled(application)
    return Outcome.LATE if application.answer_due_at is not None and now > application.answer_due_at else None


def lapse_family(now: datetime, *, by: Actor, reason: str) -> int:
    """Drop what nobody answered in time, and tell whoever asked. Returns how many."""
    waiting = Application.objects.filter(state=ApplicationState.ASKED, answer_due_at__lt=now)
    dropped = 0
    for application in waiting.with_list_data().select_related("filed_account").order_by("id"):
        move_application(
            application, ApplicationState.NO_ANSWER, party=Party.SYSTEM, by=by, reason=reason,
            why=ApplicationReason.SILENCE, now=now,
        )  # fmt: skip
        _tell_asker(application, notices.FAMILY_LATE)
        dropped += 1
    return dropped


def _tell_asker(application: Application, notice: Notice) -> None:
    """To the asker's own person, whose messages the asker reads."""
    account = application.filed_account
    if account is None:
        return
    href = f"/jobs/applications/{application.pk}/"
    name, title = application.resident.name, application.vacancy.title
    # the person asked does not see whoever asked: everything is in view for these few statements
    with scope(EVERYTHING):
        link = account.links.current().filter(relation=Relation.SELF).select_related("resident").first()
        if link is not None:
            tell(notice, link.resident, href=href, name=name, title=title)


def fresh_family_link(message: Message) -> dict[str, str]:
    """What a text message carries beside its stored words: a link made as it is sent, while the question waits."""
    number = message.href.rstrip("/").rpartition("/")[2]
    asked = Application.objects.filter(state=ApplicationState.ASKED, resident=message.resident)
    application = asked.filter(pk=int(number) if number.isdigit() else 0).first()
    if application is None or application.answer_due_at is None:
        return {}
    token = secrets.token_urlsafe(32)
    FamilyLink.objects.create(
        application=application,
        resident_id=application.resident_id,
        token_hash=_digest(token),
        expires_at=application.answer_due_at + timedelta(days=SHOWN_DAYS),
    )
    return {"link": f"{settings.PUBLIC_URL}{family_path(token)}"}


def family_path(token: str) -> str:
    return f"/jobs/family/{token}/"


def good_family_link(token: str, now: datetime) -> FamilyLink | None:
    """The link of a token, unless it is forged or expired. Changes nothing."""
    if len(token) > _LONGEST_TOKEN:
        return None
    return FamilyLink.objects.good(now).filter(token_hash=_digest(token)).first()


def note_answer(link: FamilyLink, *, by: Actor, now: datetime, reason: str) -> None:
    FamilyLink.objects.filter(pk=link.pk, used_at__isnull=True).update(used_at=now)


def _digest(token: str) -> bytes:
    return blind_index("family.link", token)
