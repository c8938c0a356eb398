from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "jiamenkou.foundation.access"
    label = "access"
    verbose_name = "权限"
