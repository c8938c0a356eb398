from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "jiamenkou.services.visits"
    label = "visits"
    verbose_name = "入户走访"

    def ready(self) -> None:
        from jiamenkou.foundation.events.bus import on
        from jiamenkou.foundation.events.contributions import contribute
        from jiamenkou.foundation.events.kinds import ResidentDied, ResidentErased
        from jiamenkou.foundation.files.keepers import keep
        from jiamenkou.services.visits.access import KEEPER, may_have
        from jiamenkou.services.visits.contribution import room
        from jiamenkou.services.visits.leaving import drop_plans, forget

        contribute(room())
        keep(KEEPER, may_have)
        on(ResidentErased)(forget)
        on(ResidentDied)(drop_plans)
