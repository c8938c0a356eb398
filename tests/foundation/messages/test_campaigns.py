"""Campaigns: who is in them, what they cost, that nobody is told twice, and who was not reached."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import Http404
from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.messages.campaigns import budget
from jiamenkou.foundation.messages.campaigns.access import campaigns_for, public_campaign
from jiamenkou.foundation.messages.campaigns.actions import (
    confirm_campaign,
    count_opening,
    record_call,
    resume_campaign,
    stop_campaign,
    write_campaign,
)
from jiamenkou.foundation.messages.campaigns.audience import audience
from jiamenkou.foundation.messages.campaigns.counting import not_reached, preview, reach, recipients, to_call
from jiamenkou.foundation.messages.campaigns.notice import NEWS
from jiamenkou.foundation.messages.campaigns.sending import NO_MONEY, send_all
from jiamenkou.foundation.messages.choices import choose
from jiamenkou.foundation.messages.inbox import mark_read, record_answer
from jiamenkou.foundation.messages.models import (
    CallResult,
    Campaign,
    Channel,
    Delivery,
    DeliveryState,
    Message,
    Recipient,
    SmsMonth,
    Way,
)
from jiamenkou.foundation.messages.wechat.acceptances import accept, accepted
from jiamenkou.foundation.people.actions.archive import give_consent, withdraw_consent
from jiamenkou.foundation.people.actions.register import Numbers, set_numbers
from jiamenkou.foundation.people.models import ConsentPurpose, Resident
from jiamenkou.foundation.places.models import Place
from jiamenkou.foundation.refusals import Conflict, NotAllowed, Refused
from tests.people import Town, make_resident, make_signed_up, make_staff

NOBODY = Actor(None)
TODAY = date(2026, 11, 28)
serial = iter(range(10_000_000, 99_999_999))


def reachable(
    place: Place, grid: Place | None = None, *, consent: bool = True, mobile: bool = True, **fields: Any
) -> Resident:
    person = make_resident(place, grid, **fields)
    if mobile:
        set_numbers(person, Numbers(phones=(f"138{next(serial)}",)), by=NOBODY, reason="t")
    if consent:
        give_consent(person, ConsentPurpose.MESSAGES, how="t", by=NOBODY, reason="t")
    return person


def worker(town: Town) -> Actor:
    return Actor(make_staff(Role.WORKER, town.community))


def draft(town: Town, by: Actor, **fields: Any) -> Campaign:
    given = {"title": "灵活就业社保补贴", "body": "12 月 20 日前来社区登记。", "ways": [Way.SMS, Way.WECHAT]} | fields
    return write_campaign(town.community, by=by, reason="t", **given)


def confirm(campaign: Campaign, by: Actor, typed: str = "") -> Campaign:
    return confirm_campaign(campaign, typed=typed, by=by, now=timezone.now(), today=timezone.localdate(), reason="t")


def over(person: Resident) -> list[str]:
    rows = Delivery.objects.filter(message__resident=person).order_by("id")
    return list(rows.values_list("channel", flat=True))


def test_who_is_in_it(town: Town) -> None:
    by, (one, two) = worker(town), town.grids
    young = reachable(town.community, one, birth_date=date(2000, 11, 28), employment="looking")
    old = reachable(town.community, two, birth_date=date(1956, 11, 29), employment="retired", categories=["高龄"])
    reachable(town.neighbour, town.neighbour_grids[0], employment="looking")
    make_resident(town.community, one, deceased_on=date(2026, 1, 1))

    def found(**who: Any) -> set[int]:
        return set(audience(by, town.community.pk, who, TODAY).values_list("pk", flat=True))

    assert found() == {young.pk, old.pk}
    assert found(grid=one.pk) == {young.pk}
    assert found(employment="looking") == {young.pk} and found(category="高龄") == {old.pk}
    assert found(age_from=26, age_to=26) == {young.pk} and found(age_from=27) == {old.pk}
    assert found(age_to=69) == {young.pk, old.pk} and found(age_from=70) == set()
    assert found(also=["wish"]) == set() and found(also=["unheard of"]) == {young.pk, old.pk}
    elsewhere = Actor(make_staff(Role.WORKER, town.neighbour))
    assert set(audience(elsewhere, town.community.pk, {}, TODAY)) == set()


def test_consent_and_choices_decide_the_channel(town: Town) -> None:
    by = worker(town)
    plain = reachable(town.community)
    silent = reachable(town.community, consent=False)
    off = reachable(town.community)
    choose(off, NEWS, [], by=NOBODY, reason="t")
    no_sms = reachable(town.community)
    choose(no_sms, NEWS, [Channel.WECHAT], by=NOBODY, reason="t")
    no_mobile = reachable(town.community, mobile=False)
    chat = reachable(town.community)
    accept(chat, NEWS.wechat, by=NOBODY, reason="t")
    campaign = draft(town, by)
    before = preview(campaign, by=by, today=timezone.localdate())
    assert (before.people, before.sms, before.wechat, before.no_consent, before.only_screen) == (6, 2, 1, 2, 4)
    assert before.cost_fen == 2 * budget.cost_of(campaign.title) and before.fits
    withdrawn = reachable(town.community)
    confirm(campaign, by)
    withdraw_consent(withdrawn, ConsentPurpose.MESSAGES, by=NOBODY, now=timezone.now(), reason="t")
    assert send_all(campaign.pk, batch=2) == 7
    for person in (silent, off, no_sms, no_mobile, withdrawn):
        assert over(person) == ["in_app"], person.name
    assert over(plain) == ["in_app", "sms"] and over(chat) == ["in_app", "wechat"]
    assert Message.objects.get(resident=chat).route == ["sms"]
    campaign.refresh_from_db()
    assert campaign.state == "done" and campaign.ended_at is not None


def test_many_people_want_the_number_typed(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    by = worker(town)
    for _ in range(3):
        reachable(town.community)
    monkeypatch.setattr("jiamenkou.foundation.messages.campaigns.actions.MANY", 2)
    campaign = draft(town, by)
    for typed in ("", "2", "三"):
        with pytest.raises(Refused, match="请输入人数 3"):
            confirm(campaign, by, typed)
    confirm(campaign, by, " 3 ")
    with pytest.raises(Conflict, match="正在发"):
        confirm(campaign, by, "3")


def test_what_is_refused(town: Town) -> None:
    by = worker(town)
    with pytest.raises(NotAllowed):
        write_campaign(town.neighbour, by=by, reason="t", title="x", body="x")
    with pytest.raises(Refused, match="没有人符合"):
        confirm(draft(town, by), by)
    for body in ("找王阿姨 138 0000 1234", "身份证 320402198504038515", "１３８００００１２３４"):
        with pytest.raises(Refused, match="好像有号码"):
            draft(town, by, body=body)
    draft(town, by, body="社区电话 0519-85211234，2026 年 12 月 20 日前")


def test_the_money_is_a_limit(town: Town) -> None:
    by = worker(town)
    for _ in range(5):
        reachable(town.community)
    today, price = timezone.localdate(), budget.cost_of("灵活就业社保补贴")
    budget.set_limit(town.community.pk, 5 * price - 1, today=today, by=by, reason="t")
    campaign = draft(town, by)
    with pytest.raises(Refused, match="超过这个月剩下的额度"):
        confirm(campaign, by)
    budget.set_limit(town.community.pk, 5 * price, today=today, by=by, reason="t")
    confirm(campaign, by)
    assert budget.take(town.community.pk, today, 2 * price)  # another campaign was faster
    send_all(campaign.pk)
    assert Delivery.objects.filter(channel="sms").count() == 3
    assert Recipient.objects.filter(note=NO_MONEY).count() == 2
    assert budget.money(town.community.pk, today).left == 0
    with pytest.raises(Refused, match="已经用掉"):
        budget.set_limit(town.community.pk, price, today=today, by=by, reason="t")
    with pytest.raises(IntegrityError), transaction.atomic():
        SmsMonth.objects.update(taken_fen=10**6)
    later = (today.replace(day=28) + timedelta(days=10)).replace(day=1)
    assert budget.money(town.community.pk, later).limit == 5 * price, "the limit stays, the month begins anew"
    assert budget.money(town.community.pk, later).taken == 0


def test_stop_and_go_on(town: Town) -> None:
    by = worker(town)
    for _ in range(6):
        reachable(town.community)
    campaign = confirm(draft(town, by), by)
    stopped: list[int] = []

    def stop(told: int) -> None:
        if told == 4 and not stopped:
            stopped.append(told)
            stop_campaign(campaign, by=by, reason="写错了")

    assert send_all(campaign.pk, batch=2, between=stop) == 4
    assert Message.objects.count() == 4
    assert {one.reach for one in recipients(campaign, timezone.now()) if one.told_at is None} == {"not"}  # type: ignore[attr-defined]
    with pytest.raises(Conflict):
        stop_campaign(campaign, by=by, reason="t")
    resume_campaign(campaign, by=by, reason="t")
    assert send_all(campaign.pk, batch=2) == 2
    people = list(Message.objects.values_list("resident_id", flat=True))
    assert len(people) == len(set(people)) == 6


def test_a_person_is_in_a_campaign_once(town: Town) -> None:
    by = worker(town)
    person = reachable(town.community)
    campaign = confirm(draft(town, by), by)
    with pytest.raises(IntegrityError), transaction.atomic():
        Recipient.objects.create(campaign=campaign, resident=person)


def test_who_died_meanwhile_is_told_nothing(town: Town) -> None:
    by = worker(town)
    person = reachable(town.community)
    campaign = confirm(draft(town, by), by)
    Resident.objects.filter(pk=person.pk).update(deceased_on=TODAY)
    send_all(campaign.pk)
    assert Message.objects.count() == 0
    assert Recipient.objects.get().note == "已不在册"
    assert list(to_call(campaign, timezone.now(), timezone.localdate())) == []


def test_reach_and_the_phone_round(town: Town) -> None:
    by, now, today = worker(town), timezone.now(), timezone.localdate()
    readers, answerer, sent, failed, silent = (
        [reachable(town.community) for _ in range(2)],
        reachable(town.community),
        reachable(town.community),
        reachable(town.community),
        reachable(town.community, consent=False),
    )
    campaign = confirm(draft(town, by, answers=["知道了", "我要参加"]), by)
    send_all(campaign.pk)
    for person in readers:
        mark_read(Message.objects.get(resident=person), by=Actor(make_signed_up(person)), now=now, reason="t")
    me = Actor(make_signed_up(answerer))
    record_answer(Message.objects.get(resident=answerer), "我要参加", by=me, now=now, reason="t")
    sms = Delivery.objects.filter(channel="sms")
    sms.filter(message__resident=sent).update(state=DeliveryState.SENT, cost_fen=5)
    sms.filter(message__resident=failed).update(state=DeliveryState.FAILED, problem="空号")
    for by_code in (True, True, False):
        count_opening(campaign, today, by_code=by_code)
    no_phone = make_resident(town.community)
    Recipient.objects.create(campaign=campaign, resident=no_phone, told_at=now)
    assert no_phone.pk in {one.resident_id for one in not_reached(campaign, now)}, "on the list, for a visit"
    assert no_phone.pk not in {one.resident_id for one in to_call(campaign, now, today)}
    Recipient.objects.filter(resident=no_phone).delete()
    figures = reach(campaign, now)
    assert (figures.people, figures.told, figures.read, figures.answered) == (6, 6, 3, 1)
    assert (figures.sent, figures.reached, figures.not_reached) == (1, 4, 2)
    assert (figures.opened, figures.by_code, figures.cost_fen) == (3, 2, 5)
    assert {one.resident_id for one in not_reached(campaign, now)} == {failed.pk, silent.pk}
    late = now + timedelta(days=2)
    sms.filter(message__resident=sent).update(state=DeliveryState.UNKNOWN)
    assert sent.pk not in {one.resident_id for one in not_reached(campaign, now)}
    assert sent.pk in {one.resident_id for one in not_reached(campaign, late)}, "silence for a day is not an arrival"
    sms.filter(message__resident=sent).update(state=DeliveryState.DELIVERED)

    def call(one: Recipient, result: CallResult, **more: Any) -> None:
        given: dict[str, Any] = {"seen_calls": one.calls, "again_on": None, "note": ""} | more
        record_call(one, result, by=by, now=now, today=today, reason="电话告知", **given)

    first = to_call(campaign, now, today).first()
    assert first is not None and first.resident_id == failed.pk
    call(first, CallResult.MISSED, note="打 13800001234 也没人接")
    assert "13800001234" not in first.made_calls.get().note
    second = to_call(campaign, now, today).first()
    assert second is not None and second.resident_id == silent.pk, "who was not called yet comes first"
    with pytest.raises(Refused, match="改到哪一天"):
        call(second, CallResult.LATER)
    call(second, CallResult.LATER, again_on=today + timedelta(days=3))
    assert [one.resident_id for one in to_call(campaign, now, today)] == [failed.pk]
    assert len(to_call(campaign, now, today + timedelta(days=3))) == 2
    with pytest.raises(Conflict, match="同事刚刚打过"):
        call(first, CallResult.TOLD)
    first.refresh_from_db()
    call(first, CallResult.WRONG)
    assert list(to_call(campaign, now, today)) == []
    second.refresh_from_db()
    call(second, CallResult.TOLD)
    assert reach(campaign, now).not_reached == 1 and reach(campaign, now).by_call == 1


def test_who_sees_what(town: Town) -> None:
    by = worker(town)
    reachable(town.community)
    campaign = draft(town, by)
    officer = Actor(make_staff(Role.STREET_OFFICER, town.street))
    stranger = Actor(make_staff(Role.STREET_OFFICER, town.other_street))
    assert list(campaigns_for(officer)) == [campaign]
    assert list(campaigns_for(officer, "messages.send")) == []
    assert list(campaigns_for(stranger)) == []
    with pytest.raises(Http404):  # a draft is found by nobody
        public_campaign(campaign.code)
    confirm(campaign, by)
    assert public_campaign(campaign.code) == campaign


def test_no_number_leaves_a_trace(town: Town) -> None:
    by = worker(town)
    person = make_resident(town.community)
    set_numbers(person, Numbers(phones=("13800001234",)), by=NOBODY, reason="t")
    give_consent(person, ConsentPurpose.MESSAGES, how="t", by=NOBODY, reason="t")
    campaign = confirm(draft(town, by), by)
    send_all(campaign.pk)
    assert Delivery.objects.filter(channel="sms").count() == 1
    text = ""
    with connection.cursor() as cursor:
        for query in (
            "select args::text from procrastinate_jobs",
            "select to_jsonb(m)::text from inbox_message m",
            "select to_jsonb(d)::text from inbox_delivery d",
            "select to_jsonb(r)::text from inbox_recipient r",
            "select coalesce(after::text, '') from audit_auditentry where \"table\" like 'inbox%'",
        ):
            cursor.execute(query)
            text += str(cursor.fetchall())
    assert "send_campaign" not in text and "campaign" in text
    assert "13800001234" not in text and person.name not in text


def test_accepted_again_after_all(town: Town) -> None:
    """An acceptance used by a campaign is one less."""
    by = worker(town)
    person = reachable(town.community)
    accept(person, NEWS.wechat, by=NOBODY, reason="t")
    campaign = confirm(draft(town, by), by)
    send_all(campaign.pk)
    from jiamenkou.foundation.messages.tasks import send_delivery

    send_delivery(Delivery.objects.get(channel="wechat").pk)
    assert accepted(person) == {}
    assert Delivery.objects.get(channel="wechat").state == DeliveryState.DELIVERED
