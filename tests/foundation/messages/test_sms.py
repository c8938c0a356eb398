"""SMS against a gateway on this machine that checks what the real one checks."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from jiamenkou.foundation.access import sender
from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.audit.models import ExportLog
from jiamenkou.foundation.messages import tasks
from jiamenkou.foundation.messages.calls import not_reached_for
from jiamenkou.foundation.messages.choices import channels_for, choices_of, switch_off, switch_on
from jiamenkou.foundation.messages.models import Channel, Delivery, DeliveryState, Message
from jiamenkou.foundation.messages.notices import Notice, register
from jiamenkou.foundation.messages.send import tell
from jiamenkou.foundation.messages.sms import plugging
from jiamenkou.foundation.messages.sms.provider import SmsConfig, send_sms, signed_headers, to_sign
from jiamenkou.foundation.messages.sms.receipts import costs, signature
from jiamenkou.foundation.people.actions.register import Numbers, set_numbers
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.refusals import Refused
from tests.loopback import OtherSide, Request, other_side
from tests.people import Town, make_employer, make_resident, make_staff

NUMBER = "13800001234"
NOTICE = Notice("test.told", "通知", "{name} 您好", "{what}", sms="TOLD")
NEEDED = Notice("test.needed", "约定", "约定", "", sms="TOLD", can_be_disabled=False)
register(NOTICE, NEEDED)


def ok(request: Request) -> tuple[int, dict[str, str], bytes]:
    return 200, {}, json.dumps({"Code": "OK", "Message": "OK", "BizId": "9000^0", "RequestId": "r"}).encode()


def says(code: str, status: int = 200) -> Any:
    return lambda request: (status, {}, json.dumps({"Code": code, "Message": "不行"}).encode())


@pytest.fixture
def side() -> Iterator[OtherSide]:
    with other_side() as found:
        found.answer = ok
        yield found


@pytest.fixture
def config(side: OtherSide) -> Iterator[SmsConfig]:
    config = SmsConfig(side.url, "AK", "secret", "家门口", "hook", "SMS_CODE", {"TOLD": "SMS_1"}, 5)
    plugging.use(config, 100)
    yield config
    plugging.stop_using()


@pytest.fixture
def person(town: Town) -> Resident:
    resident = make_resident(town.community, town.grids[0], name="苏映禾")
    set_numbers(resident, Numbers(phones=(NUMBER,)), by=Actor(None), reason="t")
    return resident


def told(person: Any, notice: Notice = NOTICE) -> Delivery:
    message = tell(notice, person, name="苏", what="明天面试")
    return Delivery.objects.get(message=message, channel=Channel.SMS)


def run(delivery: Delivery) -> Delivery:
    tasks.send_delivery(delivery.pk)
    delivery.refresh_from_db()
    return delivery


def checked(request: Request, secret: str) -> dict[str, str]:
    """The fields of a request whose signature is right, worked out from what arrived."""
    given = dict(part.strip().split("=", 1) for part in request.headers["authorization"].split(" ", 1)[1].split(","))
    names = given["SignedHeaders"].split(";")
    digest = hashlib.sha256(request.body).hexdigest()
    assert request.headers["x-acs-content-sha256"] == digest
    lines = [f"{name}:{request.headers[name]}" for name in names]
    canonical = "\n".join([request.method, request.path, "", *lines, "", ";".join(names), digest])
    text = "ACS3-HMAC-SHA256\n" + hashlib.sha256(canonical.encode()).hexdigest()
    assert hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest() == given["Signature"]
    assert {"host", "x-acs-action", "x-acs-date", "x-acs-signature-nonce", "x-acs-version"} <= set(names)
    return {name: values[0] for name, values in parse_qs(request.body.decode()).items()}


def test_a_notice_goes_out_signed_with_template_and_variables(
    config: SmsConfig, side: OtherSide, person: Resident
) -> None:
    delivery = run(told(person))
    assert (delivery.state, delivery.provider_id, delivery.cost_fen) == (DeliveryState.SENT, "9000^0", 5)
    (request,) = side.seen
    fields = checked(request, "secret")
    assert request.path == "/" and NUMBER not in request.path
    assert (fields["PhoneNumbers"], fields["SignName"], fields["TemplateCode"]) == (NUMBER, "家门口", "SMS_1")
    assert json.loads(fields["TemplateParam"]) == {"name": "苏", "what": "明天面试"}
    assert fields["OutId"] == str(delivery.pk)
    run(delivery)
    assert len(side.seen) == 1


def test_signature_of_a_fixed_request() -> None:
    config = SmsConfig("https://dysmsapi.aliyuncs.com/", "AK", "secret", "s", "h")
    headers = signed_headers(config, b"a=1", datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC), nonce="n")
    assert headers["x-acs-date"] == "2026-11-22T01:02:03Z"
    assert headers["host"] == "dysmsapi.aliyuncs.com"
    authorization = headers.pop("Authorization")
    signed = hmac.new(b"secret", to_sign(headers, b"a=1").encode(), hashlib.sha256).hexdigest()
    assert authorization.endswith(f"Signature={signed}")


def test_a_refusal_fails_and_one_that_passes_is_tried_again(
    config: SmsConfig, side: OtherSide, person: Resident
) -> None:
    side.answer = says("isv.MOBILE_NUMBER_ILLEGAL")
    refused = run(told(person))
    assert (refused.state, refused.cost_fen) == (DeliveryState.FAILED, 0)
    assert "isv.MOBILE_NUMBER_ILLEGAL" in refused.problem
    side.answer = says("Throttling.User")
    delivery = told(person)
    for _ in range(5):
        with pytest.raises(tasks.TryLater):
            run(delivery)
    assert run(delivery).state == DeliveryState.FAILED


def test_no_answer_is_unknown_and_nothing_is_sent_twice(
    config: SmsConfig, side: OtherSide, person: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    from jiamenkou.foundation.messages.sms import provider

    def slow(request: Request) -> Any:
        time.sleep(0.5)
        return ok(request)

    side.answer = slow
    fetch = provider.fetch
    monkeypatch.setattr(provider, "fetch", lambda *args, **more: fetch(*args, **more, seconds=0.1))
    delivery = run(told(person))
    assert delivery.state == DeliveryState.UNKNOWN
    run(delivery)
    assert len(side.seen) == 1


def test_nobody_there_is_tried_again(person: Resident, config: SmsConfig) -> None:
    plugging.use(SmsConfig("http://127.0.0.1:1", "AK", "s", "s", "h", "", {"TOLD": "SMS_1"}), 100)
    delivery = told(person)
    with pytest.raises(tasks.TryLater):
        run(delivery)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == (DeliveryState.QUEUED, 1)


def test_who_has_no_number_is_to_be_called(config: SmsConfig, side: OtherSide, town: Town) -> None:
    assert run(told(make_resident(town.community))).problem == "没有手机号"
    assert run(told(make_employer(phone="0519-85000000"))).problem == "没有手机号"
    assert run(told(make_employer(phone="138 0000 1234"))).state == DeliveryState.SENT
    assert len(side.seen) == 1


def hook(body: bytes, secret: str = "hook", at: float | None = None) -> Any:
    stamp = str(int(at or time.time()))
    headers = {"X-Sms-Timestamp": stamp, "X-Sms-Signature": signature(secret, stamp, body)}
    return Client().post("/hooks/sms/", body, content_type="application/json", headers=headers)


def receipt(delivery: Delivery, **changes: Any) -> bytes:
    said = {"phone_number": NUMBER, "success": True, "err_code": "DELIVERED", "sms_size": "2", "biz_id": "9000^0"}
    return json.dumps([said | {"out_id": str(delivery.pk)} | changes]).encode()


@pytest.mark.urls("jiamenkou.site.urls")
def test_receipts_settle_deliveries_and_count_the_cost(config: SmsConfig, person: Resident, town: Town) -> None:
    from tests.guards import see_everything

    good, bad = run(told(person)), run(told(person))
    assert hook(receipt(good)).json()["code"] == 0
    assert hook(receipt(bad, success=False, err_code="MK:0001")).status_code == 200
    see_everything()
    good.refresh_from_db(), bad.refresh_from_db()
    assert (good.state, good.cost_fen) == (DeliveryState.DELIVERED, 10)
    assert (bad.state, bad.problem) == (DeliveryState.FAILED, "MK:0001")
    assert hook(receipt(good, success=False)).status_code == 200
    see_everything()
    good.refresh_from_db()
    assert good.state == DeliveryState.DELIVERED
    (cost,) = costs(timezone.now() - timedelta(days=1))
    assert (cost.community, cost.messages, cost.fen) == (town.community.pk, 2, 20)


def test_receipts_without_a_good_signature_change_nothing(config: SmsConfig, person: Resident) -> None:
    delivery = run(told(person))
    assert hook(receipt(delivery), secret="guess").status_code == 403
    assert hook(receipt(delivery), at=time.time() - 900).status_code == 403
    assert Client().post("/hooks/sms/", receipt(delivery), content_type="application/json").status_code == 403
    for body in (b"{}", b"[1]", b"nonsense"):
        assert hook(body).status_code == 400
    assert hook(b'[{"out_id": "code"}, {"out_id": "99999999999999999999999"}]').status_code == 200
    from tests.guards import see_everything

    see_everything()
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.SENT


def test_without_a_provider_there_is_no_hook(db: None) -> None:
    assert hook(b"[]").status_code == 404


def test_codes_go_through_the_provider(config: SmsConfig, side: OtherSide) -> None:
    sender.deliver_code(NUMBER, "004217")
    fields = checked(side.seen[0], "secret")
    assert (fields["TemplateCode"], json.loads(fields["TemplateParam"])) == ("SMS_CODE", {"code": "004217"})
    assert not sender.sender().on_screen
    side.answer = says("isv.OUT_OF_SERVICE")
    sender.deliver_code(NUMBER, "004217")  # logged, not shown


def test_configuration_is_whole_or_absent() -> None:
    assert SmsConfig.of({}) is None
    with pytest.raises(ValueError, match="SECRET"):
        SmsConfig.of({"JIAMENKOU_SMS_URL": "https://sms.example/"})
    named = {"URL": "https://sms.example/", "KEY": "k", "SECRET": "s", "SIGN": "n", "HOOK_SECRET": "h"}
    env = {f"JIAMENKOU_SMS_{name}": value for name, value in named.items()}
    found = SmsConfig.of(env | {"JIAMENKOU_SMS_TEMPLATES": "A=SMS_1, B=SMS_2"})
    assert found is not None and found.templates == {"A": "SMS_1", "B": "SMS_2"}


@pytest.mark.parametrize("body", [b"", b"[]", b"<html>", b'{"Message": 1}'])
@pytest.mark.parametrize(("status", "state"), [(500, DeliveryState.UNKNOWN), (200, DeliveryState.FAILED)])
def test_an_answer_that_says_nothing(
    config: SmsConfig, side: OtherSide, body: bytes, status: int, state: DeliveryState
) -> None:
    side.says(body, status=status)
    assert send_sms(config, NUMBER, "SMS_1", {}, "1").state == state


def test_what_may_be_switched_off_stays_on_the_screen(person: Resident) -> None:
    by = Actor(None)
    assert channels_for(NOTICE, person) == (Channel.IN_APP, Channel.SMS)
    switch_off(person, NOTICE, by=by, reason="t")
    switch_off(person, NOTICE, by=by, reason="t")
    message = tell(NOTICE, person, name="苏", what="x")
    assert list(message.deliveries.values_list("channel", flat=True)) == ["in_app"]
    over = {choice.notice.key: choice.over for choice in choices_of(person)}
    assert (over[NOTICE.key], over[NEEDED.key]) == (frozenset(), {Channel.SMS})
    with pytest.raises(Refused):
        switch_off(person, NEEDED, by=by, reason="t")
    switch_on(person, NOTICE, by=by, reason="t")
    assert Channel.SMS in channels_for(NOTICE, person)


def test_those_not_reached_are_phoned(client_for: Any, person: Resident, town: Town) -> None:
    delivery = told(person)
    Delivery.objects.filter(pk=delivery.pk).update(state=DeliveryState.FAILED, problem="空号")
    desk = client_for(make_staff(Role.WORKER, town.community))
    stranger = client_for(make_staff(Role.WORKER, town.neighbour))
    grid_worker = Actor(make_staff(Role.GRID_WORKER, town.grids[0]))
    assert list(not_reached_for(grid_worker)) == [delivery]
    page = desk.get("/desk/messages/").content.decode()
    assert "苏映禾" in page and "空号" in page and NUMBER not in page
    assert "苏映禾" not in stranger.get("/desk/messages/").content.decode()
    file = client_for(make_staff(Role.COMMUNITY_LEAD, town.community)).post("/desk/messages/export/?q=苏映")
    rows = list(load_workbook(BytesIO(file.content)).worksheets[0].iter_rows(values_only=True))
    (row,) = [row for row in rows if row[0] == "苏映禾"]
    assert row[1] == "138****1234" and row[4] == "空号" and row[5] is not None, "masked, as on the page"
    assert ExportLog.objects.get().conditions == "q=…"
    url = f"/desk/messages/{delivery.pk}/called/"
    assert stranger.post(url, {"outcome": "reached"}).status_code == 404
    assert desk.post(url, {"outcome": "missed"}).status_code == 302
    assert "苏映禾" in desk.get("/desk/messages/").content.decode()
    assert desk.post(url, {"outcome": "reached"}).status_code == 302
    assert "苏映禾" not in desk.get("/desk/messages/").content.decode()


def test_a_message_that_was_read_needs_no_call(person: Resident, town: Town) -> None:
    delivery = told(person)
    Delivery.objects.filter(pk=delivery.pk).update(state=DeliveryState.UNKNOWN, at=timezone.now() - timedelta(days=2))
    worker = Actor(make_staff(Role.WORKER, town.community))
    assert list(not_reached_for(worker)) == [delivery]
    Message.objects.update(read_at=timezone.now())
    assert list(not_reached_for(worker)) == []
