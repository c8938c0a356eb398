from django.apps import AppConfig


class StationsConfig(AppConfig):
    name = "jiamenkou.services.stations"
    label = "stations"
    verbose_name = "邻里驿站"
