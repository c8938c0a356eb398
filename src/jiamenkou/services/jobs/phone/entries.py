"""What this room puts on 我的事: a sentence for each application, and the question whether one still looks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from django.utils import timezone

from jiamenkou.foundation.asking import TODAY, Ask
from jiamenkou.foundation.events.contributions import TimelineEntry, Told
from jiamenkou.services.jobs.models import Application, Intention
from jiamenkou.services.jobs.models.application import ApplicationQuerySet
from jiamenkou.services.jobs.models.intention import IntentionQuerySet
from jiamenkou.services.jobs.states import ApplicationState

SHOWN = 50
LOOKING_ON = "社区接着帮您找"


def _applications(residents: list[int]) -> ApplicationQuerySet:
    """Applications of these people, the newest fifty."""
    return Application.objects.of_residents(residents).with_list_data().order_by("-moved_at", "-id")[:SHOWN]


def _sentences(residents: Sequence[int], rows: list[Application]) -> list[TimelineEntry]:
    return [entry_of(application, named=len(residents) > 1) for application in rows]


def _wishes(residents: list[int]) -> IntentionQuerySet:
    """Wishes that want renewing."""
    return Intention.objects.filter(resident_id__in=residents).stale(TODAY).order_by("id")


def _questions(residents: Sequence[int], stale: list[Intention]) -> list[TimelineEntry]:
    return [_question(intention) for intention in stale]


TIMELINE = [
    Told(Ask((_applications,), _sentences), (("jobs_application", "resident_id"),)),
    Told(Ask((_wishes,), _questions), (("jobs_intention", "resident_id"),)),
]


def entry_of(application: Application, *, named: bool = False) -> TimelineEntry:
    """Who acts next, by when, and what we do if they do not. ``named``: says for whom it is.

    An appointment waits for the person on its day; before it, it stands under its date.
    """
    state, today = ApplicationState(application.state), timezone.localdate()
    vacancy, employer = application.vacancy, application.vacancy.employer.name
    at = _when(application, state)
    waits = False
    match state:
        case ApplicationState.ASKED:
            by_when = f"{_day(timezone.localdate(application.answer_due_at))}前" if application.answer_due_at else ""
            asked = (
                "社区当面问本人" if application.ask_in_person else f"{application.resident.name}{by_when}不回话就不投"
            )
            said, following = "等家里人点头", asked
        case ApplicationState.RECOMMENDED:
            said, following, waits = "社区推荐给您", "想去就点一下“想去”", True
        case ApplicationState.SENT:
            by_when = f"{_day(timezone.localdate(application.answer_due_at))}前" if application.answer_due_at else ""
            said, following = "等单位回话", f"{employer}{by_when}回话，不回我们去问"
        case ApplicationState.INTERVIEW:
            local = timezone.localtime(at)
            where = application.interview_place or vacancy.address
            parts = [f"{_day(local.date())} {local.hour}:{local.minute:02d}", where, "带身份证"]
            said, following = "约了面试", "，".join(part for part in parts if part)
            waits = local.date() <= today
        case ApplicationState.HIRED:
            starts = application.starts_on
            said, following = "录用了", f"{_day(starts)}上岗" if starts else "上岗那天跟社区说一声"
            waits = starts is None or starts <= today
        case ApplicationState.PLACED:
            said, following = "已上岗", "7 天、30 天、90 天我们来问问顺不顺"
        case ApplicationState.REFUSED:
            said, following = "这次没录用", LOOKING_ON
        case ApplicationState.NO_ANSWER:
            said = "家里人没回话，没有投" if application.unagreed else "一直没回话，已关闭"
            following = LOOKING_ON
        case ApplicationState.GONE:
            said, following = "岗位下架了", vacancy.taken_down_why or LOOKING_ON
        case ApplicationState.DECLINED:
            said, following = "本人说不投" if application.unagreed else "您说不去", ""
        case ApplicationState.WITHDRAWN:
            said, following = "您撤回了", ""
    return TimelineEntry(
        at=at,
        icon="briefcase",
        tone="green",
        title=vacancy.title,
        state=said,
        place=f"{application.resident.name} · {employer}" if named else employer,
        next=following,
        href=f"/jobs/applications/{application.pk}/",
        waits_for_me=waits,
        done=not state.is_live,
    )


def _when(application: Application, state: ApplicationState) -> datetime:
    """The appointment where there is one, else the last move."""
    if state == ApplicationState.INTERVIEW and application.interview_at:
        return application.interview_at
    if state == ApplicationState.HIRED and application.starts_on:
        return timezone.make_aware(datetime.combine(application.starts_on, time(8)))
    return application.moved_at


def _question(intention: Intention) -> TimelineEntry:
    return TimelineEntry(
        at=timezone.now(),
        icon="clock",
        tone="green",
        title="您还在找工作吗？",
        state="等您回一句",
        place=f"上次说想做{intention.wanted}" if intention.wanted else "",
        next="回一句，我们好帮您留意",
        href="/jobs/wish/",
        waits_for_me=True,
    )


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"
