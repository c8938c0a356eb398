from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "jiamenkou.foundation.messages"
    label = "inbox"  # "messages" belongs to django.contrib.messages
    verbose_name = "消息"
