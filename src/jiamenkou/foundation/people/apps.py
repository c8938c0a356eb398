from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "jiamenkou.foundation.people"
    label = "people"
    verbose_name = "人与家"
