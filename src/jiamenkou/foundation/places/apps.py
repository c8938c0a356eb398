from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "jiamenkou.foundation.places"
    label = "places"
    verbose_name = "地方"
