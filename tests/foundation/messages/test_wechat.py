"""Subscription messages against a gateway on this machine that answers as WeChat does."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.db import IntegrityError, connection, transaction

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.scope import EVERYTHING, scope
from jiamenkou.foundation.messages import tasks
from jiamenkou.foundation.messages.choices import choose
from jiamenkou.foundation.messages.models import Acceptance, Channel, Delivery, DeliveryState, Message
from jiamenkou.foundation.messages.notices import Notice, register
from jiamenkou.foundation.messages.send import tell
from jiamenkou.foundation.messages.wechat import plugging
from jiamenkou.foundation.messages.wechat.acceptances import accept, accepted, use_one
from jiamenkou.foundation.messages.wechat.fields import Unfit, fitted
from jiamenkou.foundation.messages.wechat.gateway import Template, WeChatConfig
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.refusals import Refused
from tests.loopback import OtherSide, Request, other_side
from tests.people import Town, make_resident, make_signed_up

OPENID = "oABC-openid-of-somebody"
ARRIVED = Notice("test.arrived", "到货", "{what}到了", "请到驿站取", sms="ARRIVED", wechat="ARRIVED")
ONLY = Notice("test.only", "只走微信", "{what}", "", wechat="ARRIVED")
register(ARRIVED, ONLY)

Answer = tuple[int, dict[str, str], bytes]


class WeChat:
    """Gives tokens and takes messages; ``codes`` are the next answers to messages, 0 when there are none left."""

    def __init__(self) -> None:
        self.serial, self.codes, self.delay = 1, list[int](), 0.0
        self.dead: set[str] = set()
        self.seen: list[dict[str, Any]] = []
        self.tokens: list[dict[str, Any]] = []

    def __call__(self, request: Request) -> Answer:
        body = json.loads(request.body)
        if request.path == "/cgi-bin/stable_token":
            self.tokens.append(body)
            if body["force_refresh"]:
                self.serial += 1
            return self.says({"access_token": f"T{self.serial}", "expires_in": 7200})
        path, _, query = request.path.partition("?")
        assert path == "/cgi-bin/message/subscribe/bizsend"
        time.sleep(self.delay)
        if query.removeprefix("access_token=") in self.dead:
            return self.says({"errcode": 40001, "errmsg": f"invalid credential, access_token is invalid {OPENID}"})
        self.seen.append(body)
        code = self.codes.pop(0) if self.codes else 0
        return self.says(
            {"errcode": code, "errmsg": f"said {OPENID}", "msgid": 77}
            if code
            else {"errcode": 0, "errmsg": "ok", "msgid": 77}
        )

    def says(self, what: dict[str, Any]) -> Answer:
        return 200, {}, json.dumps(what).encode()


@pytest.fixture
def side() -> Iterator[OtherSide]:
    with other_side() as found:
        yield found


@pytest.fixture
def wechat(side: OtherSide) -> Iterator[WeChat]:
    fake = WeChat()
    side.answer = fake
    fields = {"thing1": "title", "thing2": "body", "thing3": "community"}
    templates = {"ARRIVED": Template("TPL-1", fields)}
    plugging.use(WeChatConfig("wx1", "s3cret", templates, url=side.url, site="https://jia.example"))
    yield fake
    plugging.use(None)


@pytest.fixture
def person(town: Town) -> Resident:
    resident = make_resident(town.community, town.grids[0], name="苏映禾")
    account = make_signed_up(resident)
    SocialAccount.objects.create(provider="weixin", uid=OPENID, user=account)
    return resident


def agree(person: Resident, times: int = 1) -> None:
    for _ in range(times):
        accept(person, "ARRIVED", by=Actor(None), reason="t")


def told(person: Resident, notice: Notice = ARRIVED, what: str = "鸡蛋") -> Message:
    return tell(notice, person, href="/me/things/", what=what)


def sent_over(message: Message) -> list[tuple[str, str]]:
    rows = Delivery.objects.filter(message=message).exclude(channel=Channel.IN_APP).order_by("id")
    return list(rows.values_list("channel", "state"))


def run(message: Message) -> Delivery:
    delivery = Delivery.objects.filter(message=message, channel=Channel.WECHAT).get()
    try:
        tasks.send_delivery(delivery.pk)
    finally:
        delivery.refresh_from_db()
    return delivery


def test_a_message_leaves_as_wechat_wants_it(wechat: WeChat, person: Resident) -> None:
    agree(person)
    message = told(person)
    assert sent_over(message) == [("wechat", "queued")] and message.route == ["sms"]
    delivery = run(message)
    assert (delivery.state, delivery.provider_id) == (DeliveryState.SENT, "77")
    assert wechat.tokens == [
        {"grant_type": "client_credential", "appid": "wx1", "secret": "s3cret", "force_refresh": False}
    ]
    assert wechat.seen == [
        {
            "touser": OPENID,
            "template_id": "TPL-1",
            "page": "https://jia.example/me/things/",
            "data": {
                "thing1": {"value": "鸡蛋到了"},
                "thing2": {"value": "请到驿站取"},
                "thing3": {"value": "桂花园社区"},
            },
        }
    ]


def test_one_acceptance_is_one_message_and_the_next_goes_by_sms(wechat: WeChat, person: Resident) -> None:
    agree(person)
    run(told(person))
    assert accepted(person) == {}
    second = told(person)
    assert sent_over(second) == [("sms", "queued")]
    assert len(wechat.seen) == 1


def test_the_last_acceptance_used_in_between_falls_through(wechat: WeChat, person: Resident) -> None:
    agree(person)
    first, second = told(person), told(person)
    run(first)
    delivery = run(second)
    assert delivery.state == DeliveryState.FAILED and "用完" in delivery.problem
    assert sent_over(second) == [("wechat", "failed"), ("sms", "queued")]
    assert len(wechat.seen) == 1 and accepted(person) == {}


def test_the_token_is_kept_and_replaced_once(wechat: WeChat, person: Resident) -> None:
    agree(person, 4)
    run(told(person))
    run(told(person))
    assert len(wechat.tokens) == 1, "the second message used the token of the first"
    wechat.dead.add("T1")
    assert run(told(person)).state == DeliveryState.SENT
    assert [asked["force_refresh"] for asked in wechat.tokens] == [False, False, True]
    wechat.dead |= {"T2", "T3"}
    delivery = run(told(person))
    assert delivery.state == DeliveryState.FAILED and "40001" in delivery.problem
    assert len(wechat.seen) == 3
    assert accepted(person) == {"ARRIVED": 1}, "what did not go out is given back"


def test_a_refusal_ends_the_acceptances_and_goes_on_by_sms(wechat: WeChat, person: Resident) -> None:
    agree(person, 3)
    wechat.codes = [43101]
    message = told(person)
    delivery = run(message)
    assert delivery.state == DeliveryState.FAILED and "43101" in delivery.problem
    assert accepted(person) == {}
    assert sent_over(message) == [("wechat", "failed"), ("sms", "queued")]
    message.refresh_from_db()
    assert message.route == []


def test_bad_data_costs_no_acceptance(wechat: WeChat, person: Resident) -> None:
    agree(person)
    wechat.codes = [47003]
    assert "47003" in run(told(person)).problem
    assert accepted(person) == {"ARRIVED": 1}


def test_their_trouble_is_tried_again_and_then_given_up(wechat: WeChat, person: Resident) -> None:
    agree(person)
    wechat.codes = [-1] * 6
    message = told(person)
    for _ in range(5):
        with pytest.raises(tasks.TryLater):
            run(message)
        assert accepted(person) == {"ARRIVED": 1}
    assert run(message).state == DeliveryState.FAILED
    assert sent_over(message) == [("wechat", "failed"), ("sms", "queued")]


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{}"])
def test_an_answer_that_says_nothing_is_unknown_and_not_sent_twice(
    wechat: WeChat, side: OtherSide, person: Resident, body: bytes
) -> None:
    agree(person, 2)
    run(told(person))
    side.says(body, status=502)
    message = told(person)
    assert run(message).state == DeliveryState.UNKNOWN
    assert sent_over(message) == [("wechat", "unknown")], "it may have arrived: no SMS on top"
    assert accepted(person) == {}


def test_nobody_there_costs_nothing(wechat: WeChat, side: OtherSide, person: Resident) -> None:
    agree(person)
    config = WeChatConfig("wx1", "s", {"ARRIVED": Template("T", {"thing1": "title"})}, url="http://127.0.0.1:9")
    plugging.use(config)
    with pytest.raises(tasks.TryLater):
        run(told(person))
    assert accepted(person) == {"ARRIVED": 1}


def test_who_never_used_wechat_is_told_by_sms(wechat: WeChat, person: Resident) -> None:
    SocialAccount.objects.all().delete()
    agree(person)
    message = told(person)
    assert "微信登录" in run(message).problem
    assert sent_over(message)[1] == ("sms", "queued")
    assert accepted(person) == {"ARRIVED": 1}


def test_what_was_read_meanwhile_costs_no_sms(wechat: WeChat, person: Resident) -> None:
    agree(person)
    wechat.codes = [43101]
    message = told(person)
    Message.objects.filter(pk=message.pk).update(read_at="2026-11-22T08:00+08:00")
    run(message)
    assert sent_over(message) == [("wechat", "failed")]


def test_a_resident_chooses_the_channel(wechat: WeChat, person: Resident) -> None:
    agree(person)
    choose(person, ARRIVED, [Channel.SMS], by=Actor(None), reason="t")
    assert sent_over(told(person)) == [("sms", "queued")]
    choose(person, ARRIVED, [], by=Actor(None), reason="t")
    assert sent_over(told(person)) == []
    choose(person, ARRIVED, [Channel.WECHAT], by=Actor(None), reason="t")
    assert (told(person)).route == []
    choose(person, ARRIVED, [Channel.WECHAT, Channel.SMS], by=Actor(None), reason="t")
    assert (told(person)).route == ["sms"]


def test_acceptances_are_bounded(person: Resident) -> None:
    agree(person, 25)
    assert accepted(person) == {"ARRIVED": 20}
    with pytest.raises(Refused):
        accept(person, "NOTHING", by=Actor(None), reason="t")
    for left in (-1, 21):
        with pytest.raises(IntegrityError), transaction.atomic():
            Acceptance.objects.update(left=left)


def test_no_openid_and_no_token_in_rows_logs_and_jobs(
    wechat: WeChat, person: Resident, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    agree(person, 4)
    wechat.codes = [0, 43101]
    run(told(person))
    run(told(person))
    agree(person)
    run(told(person, what="\n"))
    rows = list(Delivery.objects.order_by("id").values()) + list(Message.objects.order_by("id").values())
    with connection.cursor() as cursor:
        cursor.execute("select args::text from procrastinate_jobs")
        rows += cursor.fetchall()
        cursor.execute(
            "select coalesce(before::text, '') || coalesce(after::text, '') from audit_auditentry where \"table\" like 'inbox%'"
        )
        rows += cursor.fetchall()
    text = str(rows) + "\n".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records)
    for secret in (OPENID, "s3cret", "access_token"):
        assert secret not in text


@pytest.mark.parametrize(
    ("field", "value", "want"),
    [
        ("thing1", "一" * 20, "一" * 20),
        ("thing1", "一" * 21, "一" * 19 + "…"),
        ("thing12", " 鸡蛋\n到了\u202e ", "鸡蛋 到了"),
        ("name1", "欧阳" * 6, "欧阳" * 5),
        ("phrase2", "已到货", "已到货"),
        ("number3", "12.50", "12.50"),
        ("amount1", "¥12.5", "¥12.5"),
        ("date2", "2026年11月30日", "2026年11月30日"),
        ("date2", "2026年11月30日 09:30", "2026年11月30日 09:30"),
        ("time1", "9:30", "9:30"),
        ("character_string4", "A-204", "A-204"),
        ("letter1", "abc", "abc"),
    ],
)
def test_what_fits(field: str, value: str, want: str) -> None:
    assert fitted(field, value) == want


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("thing1", ""),
        ("thing1", " \n "),
        ("phrase1", "六个字太长了"),
        ("phrase1", "ok"),
        ("number1", "十二"),
        ("number1", "1" * 33),
        ("amount1", "12345678901"),
        ("date1", "明天"),
        ("time1", "上午"),
        ("character_string1", "取货码"),
        ("letter1", "abc1"),
        ("phone_number1", "13800001234"),
        ("mystery1", "x"),
    ],
)
def test_what_does_not_fit_says_the_field_and_not_the_value(field: str, value: str) -> None:
    with pytest.raises(Unfit) as refused:
        fitted(field, value)
    assert refused.value.field == field
    assert not value.strip() or value not in str(refused.value)


def test_configuration_is_whole_or_absent() -> None:
    assert WeChatConfig.of({}) is None
    templates = json.dumps({"A": {"id": "T", "fields": {"thing1": "title"}}})
    with pytest.raises(ValueError, match="WEIXIN_ID"):
        WeChatConfig.of({"JIAMENKOU_WECHAT_TEMPLATES": templates})
    base = {"JIAMENKOU_WEIXIN_ID": "wx", "JIAMENKOU_WEIXIN_SECRET": "s"}
    for bad in ("[]", "nonsense", '{"A": 1}', '{"A": {"id": "T"}}'):
        with pytest.raises(ValueError, match="JSON"):
            WeChatConfig.of(base | {"JIAMENKOU_WECHAT_TEMPLATES": bad})
    with pytest.raises(ValueError, match="KIND"):
        WeChatConfig.of(base | {"JIAMENKOU_WECHAT_TEMPLATES": templates, "JIAMENKOU_WECHAT_KIND": "x"})
    config = WeChatConfig.of(base | {"JIAMENKOU_WECHAT_TEMPLATES": templates})
    assert config is not None and config.templates["A"].fields == {"thing1": "title"}


# ---- two messages at once
def at_once(count: int, act: Callable[[], bool]) -> list[bool]:
    done: list[bool] = []
    start = threading.Barrier(count)

    def one() -> None:
        try:
            with scope(EVERYTHING, actor="test", reason="test"):
                start.wait()
                done.append(act())
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done


@pytest.mark.django_db(transaction=True)
def test_two_messages_never_share_the_last_acceptance() -> None:
    from tests.people import make_town

    with scope(EVERYTHING, actor="test", reason="test"):
        town = make_town()
        person = make_resident(town.community)
        Acceptance.objects.create(resident=person, template="ARRIVED", left=1)

    def careless() -> bool:
        row = Acceptance.objects.filter(resident=person).order_by("id")[0]
        if row.left < 1:
            return False
        time.sleep(0.1)
        row.left -= 1
        row.save()
        return True

    assert sum(at_once(2, careless)) == 2, "reading first and writing later sends two messages for one acceptance"
    with scope(EVERYTHING, actor="test", reason="test"):
        Acceptance.objects.update(left=3)
    assert sum(at_once(8, lambda: use_one(person.pk, "ARRIVED"))) == 3
