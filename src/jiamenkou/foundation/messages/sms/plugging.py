"""Connecting the provider at start-up, where one is configured."""

from __future__ import annotations

from jiamenkou.foundation.access import sender
from jiamenkou.foundation.messages.channels import plug
from jiamenkou.foundation.messages.models import Channel
from jiamenkou.foundation.messages.sms.channel import SmsChannel, SmsCodeSender
from jiamenkou.foundation.messages.sms.provider import SmsConfig

_used: list[SmsConfig] = []


def use(config: SmsConfig, per_day: int) -> None:
    """Notices and, with a template for them, sign-in codes go through this provider from now on."""
    _used[:] = [config]
    plug(Channel.SMS, SmsChannel(config, per_day))
    if config.code_template:
        sender.register(SmsCodeSender(config))


def stop_using() -> None:
    """Back to the screen."""
    _used.clear()
    plug(Channel.SMS, None)
    sender.unregister()


def config_in_use() -> SmsConfig | None:
    return _used[0] if _used else None
