"""Feeds: mapped, de-duplicated, changed, expired; a dead one is on 今天."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from tests.loopback import OtherSide, other_side
from tests.people import Town, make_employer, make_resident, make_staff
from tests.services.jobs.make import make_intention, make_vacancy

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.asking import told
from jiamenkou.foundation.messages.models import Message
from jiamenkou.services.jobs.actions.renewals import ask_stale
from jiamenkou.services.jobs.due import DUE
from jiamenkou.services.jobs.feeds.pulling import due_feeds, pull
from jiamenkou.services.jobs.models import Feed, FeedItem, Vacancy
from jiamenkou.services.jobs.search import find_vacancies

MAPPING = {
    "reference": "id",
    "title": "job.name",
    "employer": "company",
    "pay": "salary",
    "headcount": "people",
    "closes_on": "until",
}


def row(number: int, **changes: Any) -> dict[str, Any]:
    until = (timezone.localdate() + timedelta(days=20)).strftime("%Y/%m/%d")
    known = {
        "id": number,
        "job": {"name": f"护理员{number}"},
        "company": "颐安居",
        "salary": "4200-4600元/月",
        "people": 2,
    }
    return known | {"until": until} | changes


def said(*rows: dict[str, Any]) -> str:
    return json.dumps({"data": {"list": rows}}, ensure_ascii=False)


@pytest.fixture
def side() -> Iterator[OtherSide]:
    with other_side() as found:
        yield found


@pytest.fixture
def feed(side: OtherSide, town: Town) -> Feed:
    return Feed.objects.create(
        name="人社岗位",
        url=side.url,
        format="json",
        records="data.list",
        mapping=MAPPING,
        community=town.community,
        owner=town.community,
    )


def run(feed: Feed) -> dict[str, int]:
    return {name: count for name, count in pull(feed.pk, timezone.now()).items() if count}


def test_records_become_open_vacancies_once(feed: Feed, side: OtherSide, town: Town) -> None:
    side.says(said(row(1), row(2)))
    assert run(feed) == {"records": 2, "created": 2}
    vacancy = Vacancy.objects.get(title="护理员1")
    assert (vacancy.state, vacancy.source, vacancy.headcount) == ("open", "feed", 2)
    assert (vacancy.pay_min_fen, vacancy.pay_max_fen, vacancy.pay_unit) == (420000, 460000, "month")
    assert vacancy.community == town.community
    assert find_vacancies("护理员1", town.community.pk, limit=5) == [vacancy]
    assert run(feed) == {"records": 2, "unchanged": 2}
    feed.refresh_from_db()
    assert feed.last_counts["unchanged"] == 2
    assert feed.last_problem == ""


def test_what_changed_is_changed_and_what_is_gone_expires_and_comes_back(feed: Feed, side: OtherSide) -> None:
    side.says(said(row(1), row(2)))
    run(feed)
    side.says(said(row(1, salary="5000元/月")))
    assert run(feed) == {"records": 1, "changed": 1, "expired": 1}
    assert Vacancy.objects.get(title="护理员1").pay_min_fen == 500000
    assert Vacancy.objects.get(title="护理员2").state == "expired"
    side.says(said(row(1, salary="5000元/月"), row(2)))
    assert run(feed) == {"records": 2, "unchanged": 2}
    assert Vacancy.objects.get(title="护理员2").state == "open"


def test_the_same_post_is_not_made_again(feed: Feed, side: OtherSide, town: Town) -> None:
    ours = make_vacancy(title="护理员1", employer=make_employer("颐安居"), community=town.community, source="form")
    side.says(said(row(1), row(9, job={"name": "护理员1"})))
    assert run(feed) == {"records": 2, "duplicate": 2}
    assert list(Vacancy.objects.order_by("id")) == [ours]
    side.says(said(row(5)))
    run(feed)
    ours.refresh_from_db()
    assert ours.state == "open"  # staff wrote it: a feed does not end it


def test_what_staff_took_down_stays_down(feed: Feed, side: OtherSide) -> None:
    side.says(said(row(1)))
    run(feed)
    Vacancy.objects.update(state="taken_down")
    side.says(said(row(1, salary="9000元/月")))
    run(feed)
    assert Vacancy.objects.get().state == "taken_down"


def test_bad_records_are_counted_and_do_no_harm(feed: Feed, side: OtherSide) -> None:
    side.says(said(row(1), row(2, company=""), row(3, people=-4)))
    assert run(feed) == {"records": 3, "created": 1, "bad": 2}
    side.says(said(row(1, people="很多")))
    assert run(feed) == {"records": 1, "bad": 1}
    assert Vacancy.objects.get().state == "open"


@pytest.mark.parametrize(
    "body", ["", "<html>", "[]", '{"data": 1}', '{"data":{"list":[]}}', '{"data":{"list":[1]}}', "[" * 5000]
)
def test_an_answer_that_is_no_feed_changes_nothing(feed: Feed, side: OtherSide, body: str) -> None:
    side.says(said(row(1)))
    run(feed)
    side.says(body)
    assert run(feed) == {}
    feed.refresh_from_db()
    assert feed.last_problem
    assert Vacancy.objects.get().state == "open"


def test_csv_in_gbk_without_references(feed: Feed, side: OtherSide) -> None:
    feed.format, feed.mapping = "csv", {"title": "岗位", "employer": "公司", "pay": "工资"}
    feed.save()
    side.says("岗位,公司,工资\r\n保洁员,洁美佳,面议\r\n保洁员,洁美佳,面议\r\n保安,安达,22元/小时\r\n".encode("gbk"))
    assert run(feed) == {"records": 2, "created": 2}
    assert Vacancy.objects.get(title="保洁员").negotiable
    assert Vacancy.objects.get(title="保安").pay_unit == "hour"
    assert run(feed) == {"records": 2, "unchanged": 2}
    assert FeedItem.objects.count() == 2


def test_a_feed_is_pulled_at_its_hours_and_a_dead_one_is_shown(feed: Feed, side: OtherSide, town: Town) -> None:
    now = timezone.now()
    worker = Actor(make_staff(Role.WORKER, town.community))
    assert due_feeds(now) == [feed.pk]
    side.says("", status=500)
    run(feed)
    assert due_feeds(now) == []
    assert due_feeds(now + timedelta(hours=7)) == [feed.pk]
    assert not [entry for entry in told(worker, DUE) if entry.icon == "database"]
    Feed.objects.update(created_at=now - timedelta(days=3))
    (entry,) = [entry for entry in told(worker, DUE) if entry.icon == "database"]
    assert entry.why == "对方回答 500。"
    other = Actor(make_staff(Role.WORKER, town.neighbour))
    assert not [entry for entry in told(other, DUE) if entry.icon == "database"]


def test_desk_tries_a_mapping_and_stores_nothing(client_for: Any, side: OtherSide, town: Town) -> None:
    desk = client_for(make_staff(Role.WORKER, town.community))
    side.says(said(row(1), row(2, people="很多")))
    form = {"name": "人社", "url": side.url, "format": "json", "records": "data.list", "every_hours": "6"}
    form |= {f"map_{ours}": theirs for ours, theirs in MAPPING.items()}
    page = desk.post("/desk/jobs/feeds/new/", form | {"do": "try"}).content.decode()
    assert "取到 2 条，能用 1 条" in page
    assert "招几人：" in page
    assert not Feed.objects.exists()
    assert desk.post("/desk/jobs/feeds/new/", form | {"do": "save"}).status_code == 302
    feed = Feed.objects.get()
    assert (feed.mapping, feed.community) == (MAPPING, town.community)
    assert "人社" in desk.get("/desk/jobs/feeds/").content.decode()
    assert desk.post(f"/desk/jobs/feeds/{feed.pk}/act/", {"do": "stop"}).status_code == 302
    assert due_feeds(timezone.now()) == []
    stranger = client_for(make_staff(Role.WORKER, town.neighbour))
    assert stranger.get(f"/desk/jobs/feeds/{feed.pk}/").status_code == 404


def test_people_are_asked_once_whether_they_still_look(town: Town) -> None:
    person = make_resident(town.community)
    make_intention(person, renew_on=timezone.localdate())
    make_intention(make_resident(town.community))
    now, by = timezone.localtime(), Actor(None)
    assert ask_stale(now, by=by, reason="t") == 1
    assert Message.objects.get().answers == ["还在找", "不找了"]
    assert ask_stale(now, by=by, reason="t") == 0
