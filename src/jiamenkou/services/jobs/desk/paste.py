"""Pasting a chat text: read by the parser, looked over by a person, kept as drafts or published, post by post.

The page keeps nothing between its requests: the text, and what was typed for the other posts, travel with the form.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from jiamenkou.engines.vacancytext import LONGEST, Flag, Message, Post, fraud_words, parse
from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.people.actions.organisations import register_organisation
from jiamenkou.foundation.people.models import Organisation
from jiamenkou.foundation.refusals import Conflict, Refused
from jiamenkou.services.jobs import words
from jiamenkou.services.jobs.access import vacancies_for
from jiamenkou.services.jobs.actions import vacancies as acts
from jiamenkou.services.jobs.desk.vacancies import show_refusal, trail
from jiamenkou.services.jobs.forms.vacancy import employer_named
from jiamenkou.services.jobs.models import Vacancy
from jiamenkou.services.jobs.paste.form import PasteForm, initial_of, unsure_of
from jiamenkou.services.jobs.paste.marking import SLOTS, marked, numbers, spans_of
from jiamenkou.services.jobs.permissions import JobsPermission
from jiamenkou.services.jobs.showing import showing_for
from jiamenkou.services.jobs.states import Source, VacancyState

_DONE = re.compile(r"\d{1,3}:\d{1,18}")
# what is folded away unless something in it is wrong
MORE = frozenset({"certificates", "education", "settle", "landmark", "answer_days", "description", "shown"})
_SHOW = re.compile(r"show-(\d{1,3})")


@require_http_methods(["GET", "POST"])
@for_staff(JobsPermission.EDIT)
def paste(request: Visit) -> HttpResponse:
    text = request.POST.get("text", "").replace("\0", "").replace("\r\n", "\n")
    do = request.POST.get("do", "")
    if not text.strip() or do == "again":
        empty = request.method == "POST" and do == "read"
        return _empty(request, text, "先把招工信息贴进来。" if empty else "")
    message = parse(text)
    if not message.posts:
        return _empty(request, text, "没看出招工信息。请贴完整的一段，或者直接登记岗位。")
    return Desk(request, message).answer(do)


def _empty(request: Visit, text: str, wrong: str) -> HttpResponse:
    context = {"text": text, "wrong": wrong, "longest": LONGEST, "trail": trail("粘贴招工")}
    return render(request, "jobs/desk/paste_empty.html", context, status=422 if wrong else 200)


class Desk:
    """One request about a text that holds posts."""

    def __init__(self, request: Visit, message: Message) -> None:
        self.request, self.message = request, message
        self.now: datetime = timezone.localtime()
        self.flags: list[Flag] = fraud_words(message.text)
        self.done = self._done()
        asked = request.POST.get("post", "0")
        self.at = min(int(asked) if asked.isdigit() and len(asked) < 4 else 0, len(message.posts) - 1)

    def _done(self) -> dict[int, int]:
        """Posts dealt with so far: index → vacancy, from the form; it only says what is left to do."""
        pairs = [pair.split(":") for pair in _DONE.findall(self.request.POST.get("done", ""))]
        return {int(at): int(pk) for at, pk in pairs if int(at) < len(self.message.posts)}

    def answer(self, do: str) -> HttpResponse:
        turn = _SHOW.fullmatch(do)
        if turn:
            self.at = min(int(turn[1]), len(self.message.posts) - 1)
        if do not in {"draft", "publish"}:
            return self._page(self._form(self.at))
        form = self._form(self.at, bound=True)
        if form.is_valid():
            try:
                vacancy = self._save(form, publish=do == "publish")
            except Refused as refused:
                show_refusal(form, refused)
            else:
                return self._next(vacancy)
        return self._page(form, status=422)

    def _form(self, at: int, bound: bool = False) -> PasteForm:
        """The form of a post: as it was typed so far, else as it was read."""
        post, prefix = self.message.posts[at], f"p{at}"
        typed = bound or any(name.startswith(f"{prefix}-") for name in self.request.POST)
        data = self.request.POST if typed else None
        initial = initial_of(post, self.now.date())
        return PasteForm(data, prefix=prefix, post=post, showing=showing_for(self.request.actor), initial=initial)

    def _save(self, form: PasteForm, *, publish: bool) -> Vacancy:
        by, post = self.request.actor, self.message.posts[self.at]
        name = form.cleaned_data["employer"]
        if publish and form.undecided:
            raise Refused(f"还有 {form.undecided} 处没看懂，请逐个选“忽略”或“写进说明”。", code="undecided")
        known = employer_named(name)
        if known and not form.cleaned_data["again"] and self._same(known, form.cleaned_data["title"]):
            raise Conflict("这家单位已经有同名的岗位在招。确实是另一个，请勾选后再存。", field="title", code="exists")
        employer = known or register_organisation(
            name, kind="employer", community=by.home, contact=form.cleaned_data["contact"], by=by, reason="粘贴招工"
        )
        fields = form.values() | {
            "owner": form.showing.owner,
            "source_text": self.message.text[:LONGEST],
            "struck": [{"words": one.value.words, "law": one.value.law} for one in post.discriminatory],
            "warnings": [f"{flag.word}：{flag.why}" for flag in self.flags],
        }
        vacancy = acts.draft_vacancy(employer, fields, by=by, source=Source.PASTE, reason="粘贴招工")
        if publish:
            acts.publish_vacancy(vacancy, by=by, now=self.now, reason="发布粘贴的岗位")
        return vacancy

    def _same(self, employer: Organisation, title: str) -> Vacancy | None:
        rows = vacancies_for(self.request.actor).open().filter(employer=employer, title=title)
        return rows.order_by("-id").first()

    def _next(self, vacancy: Vacancy) -> HttpResponse:
        """On to the next post that is left; after the last one to the vacancy, or the list of them."""
        self.done[self.at] = vacancy.pk
        did = "已发布" if vacancy.state == VacancyState.OPEN else "已存草稿"
        messages.success(self.request, f"{did}：{vacancy.title}")
        left = [at for at in range(len(self.message.posts)) if at not in self.done]
        if not left:
            one = len(self.message.posts) == 1
            return HttpResponseRedirect(f"/desk/jobs/vacancies/{vacancy.pk}/" if one else "/desk/jobs/vacancies/")
        self.at = next((at for at in left if at > self.at), left[0])
        return self._page(self._form(self.at))

    def _page(self, form: PasteForm, status: int = 200) -> HttpResponse:
        post = self.message.posts[self.at]
        known = employer_named(form["employer"].value() or "")
        unsure = dict.fromkeys(form.fields, "")
        if not form.is_bound:
            unsure |= unsure_of(post, self.now.date())
        context = {
            "text": self.message.text,
            "runs": marked(self.message, self.at, self.flags),
            "unread": self.message.unread,
            "struck": [one.value for one in post.discriminatory],
            "struck_words": _told(post),
            "flags": self.flags,
            "form": form,
            "slots": _slots(post),
            "unsure": unsure,
            "occupations_id": form.add_prefix("occupations"),
            "more_open": bool(MORE & form.errors.keys()),
            "known": known,
            "same": self._same(known, form["title"].value() or "") if known else None,
            "tabs": [self._tab(at) for at in range(len(self.message.posts))],
            "at": self.at,
            "number": self.at + 1,
            "total": len(self.message.posts),
            "filled": len(spans_of(post)),
            "done": ",".join(f"{at}:{pk}" for at, pk in self.done.items()),
            "carried": self._carried(),
            "preview": _preview(form),
            "place": self.request.actor.home,
            "trail": trail("粘贴招工"),
        }
        return render(self.request, "jobs/desk/paste.html", context, status=status)

    def _tab(self, at: int) -> dict[str, Any]:
        post = self.message.posts[at]
        missing = [label for label, found in [("单位", post.employer), ("地点", post.place)] if found is None]
        missing += ["工资"] if post.pay_min is None and post.negotiable is None else []
        title = post.title.value if post.title else "没写岗位名"
        return {"at": at, "number": at + 1, "title": title, "missing": "、".join(missing), "done": at in self.done}

    def _carried(self) -> list[tuple[str, str]]:
        """What was typed for the other posts."""
        own = f"p{self.at}-"
        return [
            (name, value)
            for name, values in self.request.POST.lists()
            if re.match(r"p\d{1,3}-", name) and not name.startswith(own)
            for value in values
        ]


def _slots(post: Post) -> dict[str, dict[str, Any]]:
    number = numbers(spans_of(post))
    return {slot: {"label": label, "tone": tone, "number": number.get(slot)} for slot, (label, tone) in SLOTS.items()}


def _told(post: Post) -> str:
    """A paragraph for whoever posted it: what was taken out and why."""
    taken = "；".join(f"“{one.value.words}”（{one.value.law}）" for one in post.discriminatory)
    return f"您好，您发的招工信息里有几处不能作为招聘条件，我们登记时去掉了：{taken}。其他内容照原样发布。"


def _preview(form: PasteForm) -> dict[str, str]:
    """What the poster will say, from the form as it stands."""
    low, high = form["pay_min_fen"].value(), form["pay_max_fen"].value()
    unit = dict(form.fields["pay_unit"].choices).get(form["pay_unit"].value() or "", "")  # type: ignore[attr-defined]
    figure = f"{low}–{high}" if low and high and low != high else f"{low or high or '面议'}"
    return {
        "title": form["title"].value() or "岗位名称",
        "pay": figure,
        "unit": f"元/{unit}" if unit and figure != "面议" else "",
        "hours": " – ".join(str(form[name].value()) for name in ("start_minute", "end_minute") if form[name].value())
        or form["hours"].value()
        or words.UNKNOWN_HOURS,
        "address": form["address"].value() or "地点问单位",
        "benefits": form["benefits"].value() or "",
        "requirements": form["requirements"].value() or "",
    }
