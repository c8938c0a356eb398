"""Believable stations in the three communities, through the room's own actions; people are invented."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from jiamenkou.foundation.access.accounts import make_account
from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.links import DEMO_PREFIX
from jiamenkou.foundation.bookings import sessions
from jiamenkou.foundation.bookings.models import Booking, Hold, Session
from jiamenkou.foundation.bookings.people import party_of, stranger
from jiamenkou.foundation.people.actions.register import change_resident
from jiamenkou.foundation.people.models import Account, AccountResident, Resident
from jiamenkou.foundation.places.demo import COMMUNITIES
from jiamenkou.foundation.places.models import Place
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.stations.actions import corners, culture, hours, lending, mending
from jiamenkou.services.stations.actions import stations as acts
from jiamenkou.services.stations.models import Activity, Service, Station, Work
from jiamenkou.services.stations.need import need_of
from jiamenkou.services.stations.states import ActivityKind, CoupletState, GiftState, RepairState

REASON = "示范数据"
DAILY = [(range(7), 540, 1080)]
WEEKDAYS = [(range(5), 540, 720), (range(5), 840, 1080)]
OPEN_LATE = [(range(7), 510, 1260)]
# name, icon, measure, how many, condition, by need, days
THINGS = [
    ("轮椅", "accessibility", "辆", 2, "刹车新换过", True, 30),
    ("拐杖", "accessibility", "根", 3, "橡胶头完好", True, 30),
    ("冲击钻", "drill", "把", 1, "带三支钻头", False, 3),
    ("血压计", "heart-pulse", "台", 1, "换了电池", False, 7),
    ("折叠梯", "package", "架", 1, "两米", False, 3),
]
_account = count(1)


def load(say: Any) -> None:
    """Three communities; the first has the most going on. A few seconds."""
    now, today = timezone.now(), timezone.localdate()
    for number, plan in enumerate(COMMUNITIES, 1):
        community = Place.objects.get(code=plan.code)
        by = Actor(Account.objects.get(username=f"{DEMO_PREFIX}worker-{number}"))
        people = list(
            Resident.objects.present()
            .filter(community=community)
            .select_related("community", "household")
            .order_by("id")[60:160]
        )
        say(f"{plan.name}的楼道驿站")
        station = _stairwell(community, number, plan.estate, people, by, now, today)
        if number == 1:
            say("书画室、服务点、空间和角落")
            _culture(community, people, by, now, today)
            _service_point(community, by)
            _corners(community, people, by, now)
            _mine(station, by, now, today)
        _rooms(community, people, by, now)


def _host(username: str, name: str, person: Resident | None) -> Account:
    account = make_account(DEMO_PREFIX + username, phone=f"1390001{next(_account):04d}", display_name=name)
    if person is not None:
        AccountResident.objects.create(account=account, resident=person, relation="self", proof="示范")
    return account


def _stairwell(
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
    host = _host(f"host-{number}", ("何月华", "钱秋燕", "施长林")[number - 1], people[0])
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


def _mine(station: Station, by: Actor, now: datetime, today: date) -> None:
    """What the demo's residents find under 我的事; a volunteer with hours; an elder who may be visited."""
    elder = _person("elder-1")
    resident = _person("resident-1")
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
        _host("volunteer-1", volunteer.name, volunteer)
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


def _person(username: str) -> Resident | None:
    link = (
        AccountResident.objects.filter(account__username=f"{DEMO_PREFIX}{username}")
        .select_related("resident__community", "resident__household")
        .order_by("id")
        .first()
    )
    return link.resident if link else None


