"""What the demo's residents find under 我的事; a volunteer with hours; an elder who may be visited."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.links import DEMO_PREFIX
from jiamenkou.foundation.bookings.people import party_of
from jiamenkou.foundation.people.actions.register import change_resident
from jiamenkou.foundation.people.models import Account, Resident
from jiamenkou.services.stations.actions import hours, lending, mending
from jiamenkou.services.stations.demo.inventing import REASON, demo_person, host_account
from jiamenkou.services.stations.models import Station
from jiamenkou.services.stations.need import need_of
from jiamenkou.services.stations.states import RepairState


def make_matters(station: Station, by: Actor, now: datetime, today: date) -> None:
    """What the demo's residents find under 我的事; a volunteer with hours; an elder who may be visited."""
    elder = demo_person("elder-1")
    resident = demo_person("resident-1")
    host = Actor(Account.objects.get(username=f"{DEMO_PREFIX}host-1"))
    if resident is not None:
        one = mending.register(
            station,
            party_of(resident),
            "雨伞",
            fault="伞骨断了",
            brought=True,
            by=host,
            now=now - timedelta(days=3),
            reason=REASON,
        )
        mending.move(one, RepairState.READY, done="换了一根伞骨", by=host, now=now - timedelta(hours=3), reason=REASON)
    if elder is not None:
        # cannot come by themselves: the barber visits, the wheelchair is theirs first
        change_resident(elder, {"categories": [*elder.categories, "半失能"]}, by=by, reason=REASON)
        kind = station.kinds.select_related("line", "station").get(name="轮椅")
        lending.reserve(kind, party_of(elder), need_of(elder, today), by=host, now=now, reason=REASON)
    volunteer = (
        Resident.objects.present()
        .filter(community_id=station.community_id, employment="retired")
        .select_related("community")
        .order_by("-id")
        .first()
    )
    if volunteer is not None:
        host_account("volunteer-1", volunteer.name, volunteer)
        for order, (what, long) in enumerate((("修雨伞", 120), ("楼道值班", 180), ("送伞上门", 60))):
            one_ = hours.claim(
                volunteer,
                None,
                what,
                long,
                today - timedelta(days=2 + 7 * order),
                by=host,
                now=now,
                reason=REASON,
                station=station,
            )
            hours.confirm(one_, by=by, now=now, reason=REASON)
        if resident is not None:
            hours.claim(
                volunteer,
                resident,
                "帮修纱窗",
                40,
                today - timedelta(days=1),
                by=host,
                now=now,
                reason=REASON,
                station=station,
            )
