"""Notices and sign-in codes over SMS."""

from __future__ import annotations

import structlog

from jiamenkou.foundation.access.limits import TooMany, spend
from jiamenkou.foundation.access.phones import mobile
from jiamenkou.foundation.access.reveal import PHONE_FIELD
from jiamenkou.foundation.messages.channels import Errand, Outcome
from jiamenkou.foundation.messages.models import Delivery, DeliveryState, Message
from jiamenkou.foundation.messages.notices import notice
from jiamenkou.foundation.messages.sms.provider import SmsConfig, send_sms
from jiamenkou.foundation.people.models import Phone
from jiamenkou.foundation.vault.crypto import CannotOpen
from jiamenkou.foundation.vault.service import open_field

log = structlog.get_logger("jiamenkou.sms")


class SmsChannel:
    """Opens the number for the moment of sending; it is stored nowhere."""

    def __init__(self, config: SmsConfig, per_day: int) -> None:
        self.config, self.per_day = config, per_day

    def prepare(self, delivery: Delivery) -> Errand:
        """A delivery that cannot go out fails with words that the desk's call list shows."""
        message = delivery.message
        template = self.config.templates.get(notice(message.notice).sms, "")
        if not template:
            return _failing("这类短信还没有报备模板")
        phone = phone_of(message)
        if phone is None:
            return _failing("没有手机号")
        try:
            spend("sms", "all", self.per_day)
        except TooMany:
            return lambda: Outcome(DeliveryState.FAILED, problem="今天的短信额度用完了", again=True)
        variables = {name: str(value) for name, value in message.variables.items()}
        reference = str(delivery.pk)
        return lambda: send_sms(self.config, phone, template, variables, reference)

    def settled(self, delivery: Delivery, outcome: Outcome) -> None:
        """Nothing was set aside for it."""


class SmsCodeSender:
    """Sign-in codes. What the provider refuses is logged; the page says the same for every number."""

    on_screen = False
    calls = False

    def __init__(self, config: SmsConfig) -> None:
        self.config = config

    def deliver(self, phone: str, code: str, spoken: bool) -> None:
        outcome = send_sms(self.config, phone, self.config.code_template, {"code": code}, "code")
        if outcome.state != DeliveryState.SENT:
            log.error("a code was not sent", state=outcome.state, problem=outcome.problem)


def phone_of(message: Message) -> str | None:
    """Eleven digits of the addressee's first mobile number."""
    if message.organisation is not None:
        return mobile(message.organisation.phone)
    if message.resident is None:
        return None
    for phone in Phone.objects.filter(resident=message.resident, is_mobile=True).order_by("-is_main", "id"):
        try:
            return mobile(open_field(message.resident.uid, PHONE_FIELD, bytes(phone.sealed)))
        except CannotOpen:
            continue
    return None


def _failing(problem: str) -> Errand:
    return lambda: Outcome(DeliveryState.FAILED, problem=problem)
