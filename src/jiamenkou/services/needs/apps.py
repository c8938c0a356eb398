from django.apps import AppConfig


class NeedsConfig(AppConfig):
    name = "jiamenkou.services.needs"
    label = "needs"
    verbose_name = "网格与需求"

    def ready(self) -> None:
        from jiamenkou.foundation.events.bus import on
        from jiamenkou.foundation.events.contributions import contribute
        from jiamenkou.foundation.events.kinds import ResidentDied, ResidentErased, VisitRecorded
        from jiamenkou.services.needs import listening
        from jiamenkou.services.needs.contribution import room

        contribute(room())
        on(VisitRecorded)(listening.from_visit)
        on(ResidentDied)(listening.died)
        on(ResidentErased)(listening.forget)
