from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "jiamenkou.services.jobs"
    label = "jobs"
    verbose_name = "就业服务站"

    def ready(self) -> None:
        from jiamenkou.foundation.events.bus import on
        from jiamenkou.foundation.events.contributions import contribute
        from jiamenkou.foundation.events.kinds import ResidentDied, ResidentErased
        from jiamenkou.services.jobs.contribution import room
        from jiamenkou.services.jobs.erasing import forget
        from jiamenkou.services.jobs.leaving import close_for

        contribute(room())
        on(ResidentErased)(forget)
        on(ResidentDied)(close_for)
