"""Surveys: categories to tick and a sentence. One answer a person; for people without a phone a worker fills it in."""

from __future__ import annotations

import secrets
from datetime import date

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from jiamenkou.foundation.audit.triggers import audited
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.places.models import Place
from jiamenkou.services.needs.models.need import Category
from jiamenkou.services.needs.states import FiledBy, SurveyState


def new_code() -> str:
    return secrets.token_urlsafe(6).replace("_", "a").replace("-", "b")


class Survey(models.Model):
    title = models.CharField("标题", max_length=40)
    words = models.CharField("说明", max_length=200, blank=True)
    question = models.CharField("想问的一句话", max_length=60, blank=True)
    community = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="社区")
    categories = models.ManyToManyField(Category, related_name="+", verbose_name="可以勾的")
    state = models.CharField("状态", max_length=6, choices=SurveyState, default=SurveyState.DRAFT)
    closes_on = models.DateField("截止")
    code = models.CharField("二维码", max_length=16, unique=True, default=new_code)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="谁办的")
    created_at = models.DateTimeField("建立时间", default=timezone.now)

    class Meta:
        verbose_name = "问卷"
        verbose_name_plural = "问卷"
        triggers = [audited()]

    def __str__(self) -> str:
        return self.title

    def is_going(self, on: date) -> bool:
        return self.state == SurveyState.OPEN and self.closes_on >= on


class SurveyAnswer(models.Model):
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="answers", verbose_name="问卷")
    resident = models.ForeignKey(Resident, models.CASCADE, related_name="+", verbose_name="居民")
    community = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="社区")
    grid = models.ForeignKey(Place, models.RESTRICT, related_name="+", null=True, blank=True, verbose_name="网格")
    ticked = ArrayField(models.BigIntegerField(), default=list, blank=True, verbose_name="勾了什么")
    words = models.CharField("说了什么", max_length=300, blank=True)
    filed_by = models.CharField("谁填的", max_length=6, choices=FiledBy)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="登记账号"
    )
    at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = "问卷回答"
        verbose_name_plural = "问卷回答"
        triggers = [audited()]
        constraints = [
            models.UniqueConstraint(
                name="one_answer_a_person",
                fields=["survey", "resident"],
                violation_error_message="这位居民已经填过了。",
            ),
        ]
