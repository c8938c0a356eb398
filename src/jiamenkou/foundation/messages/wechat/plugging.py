"""Connecting WeChat at start-up. Without templates the channel shows on the screen of a demo and nowhere else."""

from __future__ import annotations

from jiamenkou.foundation.messages.channels import plug
from jiamenkou.foundation.messages.models import Channel
from jiamenkou.foundation.messages.wechat.channel import WeChatChannel
from jiamenkou.foundation.messages.wechat.gateway import Gateway, WeChatConfig


def use(config: WeChatConfig | None) -> None:
    """Subscription messages go through this app from now on; None: nothing leaves the machine."""
    plug(Channel.WECHAT, WeChatChannel(Gateway(config) if config is not None else None))
