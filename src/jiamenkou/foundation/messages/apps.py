import os

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "jiamenkou.foundation.messages"
    label = "inbox"  # "messages" belongs to django.contrib.messages
    verbose_name = "消息"

    def ready(self) -> None:
        from django.conf import settings

        from jiamenkou.foundation.messages.campaigns.notice import NEWS
        from jiamenkou.foundation.messages.notices import register
        from jiamenkou.foundation.messages.sms.plugging import use
        from jiamenkou.foundation.messages.sms.provider import SmsConfig
        from jiamenkou.foundation.messages.wechat import plugging as wechat
        from jiamenkou.foundation.messages.wechat.gateway import WeChatConfig

        register(NEWS)
        if config := SmsConfig.of(os.environ):
            use(config, settings.SMS_PER_DAY)
        wechat.use(WeChatConfig.of(os.environ))
