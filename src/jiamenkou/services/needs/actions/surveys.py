"""Surveys: made, opened, answered once a person, closed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import IntegrityError, transaction

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.refusals import Conflict, Refused
from jiamenkou.services.needs.actions.needs import file_need
from jiamenkou.services.needs.models import Category, Survey, SurveyAnswer
from jiamenkou.services.needs.states import Channel, FiledBy, SurveyState


def open_survey(survey: Survey, *, by: Actor, today: date, reason: str) -> None:
    if survey.closes_on < today:
        raise Refused("截止日期已经过了，请改到今天以后。", field="closes_on", code="past")
    if not survey.categories.filter(is_active=True).exists():
        raise Refused("至少选一类可以勾的需求。", field="categories", code="required")
    if not Survey.objects.filter(pk=survey.pk, state=SurveyState.DRAFT).update(state=SurveyState.OPEN):
        raise Conflict("这份问卷已经不是草稿了。", code="changed")
    survey.state = SurveyState.OPEN


def close_survey(survey: Survey, *, by: Actor, reason: str) -> None:
    if not Survey.objects.filter(pk=survey.pk, state=SurveyState.OPEN).update(state=SurveyState.CLOSED):
        raise Conflict("这份问卷没有在进行。", code="changed")
    survey.state = SurveyState.CLOSED


def answer_survey(
    survey: Survey,
    resident: Resident,
    ticked: Collection[int],
    words: str,
    *,
    by: Actor,
    filed_by: FiledBy,
    today: date,
    reason: str,
) -> SurveyAnswer:
    """One answer a person; every tick becomes a need."""
    if survey.state != SurveyState.OPEN or survey.closes_on < today:
        raise Conflict("这份问卷已经结束了。想说的可以在“说说您的需要”里说。", code="closed")
    offered = {category.pk: category for category in survey.categories.filter(is_active=True).order_by("order", "id")}
    chosen: list[Category] = [category for pk, category in offered.items() if pk in set(ticked)]
    if not chosen and not words.strip():
        raise Refused("勾一样，或者写一句。", field="ticked", code="required")
    try:
        with transaction.atomic():
            answer = SurveyAnswer.objects.create(
                survey=survey,
                resident=resident,
                community_id=resident.community_id,
                grid_id=resident.grid_id,
                ticked=[category.pk for category in chosen],
                words=words[:300],
                filed_by=filed_by,
                by=by.account,
            )
    except IntegrityError as error:
        raise Conflict("这份问卷已经填过了，谢谢。", code="exists") from error
    for category in chosen:
        file_need(
            resident, category, by=by, channel=Channel.SURVEY, filed_by=filed_by, reason=reason,
            words=words if len(chosen) == 1 else "", source=f"survey:{survey.pk}:{resident.pk}",
        )  # fmt: skip
    return answer
