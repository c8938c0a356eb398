from django.apps import AppConfig


class WalkthroughConfig(AppConfig):
    name = "jiamenkou.services.walkthrough"
    label = "walkthrough"
    verbose_name = "走流程"

    def ready(self) -> None:
        from jiamenkou.foundation.events.bus import on
        from jiamenkou.foundation.events.contributions import contribute
        from jiamenkou.foundation.events.kinds import CaseHandled, CaseMoved, ResidentErased
        from jiamenkou.foundation.files.keepers import keep
        from jiamenkou.services.walkthrough.access import keeps
        from jiamenkou.services.walkthrough.contribution import room
        from jiamenkou.services.walkthrough.erasing import forget
        from jiamenkou.services.walkthrough.following import ask_finder, follow_case

        contribute(room())
        keep("walkthrough", keeps)
        on(CaseMoved)(follow_case)
        on(CaseHandled)(ask_finder)
        on(ResidentErased)(forget)
