"""Applications: sent, recommended, moved along the table, confirmed as a start."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.events.bus import publish
from jiamenkou.foundation.events.kinds import PlacementConfirmed
from jiamenkou.foundation.messages.send import tell
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.refusals import Conflict, NotAllowed, Refused
from jiamenkou.services.jobs import notices
from jiamenkou.services.jobs.actions.seats import take_place
from jiamenkou.services.jobs.models import Application, ApplicationLog, FollowUp, Intention, Placement, Vacancy
from jiamenkou.services.jobs.models.application import FOLLOW_UP_DAYS
from jiamenkou.services.jobs.states import (
    ApplicationReason,
    ApplicationState,
    FiledBy,
    FollowUpOutcome,
    IntentionState,
    Party,
    move,
)

# a resident who does not answer a recommendation is not pressed: it lapses
RESIDENT_ANSWER_DAYS = 3
# after the reminder an employer has as many days again; then it is closed and the person is told
CLOSE_AFTER_FACTOR = 2


def apply_for(
    vacancy: Vacancy, resident: Resident, *, by: Actor, filed_by: FiledBy, now: datetime, reason: str, word: str = ""
) -> Application:
    """Send an application. A second tap returns the first one's."""
    if not vacancy.is_open(timezone.localdate(now)):
        raise Conflict("这个岗位已经不招了，看看类似的。", code="closed")
    existing = Application.objects.filter(vacancy=vacancy, resident=resident).live().first()
    agreed = existing is not None and existing.state == ApplicationState.ASKED and filed_by == FiledBy.SELF
    if existing is not None and (agreed or existing.state == ApplicationState.RECOMMENDED):
        return move_application(existing, ApplicationState.SENT, party=Party.RESIDENT, by=by, reason=reason, now=now)
    if existing is not None:
        return existing
    application = create_application(
        vacancy,
        resident,
        ApplicationState.SENT,
        filed_by=filed_by,
        filed_account=by.account,
        word=word,
        created_at=now,
        moved_at=now,
        answer_due_at=now + timedelta(days=vacancy.answer_days),
    )
    log_move(application, "", Party.RESIDENT if filed_by != FiledBy.WORKER else Party.WORKER, by, "", "")
    _tell_employer(application)
    return application


def recommend(
    vacancy: Vacancy, resident: Resident, *, by: Actor, now: datetime, reason: str, word: str = ""
) -> Application:
    """Recommend within the head-count: a lane with ``cap`` people in play takes nobody more."""
    locked = Vacancy.objects.select_for_update(of=("self",)).get(pk=vacancy.pk)
    if not locked.is_open(timezone.localdate(now)):
        raise Conflict("这个岗位已经不招了。", code="closed")
    in_play = Application.objects.filter(vacancy=locked).live().count()
    if in_play >= locked.cap:
        raise Conflict(
            f"还招 {locked.places_left} 人，已经有 {in_play} 位在谈，先等单位回话，别让大家白跑。", code="lane_full"
        )
    application = create_application(
        locked,
        resident,
        ApplicationState.RECOMMENDED,
        filed_by=FiledBy.WORKER,
        filed_account=by.account,
        recommended_by=by.account,
        recommended_at=now,
        word=word,
        created_at=now,
        moved_at=now,
        answer_due_at=now + timedelta(days=RESIDENT_ANSWER_DAYS),
    )
    log_move(application, "", Party.WORKER, by, "", word)
    tell(
        notices.RECOMMENDED,
        resident,
        href=f"/jobs/applications/{application.pk}/",
        answers=["想去", "不去"],
        title=locked.title,
        employer=locked.employer.name,
        word=word,
    )
    return application


def create_application(vacancy: Vacancy, resident: Resident, state: ApplicationState, **fields: object) -> Application:
    """The row alone. Refused where the person is in play for this vacancy already."""
    try:
        with transaction.atomic():
            return Application.objects.create(
                vacancy=vacancy,
                resident=resident,
                community_id=resident.community_id,
                grid_id=resident.grid_id,
                state=state,
                **fields,
            )
    except IntegrityError as error:
        raise Conflict("已经投过这个岗位了。", code="exists") from error


