"""What this room does when bookings speak: offers, reminders, days that are closed; and when a person dies or is erased."""

from __future__ import annotations

from django.utils import timezone

from jiamenkou.foundation.access import scope as scopes
from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.bookings.ending import cancel
from jiamenkou.foundation.bookings.events import BookingEnded, BookingSoon, OfferLapsed, PlaceOffered
from jiamenkou.foundation.bookings.models import Booking, Waiting
from jiamenkou.foundation.events.kinds import ResidentDied, ResidentErased
from jiamenkou.services.stations import words
from jiamenkou.services.stations.actions.lending import let_go
from jiamenkou.services.stations.models import Ballot, Couplet, Gift, Help, Loan, Repair, Work
from jiamenkou.services.stations.notices import CALLED_OFF, OFFERED, SOON, say
from jiamenkou.services.stations.states import CoupletState

OURS = "stations."


def offered(event: PlaceOffered) -> None:
    if not event.about.startswith(OURS):
        return
    with scopes.scope(scopes.EVERYTHING):
        waiting = Waiting.objects.select_related("resource", "session").get(pk=event.waiting)
    kind, pk = ("booking", event.booking) if event.booking is not None else ("waiting", waiting.pk)
    say(
        OFFERED,
        waiting.resident_id,
        href=f"/stations/mine/{kind}/{pk}/",
        what=waiting.session.title if waiting.session else waiting.resource.name,
        until=words.dated_when(waiting.offered_until) if waiting.offered_until else "",
    )


def lapsed(event: OfferLapsed) -> None:
    if event.about.startswith(f"{OURS}kind:"):
        with scopes.scope(scopes.EVERYTHING):
            let_go(event.waiting, timezone.now())


def soon(event: BookingSoon) -> None:
    if event.about.startswith(OURS):
        _about(SOON, event.booking)


def ended(event: BookingEnded) -> None:
    if event.about.startswith(OURS):
        _about(CALLED_OFF, event.booking, event.why)


def _about(notice: object, pk: int, why: str = "") -> None:
    with scopes.scope(scopes.EVERYTHING):
        booking = Booking.objects.select_related("resource", "session").get(pk=pk)
    say(
        notice,  # type: ignore[arg-type]
        booking.resident_id,
        href=f"/stations/mine/booking/{pk}/",
        what=booking.session.title if booking.session else booking.resource.name,
        when=words.dated_when(booking.start),
        station="师傅上门，在家等着就行" if booking.at_home else booking.resource.name,
        why=why,
    )


def died(event: ResidentDied) -> None:
    """Bookings and waiting end; what is lent stays out, so that the host asks the family."""
    by, now = Actor(None), timezone.now()
    for booking in Booking.objects.filter(resident=event.resident).live().order_by("id"):
        cancel(booking, by=by, now=now, reason="本人去世", why="本人去世", staff=True)
    Waiting.objects.filter(resident=event.resident).active().update(state="left")
    Couplet.objects.filter(resident=event.resident, state=CoupletState.ASKED).update(state=CoupletState.CANCELLED)


def forget(event: ResidentErased) -> None:
    """Counts stay; who it was goes."""
    nobody = {"called": "已注销", "building": ""}
    for model in (Loan, Repair, Couplet, Gift, Booking, Waiting):
        model._default_manager.filter(resident=event.resident).update(**nobody)
    Booking.objects.filter(resident=event.resident).update(address="", note="")
    Repair.objects.filter(resident=event.resident).update(fault="")
    Couplet.objects.filter(resident=event.resident).update(wish="")
    Help.objects.filter(giver=event.resident).update(giver_called="已注销")
    Help.objects.filter(helped=event.resident).update(helped_called="")
    Work.objects.filter(author=event.resident, withdrawn_at__isnull=True, consented_at__isnull=False).update(
        withdrawn_at=timezone.now()
    )
    Work.objects.filter(author=event.resident).update(author_called="已注销")
    Ballot.objects.filter(resident=event.resident).delete()
