"""A room for writing and painting, and a point with tools and hot water."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.bookings.people import party_of
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.places.models import Place
from jiamenkou.services.stations.actions import culture
from jiamenkou.services.stations.actions import stations as acts
from jiamenkou.services.stations.demo.inventing import OPEN_LATE, REASON, host_account
from jiamenkou.services.stations.models import Work
from jiamenkou.services.stations.states import ActivityKind, CoupletState


def make_culture(community: Place, people: list[Resident], by: Actor, now: datetime, today: date) -> None:
    gate = (community.latitude or 0.0, community.longitude or 0.0)
    room = acts.open_station(
        community,
        {"name": "桂香书画室", "kind": "culture", "where": "桂花园 9 栋架空层", "about": "学写字、看画，过年写春联。", "latitude": gate[0] - 0.0012, "longitude": gate[1] + 0.0011, "dial": "0519-88000109", "repairs": False, "couplets": True},
        [(range(1, 7), 840, 1080), (range(1, 7), 540, 690)],
        by=by,
        reason=REASON,
    )  # fmt: skip
    painter = host_account("host-4", "韩墨生", people[60])
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


def make_service_point(community: Place, by: Actor) -> None:
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
