"""Notices over WeChat: an acceptance is set aside, the openid is read for the moment of sending."""

from __future__ import annotations

import structlog
from django.conf import settings

from jiamenkou.foundation.messages.channels import Errand, Outcome
from jiamenkou.foundation.messages.models import Delivery, DeliveryState, Message
from jiamenkou.foundation.messages.notices import find_notice
from jiamenkou.foundation.messages.wechat.acceptances import give_back, none_left, openid_of, use_one
from jiamenkou.foundation.messages.wechat.fields import Unfit, data_of
from jiamenkou.foundation.messages.wechat.gateway import Gateway

log = structlog.get_logger("jiamenkou.wechat")


class WeChatChannel:
    """Without a gateway it shows on the screen of the demo, and uses up acceptances all the same."""

    def __init__(self, gateway: Gateway | None = None) -> None:
        self.gateway = gateway

    def prepare(self, delivery: Delivery) -> Errand:
        """What cannot go out fails with words, and the message goes on over its next channel."""
        message, gateway = delivery.message, self.gateway
        ours = _template_of(message)
        if gateway is None:
            if not settings.DEMO:
                return _failing("没有接通微信")
            return self._with_acceptance(message, ours, _local(delivery.pk))
        template = gateway.config.templates.get(ours)
        if template is None:
            return _failing("这类微信提醒还没有模板")
        openid = openid_of(message)
        if not openid:
            return _failing("没有用微信登录过")
        try:
            data = data_of(template.fields, words_of(message))
        except Unfit as unfit:
            log.error("a notice does not fit its template", notice=message.notice, field=unfit.field)
            return _failing(f"内容放不进微信模板：{unfit}")
        href = message.href
        return self._with_acceptance(message, ours, lambda: gateway.send(openid, template, data, href))

    def settled(self, delivery: Delivery, outcome: Outcome) -> None:
        """In the transaction that writes the outcome down."""
        resident, ours = delivery.message.resident_id, _template_of(delivery.message)
        if resident is None or outcome.nothing_taken:
            return
        if outcome.refused:
            none_left(resident, ours)
        elif outcome.unused:
            give_back(resident, ours)

    def _with_acceptance(self, message: Message, ours: str, errand: Errand) -> Errand:
        if message.resident_id is None or not use_one(message.resident_id, ours):
            return _failing("没有同意微信提醒，或者已经用完")
        return errand


def words_of(message: Message) -> dict[str, str]:
    """What the fields of a template may be filled with: the variables of the notice, and the text on the screen."""
    place = message.community.name if message.community is not None else ""
    told = {"title": message.title, "body": message.body or message.title, "community": place}
    return told | {name: str(value) for name, value in message.variables.items()}


def _template_of(message: Message) -> str:
    known = find_notice(message.notice)
    return known.wechat if known is not None else ""


def _local(pk: int) -> Errand:
    return lambda: Outcome(DeliveryState.DELIVERED, f"local-{pk}")


def _failing(problem: str) -> Errand:
    return lambda: Outcome(DeliveryState.FAILED, problem=problem, nothing_taken=True)
