from django.apps import AppConfig


class StationsConfig(AppConfig):
    name = "jiamenkou.services.stations"
    label = "stations"
    verbose_name = "邻里驿站"

    def ready(self) -> None:
        from jiamenkou.foundation.bookings.events import BookingEnded, BookingSoon, OfferLapsed, PlaceOffered
        from jiamenkou.foundation.events.bus import on
        from jiamenkou.foundation.events.contributions import contribute
        from jiamenkou.foundation.events.kinds import ResidentDied, ResidentErased
        from jiamenkou.foundation.files.keepers import keep
        from jiamenkou.services.stations import hearing
        from jiamenkou.services.stations.contribution import room
        from jiamenkou.services.stations.keeping import may_see

        contribute(room())
        keep("stations", may_see)
        on(PlaceOffered)(hearing.offered)
        on(OfferLapsed)(hearing.lapsed)
        on(BookingSoon)(hearing.soon)
        on(BookingEnded)(hearing.ended)
        on(ResidentDied)(hearing.died)
        on(ResidentErased)(hearing.forget)
