from django.apps import AppConfig


class GroupbuyConfig(AppConfig):
    name = "jiamenkou.services.groupbuy"
    label = "groupbuy"
    verbose_name = "社区优选"

    def ready(self) -> None:
        from jiamenkou.foundation.events.contributions import contribute
        from jiamenkou.services.groupbuy.contribution import room

        contribute(room())