def move_application(
    application: Application,
    to: ApplicationState,
    *,
    party: Party,
    by: Actor,
    reason: str,
    why: str = "",
    text: str = "",
    now: datetime | None = None,
    interview_at: datetime | None = None,
    interview_place: str = "",
    starts_on: date | None = None,
) -> Application:
    """Take one arrow of the table. The update names the state it came from, so two at once cannot both win."""
    start = ApplicationState(application.state)
    arrow = move(start, to)
    if arrow is None:
        raise Conflict(f"“{start.label}”之后不能是“{ApplicationState(to).label}”。", code="no_such_move")
    if party not in arrow.parties:
        raise NotAllowed("这一步要由另一方来做。", code="not_yours")
    if arrow.reason and why not in ApplicationReason.values:
        raise Refused("请选一个原因，对方会看到。", field="why", code="required")
    if to == ApplicationState.INTERVIEW and interview_at is None:
        raise Refused("约什么时候？请填面试时间。", field="interview_at", code="required")
    if application.unagreed and to == ApplicationState.SENT and start != ApplicationState.ASKED:
        raise NotAllowed("本人没有点过头。还想去，请本人自己投，或者重新推荐。", code="unagreed")
    moment = now or timezone.now()
    fields = {
        "state": to,
        "moved_at": moment,
        "reason": why if to not in {ApplicationState.SENT, ApplicationState.INTERVIEW} else "",
        "reason_text": text[:200],
        "answer_due_at": _next_due(application, to, moment, interview_at),
        "reminded_at": None,
        "chased_at": None,
    }
    if to == ApplicationState.SENT:
        fields["unagreed"] = False
    if to == ApplicationState.INTERVIEW:
        fields |= {"interview_at": interview_at, "interview_place": interview_place}
    if to == ApplicationState.HIRED:
        fields["starts_on"] = starts_on
    if not Application.objects.filter(pk=application.pk, state=start).update(**fields):
        raise Conflict("别人刚动过这份投递，请刷新看看。", code="changed")
    for name, value in fields.items():
        setattr(application, name, value)
    log_move(application, start, party, by, why, text)
    _tell_of_move(application, start)
    return application


def _next_due(
    application: Application, to: ApplicationState, now: datetime, interview_at: datetime | None
) -> datetime | None:
    days = timedelta(days=application.vacancy.answer_days)
    if to == ApplicationState.SENT:
        return now + days
    if to == ApplicationState.INTERVIEW:
        return (interview_at or now) + days
    if to == ApplicationState.HIRED:
        return now + timedelta(days=14)
    return None


def confirm_start(application: Application, started_on: date, *, party: Party, by: Actor, reason: str) -> Placement:
    """The person has started: takes a place, plans the follow-ups, closes the intention."""
    if started_on > timezone.localdate():
        raise Refused("还没到这一天，上岗以后再确认。", field="started_on", code="future")
    take_place(application.vacancy)
    move_application(application, ApplicationState.PLACED, party=party, by=by, reason=reason)
    placement = Placement.objects.create(
        application=application,
        resident_id=application.resident_id,
        community_id=application.community_id,
        grid_id=application.grid_id,
        started_on=started_on,
        confirmed_by=by.account,
    )
    FollowUp.objects.bulk_create(
        FollowUp(
            placement=placement,
            resident_id=placement.resident_id,
            community_id=placement.community_id,
            grid_id=placement.grid_id,
            day=day,
            due_on=started_on + timedelta(days=day),
        )
        for day in FOLLOW_UP_DAYS
    )
    for intention in Intention.objects.filter(resident_id=placement.resident_id).open():
        intention.state = IntentionState.PLACED
        intention.closed_why = "上岗"
        intention.save()
    publish(PlacementConfirmed(placement.resident_id, placement.pk, started_on))
    return placement


def record_follow_up(
    follow_up: FollowUp, outcome: FollowUpOutcome, *, by: Actor, now: datetime, reason: str, note: str = ""
) -> FollowUp:
    """What the person said. Who has left is not asked again, and may look for work anew."""
    follow_up.outcome, follow_up.note, follow_up.by = outcome, note, by.account
    follow_up.done_at = now
    follow_up.save()
    if outcome == FollowUpOutcome.LEFT:
        placement = follow_up.placement
        placement.ended_on = timezone.localdate(now)
        placement.save(update_fields=["ended_on"])
        FollowUp.objects.filter(placement=placement, done_at__isnull=True).delete()
    return follow_up


