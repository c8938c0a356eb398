"""The form of one post that was read from a chat text: filled in, unsure where the text does not say it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiamenkou.engines.vacancytext import Post, deadline_date
from jiamenkou.services.jobs.forms.vacancy import StaffVacancyForm
from jiamenkou.services.jobs.states import VacancyKind

IGNORE, KEEP = "ignore", "keep"
_PHONE_ROOM = 30


class PasteForm(StaffVacancyForm):
    """A vacancy with what was not understood, each to be decided: left out, or written into the description."""

    again = forms.BooleanField(label=_("确实是另一个岗位，照样登记"), required=False)

    def __init__(self, *args: Any, post: Post, **options: Any) -> None:
        super().__init__(*args, **options)
        self.left = [one.value for one in post.leftover]
        for place, words in enumerate(self.left):
            self.fields[f"left{place}"] = forms.ChoiceField(
                label=f"“{words}”",
                choices=[(IGNORE, _("忽略")), (KEEP, _("写进说明"))],
                required=False,
                widget=forms.RadioSelect,
            )

    @property
    def left_fields(self) -> list[forms.BoundField]:
        return [self[f"left{place}"] for place in range(len(self.left))]

    @property
    def undecided(self) -> int:
        """How many of the things not understood nobody has decided yet."""
        return sum(not bound.value() for bound in self.left_fields)

    def values(self) -> dict[str, Any]:
        values = super().values()
        kept = [w for place, w in enumerate(self.left) if self.cleaned_data.get(f"left{place}") == KEEP]
        values["description"] = "\n".join(part for part in [values["description"], *kept] if part)[:2000]
        return values


def initial_of(post: Post, today: date) -> dict[str, Any]:
    """What the form of a post starts with. A field the text does not fill is absent."""

    def minute(clock: str) -> int:
        hours, minutes = clock.split(":")
        return int(hours) * 60 + int(minutes)

    phones = ""
    for number in (one.value for one in post.phones):
        phones = f"{phones}、{number}" if phones and len(phones) + len(number) < _PHONE_ROOM else phones or number
    known = {
        "employer": post.employer and post.employer.value,
        "title": post.title and post.title.value,
        "headcount": post.headcount and post.headcount.value,
        "pay_min_fen": post.pay_min and post.pay_min.value,
        "pay_max_fen": post.pay_max and post.pay_max.value,
        "pay_unit": post.pay_unit and post.pay_unit.value,
        "negotiable": bool(post.negotiable),
        "hours": post.hours and post.hours.value,
        "start_minute": minute(post.start_time.value) if post.start_time and post.end_time else None,
        "end_minute": minute(post.end_time.value) if post.start_time and post.end_time else None,
        "weekdays": post.days and post.days.value,
        "rest": post.rest and post.rest.value,
        "address": post.place and post.place.value,
        "contact": post.contact and post.contact.value,
        "phone": phones,
        "requirements": [one.value for one in post.requirements],
        "benefits": [one.value for one in post.benefits],
        "closes_on": deadline_date(post.deadline.value, today) if post.deadline else None,
        "kind": post.kind.value if post.kind else VacancyKind.FULL_TIME,
        "settle": post.settlement and post.settlement.value,
        "description": "\n".join(one.value for one in post.duties),
    }
    return {name: value for name, value in known.items() if value not in (None, "", [])}


def unsure_of(post: Post, today: date) -> dict[str, str]:
    """Fields to look at twice, each with why."""
    guessed = {
        "employer": post.employer,
        "title": post.title,
        "headcount": post.headcount,
        "pay_min_fen": post.pay_min,
        "pay_unit": post.pay_unit,
        "weekdays": post.days,
        "hours": post.hours,
        "address": post.place,
        "kind": post.kind,
        "settle": post.settlement,
    }
    unsure = {name: one.reason or "按意思推断，请看一眼" for name, one in guessed.items() if one and one.inferred}
    if post.kind is None:
        unsure["kind"] = "原文没写，请选"
    if post.days is None and post.days_open:
        unsure["weekdays"] = f"只写了“{post.days_open.value}”，没说是哪几天，问到了再填"
    if post.deadline:
        day = deadline_date(post.deadline.value, today)
        told = f"按 {day.month} 月 {day.day} 日，请看一眼" if day else "看不出是哪天，请填"
        unsure["closes_on"] = f"“{post.deadline.value}”，{told}"
    if len(post.phones) > 1 and "、" not in str(initial_of(post, today).get("phone", "")):
        unsure["phone"] = f"原文有 {len(post.phones)} 个号码"
    return unsure
