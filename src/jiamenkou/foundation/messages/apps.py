import os

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "jiamenkou.foundation.messages"
    label = "inbox"  # "messages" belongs to django.contrib.messages
    verbose_name = "消息"

    def ready(self) -> None:
        from django.conf import settings

        from jiamenkou.foundation.messages.sms.plugging import use
        from jiamenkou.foundation.messages.sms.provider import SmsConfig

        if config := SmsConfig.of(os.environ):
            use(config, settings.SMS_PER_DAY)
