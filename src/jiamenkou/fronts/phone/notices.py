"""通知怎么收: which notices over which channel, and one tap for one WeChat reminder."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from jiamenkou.foundation.access.guards import for_residents
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.access.where import acting_for
from jiamenkou.foundation.messages.choices import Choice, choices_of, choose
from jiamenkou.foundation.messages.models import Channel
from jiamenkou.foundation.messages.notices import find_notice
from jiamenkou.foundation.messages.wechat import acceptances
from jiamenkou.foundation.people.models import Relation, Resident
from jiamenkou.foundation.refusals import Refused
from jiamenkou.fronts.phone.going import back_to
from jiamenkou.fronts.phone.me import to_link

HERE = "/me/notices/"
OVER: dict[str, tuple[Channel, ...]] = {
    "all": (Channel.WECHAT, Channel.SMS),
    "wechat": (Channel.WECHAT,),
    "sms": (Channel.SMS,),
    "none": (),
}


@for_residents
@require_http_methods(["GET", "HEAD", "POST"])
def notices(request: Visit) -> HttpResponse:
    """POST sets one notice."""
    person = acting_for(request)
    if person is None:
        return to_link(HERE)
    if request.method == "POST":
        notice, over = find_notice(request.POST.get("notice", "")), OVER.get(request.POST.get("over", ""))
        try:
            if notice is None or over is None:
                raise Refused(_("请点下面的一个选项。"))
            choose(person, notice, over, by=request.actor, reason="本人设置通知")
        except Refused as refused:
            messages.error(request, refused.message)
        else:
            messages.success(request, _("改好了。"))
        return HttpResponseRedirect(HERE)
    choices = choices_of(person)
    return render(
        request,
        "phone/notices.html",
        {
            "person": person,
            "rows": [_row(choice) for choice in choices if choice.notice.can_be_disabled],
            "always": [choice.notice.label for choice in choices if not choice.notice.can_be_disabled],
            "reminders": _reminders(request, person),
        },
    )


def _row(choice: Choice) -> dict[str, Any]:
    beyond, over = set(choice.notice.channels[1:]), choice.over
    offered = [
        ("all", _("微信和短信")) if len(beyond) > 1 else ("", ""),
        ("wechat", _("微信")) if Channel.WECHAT in beyond else ("", ""),
        ("sms", _("短信")) if Channel.SMS in beyond else ("", ""),
        ("none", _("不用")),
    ]
    now = next((key for key, label in offered if label and set(OVER[key]) & beyond == over), "none")
    return {
        "notice": choice.notice,
        "options": [{"value": key, "label": label, "on": key == now} for key, label in offered if key],
    }


def _reminders(request: Visit, person: Resident) -> list[dict[str, Any]]:
    """What WeChat may remind of, where this account is the person's own and WeChat can reach it."""
    account = request.actor.account
    own = {link.resident_id for link in request.actor.residents if link.relation == Relation.SELF}
    if account is None or person.pk not in own or not acceptances.is_tied(account.pk):
        return []
    left = acceptances.accepted(person)
    return [
        {"template": key, "label": notice.label, "left": left.get(key, 0)}
        for key, notice in sorted(acceptances.templates().items())
    ]


@for_residents
@require_POST
def accepted(request: Visit) -> HttpResponse:
    """One tap, one reminder."""
    person = acting_for(request)
    if person is None:
        return to_link(HERE)
    template = request.POST.get("template", "")[:40]
    try:
        if template not in {one["template"] for one in _reminders(request, person)}:
            raise Refused(_("这个提醒要本人用微信登录以后才能开。"))
        left = acceptances.accept(person, template, by=request.actor, reason="本人同意微信提醒")
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("好的，下 %(left)d 条在微信里提醒您。") % {"left": left})
    return HttpResponseRedirect(back_to(request, HERE))
