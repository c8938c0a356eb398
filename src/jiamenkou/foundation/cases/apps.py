from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "jiamenkou.foundation.cases"
    label = "cases"
    verbose_name = "办件"

    def ready(self) -> None:
        from jiamenkou.foundation.cases import notices
        from jiamenkou.foundation.cases.access import keeps
        from jiamenkou.foundation.cases.leaving import forget, merged
        from jiamenkou.foundation.events.bus import on
        from jiamenkou.foundation.events.kinds import ResidentErased, ResidentsMerged
        from jiamenkou.foundation.files.keepers import keep

        notices.register_all()
        keep("cases", keeps)
        on(ResidentErased)(forget)
        on(ResidentsMerged)(merged)
