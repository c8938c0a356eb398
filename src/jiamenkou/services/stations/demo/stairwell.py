"""A stairwell station: things to borrow, repairs, haircuts, Saturday's painting, hours of help."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.bookings import sessions
from jiamenkou.foundation.bookings.models import Booking, Hold, Session
from jiamenkou.foundation.bookings.people import party_of, stranger
from jiamenkou.foundation.people.models import Account, Resident
from jiamenkou.foundation.places.models import Place
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.stations.actions import culture, hours, lending, mending
from jiamenkou.services.stations.actions import stations as acts
from jiamenkou.services.stations.demo.inventing import DAILY, REASON, WEEKDAYS, host_account
from jiamenkou.services.stations.models import Activity, Service, Station
from jiamenkou.services.stations.states import ActivityKind, GiftState, RepairState

# name, icon, measure, how many, condition, by need, days
THINGS = [
    ("轮椅", "accessibility", "辆", 2, "刹车新换过", True, 30),
    ("拐杖", "accessibility", "根", 3, "橡胶头完好", True, 30),
    ("冲击钻", "drill", "把", 1, "带三支钻头", False, 3),
    ("血压计", "heart-pulse", "台", 1, "换了电池", False, 7),
    ("折叠梯", "package", "架", 1, "两米", False, 3),
]


def make_stairwell(
    community: Place, number: int, estate: str, people: list[Resident], by: Actor, now: datetime, today: date
) -> Station:
    gate = (community.latitude or 0.0, community.longitude or 0.0)
    station = acts.open_station(
        community,
        {
            "name": "3 栋楼道驿站" if number == 1 else f"{estate}邻里驿站",
            "kind": "stairwell" if number == 1 else "hall",
            "where": f"{estate} 3 栋一楼" if number == 1 else f"{estate}北门旁",
            "about": "借东西、修雨伞、理发、画画，邻居自己管。",
            "latitude": gate[0] + 0.0009,
            "longitude": gate[1] + 0.0006,
            "dial": f"0519-8800010{number}",
            "mended_before": (1000, 120, 46)[number - 1],
            "mended_since": 2017,
            "mended_what": "把雨伞",
        },
        DAILY,
        by=by,
        reason=REASON,
    )
    host = host_account(f"host-{number}", ("何月华", "钱秋燕", "施长林")[number - 1], people[0])
    acts.add_host(
        station, host, ("何阿姨", "钱阿姨", "施叔叔")[number - 1], skill="管借还、修伞", by=by, reason=REASON
    )
    me = Actor(host)
    for name, icon, measure, many, condition, by_need, days in THINGS[: 5 if number == 1 else 3]:
        kind = acts.kind_named(
            station, name, icon=icon, measure=measure, loan_days=days, by_need=by_need, by=by, reason=REASON
        )
        for order in range(many):
            acts.add_thing(kind, f"{name}-{order + 1}", condition=condition, by=by, now=now, reason=REASON)
    for facility, note in (
        ("shelf", "三百多本"),
        ("tools", "螺丝刀、扳手、胶带"),
        ("water", "8:30–20:00"),
        ("printing", "学生每天 10 页"),
    ):
        acts.set_facility(station, facility, note=note, working=True, by=by, reason=REASON)
    service = acts.add_service(
        station,
        "约理发",
        "王师傅",
        WEEKDAYS,
        minutes=30,
        price_fen=500,
        at_home=True,
        home_age=80,
        by=by,
        reason=REASON,
    )
    _haircuts(service, people[1:6], me, now, today)
    _loans(station, people[6:14], me, now)
    _repairs(station, people[14:26], me, now)
    _painting(station, people[26:40], me, now, today)
    _helping(station, host, people, me, now, today)
    return station


def _haircuts(service: Service, people: list[Resident], by: Actor, now: datetime, today: date) -> None:
    for person, hour, minute in zip(people, (9, 10, 14, 15, 16), (0, 30, 0, 30, 0), strict=False):
        on = today + timedelta(days=1)
        while on.weekday() > 4:
            on += timedelta(days=1)
        start = timezone.make_aware(datetime.combine(on, time(hour, minute)))
        try:
            culture.book_service(service, person, party_of(person), start, by=by, now=now, reason=REASON, staff=True)
        except Refused:
            continue


def _loans(station: Station, people: list[Resident], by: Actor, now: datetime) -> None:
    """Some came back, one is out until Thursday or so, one is late, one goes to a neighbour without a phone."""
    things = {thing.number: thing for thing in station.things.select_related("kind__line", "station").order_by("id")}
    plan = [
        ("轮椅-1", 40, 32, True),
        ("拐杖-1", 30, 12, True),
        ("冲击钻-1", 1, 0, False),
        ("轮椅-2", 20, 9, True),
        ("拐杖-2", 33, 0, False),
    ]
    for person, (number, lent, back, returned) in zip(people, plan, strict=False):
        if number not in things:
            continue
        lending.lend(things[number], party_of(person), by=by, now=now - timedelta(days=lent), reason=REASON)
        if returned:
            lending.take_back(things[number], by=by, now=now - timedelta(days=back), reason=REASON)
    if "血压计-1" in things:
        lending.lend(
            things["血压计-1"],
            stranger("老郑", "5 栋", station.community_id),
            by=by,
            now=now - timedelta(days=2),
            reason=REASON,
        )
        lending.take_back(things["血压计-1"], by=by, now=now - timedelta(days=1), reason=REASON)


def _repairs(station: Station, people: list[Resident], by: Actor, now: datetime) -> None:
    what = ["雨伞", "雨伞", "台灯", "拉杆箱", "雨伞", "剪刀", "雨伞", "电水壶", "雨伞"]
    ends = [
        RepairState.COLLECTED,
        RepairState.COLLECTED,
        RepairState.READY,
        RepairState.MENDING,
        RepairState.COLLECTED,
        RepairState.READY,
        RepairState.REGISTERED,
        RepairState.BEYOND,
        RepairState.COLLECTED,
    ]
    for order, (person, thing, end) in enumerate(zip(people, what, ends, strict=False)):
        began = now - timedelta(days=24 - 2 * order)
        one = mending.register(
            station,
            party_of(person),
            thing,
            fault="断了一根骨" if thing == "雨伞" else "不好用了",
            brought=True,
            by=by,
            now=began,
            reason=REASON,
        )
        if end == RepairState.REGISTERED:
            continue
        one = mending.move(one, RepairState.MENDING, by=by, now=began + timedelta(hours=20), reason=REASON)
        if end == RepairState.MENDING:
            continue
        if end == RepairState.BEYOND:
            mending.move(
                one, RepairState.BEYOND, done="底座漏电，不敢再用", by=by, now=began + timedelta(days=2), reason=REASON
            )
            continue
        one = mending.move(
            one,
            RepairState.READY,
            done="换了一根伞骨" if thing == "雨伞" else "换了零件",
            by=by,
            now=began + timedelta(days=2),
            reason=REASON,
        )
        if end == RepairState.COLLECTED:
            mending.fetch(station, one.code, by=by, now=began + timedelta(days=3), reason=REASON)
    pile = mending.collect(station, "雨伞", 12, "物业清出来的", by=by, now=now - timedelta(days=20), reason=REASON)
    pile = mending.move_gift(pile, GiftState.MENDED, by=by, now=now - timedelta(days=12), reason=REASON)
    for person in people[9:12]:
        mending.move_gift(
            pile,
            GiftState.GIVEN,
            party=party_of(person),
            need="家里没有伞",
            by=by,
            now=now - timedelta(days=5),
            reason=REASON,
        )
        pile.refresh_from_db()


def _painting(station: Station, people: list[Resident], by: Actor, now: datetime, today: date) -> None:
    """Last Saturday's with who came, this Saturday's with places left."""
    saturday = today + timedelta(days=(5 - today.weekday()) % 7 or 7)
    start = timezone.make_aware(datetime.combine(saturday, time(14)))
    coming = culture.open_activity(
        station, ActivityKind.PAINTING, "周六画画角", start, 120, 10, who="小叶", for_whom="带孩子来",
        about="颜料和纸都有，穿耐脏的衣服。", by=by, now=now, reason=REASON,
    )  # fmt: skip
    for person in people[:6]:
        sessions.sign_up(coming.session, party_of(person), by=by, now=now, reason=REASON)
    _past_session(
        station,
        "周六画画角",
        ActivityKind.PAINTING,
        start - timedelta(days=7 if saturday > today else 14),
        people[:8],
        now,
    )


def _past_session(
    station: Station, title: str, kind: ActivityKind, start: datetime, people: list[Resident], now: datetime
) -> None:
    """What was: nothing can be opened in the past, so it is written down as it went."""
    while start + timedelta(hours=2) > now:
        start -= timedelta(days=7)
    during = DateTimeTZRange(start, start + timedelta(hours=2))
    session = Session.objects.create(
        resource=station.calendar, community_id=station.community_id, title=title, during=during, places=10, taken=len(people), state="done",
    )  # fmt: skip
    Hold.objects.create(resource=station.calendar, seat=1, during=during, session=session)
    Activity.objects.create(station=station, session=session, kind=kind, who="小叶", for_whom="带孩子来")
    for person in people:
        party = party_of(person)
        Booking.objects.create(
            resource=station.calendar, session=session, resident=person, called=party.called, building=party.building,
            community_id=party.community, grid_id=party.grid, during=during, state="came", signed_in_at=start,
            created_at=start - timedelta(days=3),
        )  # fmt: skip


def _helping(station: Station, host: Account, people: list[Resident], by: Actor, now: datetime, today: date) -> None:
    giver = people[0]
    for order, (what, long) in enumerate((("帮拎米上楼", 30), ("陪去医院", 180), ("教用手机挂号", 45))):
        one = hours.claim(
            giver,
            people[50 + order],
            what,
            long,
            today - timedelta(days=3 + order * 4),
            by=by,
            now=now,
            reason=REASON,
            station=station,
        )
        hours.confirm(one, by=by, now=now, reason=REASON)
