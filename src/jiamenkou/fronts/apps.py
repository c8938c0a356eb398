from django.apps import AppConfig


class FrontsConfig(AppConfig):
    name = "jiamenkou.fronts"
    label = "fronts"
    verbose_name = "门面"

    def ready(self) -> None:
        from jiamenkou.foundation.events.contributions import contribute
        from jiamenkou.fronts.cases.contribution import room as cases
        from jiamenkou.fronts.desk.campaigns.contribution import room as campaigns

        contribute(campaigns())
        contribute(cases())
