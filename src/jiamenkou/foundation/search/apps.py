from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "jiamenkou.foundation.search"
    label = "search"
    verbose_name = "搜索"

    def ready(self) -> None:
        from jiamenkou.foundation.events.bus import on
        from jiamenkou.foundation.people.events import ResidentChanged, ResidentsChanged
        from jiamenkou.foundation.search.residents import on_resident_changed, on_residents_changed

        on(ResidentChanged)(on_resident_changed)
        on(ResidentsChanged)(on_residents_changed)