def record_chase(application: Application, *, by: Actor, now: datetime, reason: str) -> None:
    """Somebody called the employer: it has its days once more from now."""
    days = timedelta(days=application.vacancy.answer_days)
    moved = Application.objects.filter(pk=application.pk, state=ApplicationState.SENT).update(
        chased_at=now, answer_due_at=now + days, reminded_at=None
    )
    if not moved:
        raise Conflict("这份投递已经有答复了。", code="changed")


def remind_employers(now: datetime, *, by: Actor, reason: str) -> int:
    """One reminder for each employer with unanswered applications; the desk sees the phone number to call."""
    silent = (
        Application.objects.to_remind(now).with_list_data().order_by("vacancy__employer_id", "answer_due_at", "id")
    )
    lanes: dict[int, list[Application]] = {}
    for application in silent:
        lanes.setdefault(application.vacancy_id, []).append(application)
    for applications in lanes.values():
        first = applications[0]
        tell(
            notices.CHASE,
            first.vacancy.employer,
            href="/jobs/employer/",
            count=len(applications),
            title=first.vacancy.title,
            days=(now - first.created_at).days,
        )
        Application.objects.filter(pk__in=[a.pk for a in applications]).update(reminded_at=now)
    return sum(map(len, lanes.values()))


def close_silent(now: datetime, *, by: Actor, reason: str) -> int:
    """Close what stayed unanswered although reminded, and tell the person."""
    closed = 0
    waiting = Application.objects.unanswered(now).filter(reminded_at__isnull=False).with_list_data().order_by("id")
    for application in waiting:
        grace = timedelta(days=application.vacancy.answer_days * (CLOSE_AFTER_FACTOR - 1))
        if application.answer_due_at is None or now < application.answer_due_at + grace:
            continue
        move_application(
            application, ApplicationState.NO_ANSWER, party=Party.SYSTEM, by=by, reason=reason,
            why=ApplicationReason.SILENCE, now=now,
        )  # fmt: skip
        closed += 1
    lapsed = Application.objects.waiting_for_resident().filter(answer_due_at__lt=now).with_list_data().order_by("id")
    for application in lapsed:
        move_application(
            application, ApplicationState.NO_ANSWER, party=Party.SYSTEM, by=by, reason=reason,
            why=ApplicationReason.SILENCE, now=now,
        )  # fmt: skip
        closed += 1
    return closed


def log_move(application: Application, start: str, party: Party, by: Actor, why: str, text: str) -> None:
    ApplicationLog.objects.create(
        application=application,
        start=start,
        end=application.state,
        party=party,
        by=by.account,
        reason=why,
        text=text[:200],
    )


def _tell_employer(application: Application) -> None:
    vacancy = application.vacancy
    tell(
        notices.APPLIED,
        vacancy.employer,
        href="/jobs/employer/",
        name=application.resident.name[:1] + "**",
        title=vacancy.title,
        days=vacancy.answer_days,
    )


def _tell_of_move(application: Application, start: ApplicationState) -> None:
    vacancy, resident = application.vacancy, application.resident
    known = {"title": vacancy.title, "employer": vacancy.employer.name}
    href = f"/jobs/applications/{application.pk}/"
    match application.state:
        case ApplicationState.SENT if start in {ApplicationState.RECOMMENDED, ApplicationState.ASKED}:
            _tell_employer(application)
        case ApplicationState.INTERVIEW:
            when = timezone.localtime(application.interview_at).strftime("%-m月%-d日 %H:%M")
            where = application.interview_place or vacancy.address or vacancy.employer.address
            tell(notices.INTERVIEW, resident, href=href, when=when, where=where, **known)
        case ApplicationState.HIRED:
            day = application.starts_on
            tell(
                notices.HIRED, resident, href=href, when=f"{day.month}月{day.day}日" if day else "约定的日子", **known
            )
        case ApplicationState.REFUSED:
            words = str(ApplicationReason(application.reason).label)
            tell(notices.REFUSED, resident, href=href, reason=words, **known)
        case ApplicationState.NO_ANSWER if start == ApplicationState.SENT:
            tell(notices.SILENT, resident, href=href, **known)
        case ApplicationState.PLACED:
            tell(notices.PLACED, resident, href=href, **known)
        case _:
            pass
