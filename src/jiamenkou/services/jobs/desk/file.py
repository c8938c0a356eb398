"""What this room tells on a resident's file."""

from __future__ import annotations

from jiamenkou.foundation.events.contributions import TimelineEntry
from jiamenkou.services.jobs.models import Application, Intention
from jiamenkou.services.jobs.states import ApplicationState, IntentionState

MOST = 50


def entries(resident: int) -> list[TimelineEntry]:
    """Applications and wishes, each with its state and its desk page. Two queries."""
    sent = Application.objects.of_residents([resident]).with_list_data().order_by("-moved_at", "-id")[:MOST]
    wishes = Intention.objects.filter(resident_id=resident).order_by("-created_at", "-id")[:MOST]
    return [*map(_application, sent), *map(_wish, wishes)]


def _application(application: Application) -> TimelineEntry:
    state = ApplicationState(application.state)
    return TimelineEntry(
        at=application.moved_at,
        icon="briefcase" if state.is_live else "circle-check" if state == ApplicationState.PLACED else "circle-minus",
        tone=state.tone,
        title=f"{application.vacancy.title} · {application.vacancy.employer.name}",
        state=str(state.label),
        place="就业",
        next=application.reason_text,
        href=f"/desk/jobs/applications/{application.pk}/",
        done=not state.is_live,
    )


def _wish(intention: Intention) -> TimelineEntry:
    asked = f"最近确认 {intention.confirmed_on.month}月{intention.confirmed_on.day}日"
    return TimelineEntry(
        at=intention.created_at,
        icon="clipboard-list",
        tone="green" if intention.state == IntentionState.OPEN else "grey",
        title=f"求职意向：{intention.wanted}" if intention.wanted else "求职意向",
        state=str(IntentionState(intention.state).label),
        place="就业",
        next=intention.closed_why or asked,
        href=f"/desk/jobs/intentions/{intention.pk}/",
        done=intention.state != IntentionState.OPEN,
    )
