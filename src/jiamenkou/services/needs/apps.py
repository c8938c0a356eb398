from django.apps import AppConfig


class NeedsConfig(AppConfig):
    name = "jiamenkou.services.needs"
    label = "needs"
    verbose_name = "网格与需求"

    def ready(self) -> None:
        from jiamenkou.foundation.events.bus import on
        from jiamenkou.foundation.events.contributions import contribute
        from jiamenkou.foundation.events.kinds import ResidentDied, ResidentErased, VisitRecorded
        from jiamenkou.foundation.files.keepers import keep
        from jiamenkou.services.needs import listening
        from jiamenkou.services.needs.access import KEEPER, may_hear
        from jiamenkou.services.needs.contribution import room

        contribute(room())
        keep(KEEPER, may_hear)
        on(VisitRecorded)(listening.from_visit)
        on(ResidentDied)(listening.died)
        on(ResidentErased)(listening.forget)
