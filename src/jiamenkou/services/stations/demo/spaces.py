"""Rooms to book, and idle corners at every step."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.bookings.people import party_of
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.places.models import Place
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.stations.actions import corners, culture
from jiamenkou.services.stations.actions import stations as acts
from jiamenkou.services.stations.demo.inventing import REASON


def make_rooms(community: Place, people: list[Resident], by: Actor, now: datetime) -> None:
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


def make_corners(community: Place, people: list[Resident], by: Actor, now: datetime) -> None:
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