def _culture(community: Place, people: list[Resident], by: Actor, now: datetime, today: date) -> None:
    gate = (community.latitude or 0.0, community.longitude or 0.0)
    room = acts.open_station(
        community,
        {"name": "桂香书画室", "kind": "culture", "where": "桂花园 9 栋架空层", "about": "学写字、看画，过年写春联。", "latitude": gate[0] - 0.0012, "longitude": gate[1] + 0.0011, "dial": "0519-88000109", "repairs": False, "couplets": True},
        [(range(1, 7), 840, 1080), (range(1, 7), 540, 690)],
        by=by,
        reason=REASON,
    )  # fmt: skip
    painter = _host("host-4", "韩墨生", people[60])
    acts.add_host(room, painter, "韩老师", skill="书法、国画", by=by, reason=REASON)
    me = Actor(painter)
    day = today + timedelta(days=1)
    while day.weekday() != 2:
        day += timedelta(days=1)
    culture.open_activity(
        room,
        ActivityKind.CLASS,
        "周三书法课",
        timezone.make_aware(datetime.combine(day, time(14))),
        90,
        12,
        who="韩老师",
        for_whom="零基础也行",
        by=me,
        now=now,
        reason=REASON,
    )
    for order, person in enumerate(people[61:66]):
        one = culture.ask_couplet(
            room,
            party_of(person),
            wish=("家和人旺", "平安喜乐", "春满人间", "书香门第", "福到家")[order],
            count=1 + order % 2,
            by=me,
            now=now - timedelta(days=6 - order),
            reason=REASON,
        )
        if order < 3:
            one = culture.move_couplet(
                one, CoupletState.WRITTEN, text=one.wish, by=me, now=now - timedelta(days=1), reason=REASON
            )
        if order == 0:
            culture.move_couplet(one, CoupletState.COLLECTED, by=me, now=now, reason=REASON)
    for order, title in enumerate(("秋荷", "巷口", "早春")):
        work = culture.propose_work(
            room, people[60 + order].pk, ("韩老师", "小周", "方阿姨")[order], title, by=me, now=now, reason=REASON
        )
        if order < 2:
            culture.consent(work, by=me, now=now, reason=REASON)
    work = Work.objects.filter(station=room, title="巷口").select_related("station").get()
    culture.give_work(work, party_of(people[67]), by=me, now=now, reason=REASON)


def _service_point(community: Place, by: Actor) -> None:
    gate = (community.latitude or 0.0, community.longitude or 0.0)
    point = acts.open_station(
        community,
        {"name": "北门便民服务点", "kind": "service", "where": "桂花园北门岗亭旁", "about": "工具箱、热水、打印、歇脚。", "latitude": gate[0], "longitude": gate[1], "repairs": False},
        OPEN_LATE,
        by=by,
        reason=REASON,
    )  # fmt: skip
    for kind, note in (
        ("tools", "借了当天还"),
        ("water", "全天"),
        ("printing", "学生每天 10 页"),
        ("rest", "有空调"),
        ("charging", ""),
    ):
        acts.set_facility(point, kind, note=note, working=True, by=by, reason=REASON)
    acts.set_facility(point, "medicine", note="在补", working=False, by=by, reason=REASON)


def _rooms(community: Place, people: list[Resident], by: Actor, now: datetime) -> None:
    for name, where, seats, capacity, things in (
        ("议事厅", "党群服务中心二楼", 30, 1, ["投影", "话筒", "白板"]),
        ("共享活动室", "党群服务中心一楼", 40, 2, ["乒乓球桌", "音响", "折叠椅"]),
    ):
        room = acts.open_room(
            community,
            {
                "name": name,
                "where": where,
                "layout": "桌椅能挪，用完归位",
                "equipment": things,
                "people": seats,
                "shared": capacity > 1,
            },
            [(range(7), 540, 1260)],
            capacity=capacity,
            by=by,
            reason=REASON,
        )
        for order, person in enumerate(people[70:73]):
            start = timezone.make_aware(
                datetime.combine(timezone.localdate(now) + timedelta(days=1 + order), time(14 + order))
            )
            try:
                culture.book_room(
                    room, party_of(person), start, 120, note="舞蹈队排练", by=by, now=now, reason=REASON, staff=True
                )
            except Refused:
                continue


def _corners(community: Place, people: list[Resident], by: Actor, now: datetime) -> None:
    """One at every step."""
    first = corners.register(
        community,
        "7 栋架空层东头",
        "桂花园 7 栋一楼",
        about="堆着旧自行车",
        by=by,
        now=now - timedelta(days=40),
        reason=REASON,
    )
    ideas = [
        corners.propose(first, people[74], "变成孩子写作业的角落", by=by, now=now - timedelta(days=9), reason=REASON),
        corners.propose(first, people[75], "放两张棋桌", by=by, now=now - timedelta(days=8), reason=REASON),
    ]
    for order, person in enumerate(people[76:89]):
        corners.vote(ideas[order % 3 // 2], person, by=by, now=now - timedelta(days=5), reason=REASON)
    second = corners.register(
        community,
        "12 栋地下车棚",
        "桂花园 12 栋",
        about="空了两年",
        by=by,
        now=now - timedelta(days=60),
        reason=REASON,
    )
    idea = corners.propose(second, people[90], "种花换花的小棚", by=by, now=now - timedelta(days=50), reason=REASON)
    for person in people[91:97]:
        corners.vote(idea, person, by=by, now=now - timedelta(days=45), reason=REASON)
    second.refresh_from_db()
    corners.close_vote(second, by=by, now=now - timedelta(days=30), reason=REASON)
    corners.register(
        community, "西门旧岗亭", "桂花园西门", about="锁着，没人用", by=by, now=now - timedelta(days=3), reason=REASON
    )
