"""Surveys: made, opened, answered once a person, closed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.places.models import Place
from jiamenkou.foundation.refusals import Conflict, NotAllowed, Refused
from jiamenkou.services.needs.actions.needs import file_need
from jiamenkou.services.needs.models import Category, Survey, SurveyAnswer
from jiamenkou.services.needs.states import Channel, FiledBy, SurveyState


def make_survey(
    community: Place, fields: dict[str, Any], *, by: Actor, reason: str, survey: Survey | None = None
) -> Survey:
    """A draft, or a draft changed; what is open already was read by people and stays as they read it."""
    if by.account is None:
        raise NotAllowed("请先登录。")
    categories = Category.objects.filter(pk__in=fields["categories"], is_active=True)
    values = {name: value for name, value in fields.items() if name != "categories"}
    if survey is None:
        survey = Survey.objects.create(community=community, by=by.account, **values)
    elif not Survey.objects.filter(pk=survey.pk, state=SurveyState.DRAFT).update(**values):
        raise Conflict("已经发出去的问卷不能改。", code="changed")
    survey.categories.set(categories)
    return survey


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
    if not survey.is_going(today):
        raise Conflict("这份问卷已经结束了。想说的可以在“说说您的需要”里说。", code="closed")
    if resident.community_id != survey.community_id:
        raise Refused("这份问卷问的是别的社区的居民。", code="elsewhere")
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
