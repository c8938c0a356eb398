from django.apps import AppConfig


class FrontsConfig(AppConfig):
    name = "jiamenkou.fronts"
    label = "fronts"
    verbose_name = "门面"
