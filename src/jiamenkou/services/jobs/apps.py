from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "jiamenkou.services.jobs"
    label = "jobs"
    verbose_name = "就业服务站"

    def ready(self) -> None:
        from jiamenkou.foundation.events.contributions import contribute
        from jiamenkou.services.jobs.contribution import room

        contribute(room())
