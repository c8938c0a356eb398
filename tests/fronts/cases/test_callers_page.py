"""认人 on the desk: from the pasted table to the resident's own 我的事, with a worker's word in between."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.cases.actions import handling
from jiamenkou.foundation.cases.actions.opening import open_case
from jiamenkou.foundation.cases.models import Case, CaseEvent, Follower
from jiamenkou.foundation.cases.recording import derive
from tests.foundation.access.test_reveal import with_phone
from tests.foundation.cases.make import Office
from tests.people import make_signed_up

ClientFor = Callable[[Any], Any]
NUMBER = "13800004321"
HEAD = "工单编号\t诉求标题\t来电人\t联系电话\n"


def pasted(desk: Any, office: Office, *lines: str) -> str:
    told = {"place": office.town.community.pk, "lines": HEAD + "\n".join(lines)}
    answer = desk.post("/desk/cases/hotline/", told)
    assert answer.status_code == 200, answer.content.decode()
    text: str = answer.content.decode()
    return text


def test_proposed_asked_confirmed_and_seen(office: Office, client_for: ClientFor) -> None:
    person = with_phone(office.resident, NUMBER)
    desk, phone = client_for(office.worker.account), client_for(make_signed_up(person))
    page = pasted(desk, office, f"W-1\t楼道灯不亮\t来电人\t{NUMBER}", "W-2\t水管漏水\t路人\t13811112222")
    assert page.count("像是本社区居民") == 1 and NUMBER not in page
    case = Case.objects.get(upper_number="W-1")
    caller = Follower.objects.get(case=case)
    shown = desk.get(case.href).content.decode()
    assert "这个号码是本社区一位居民的" in shown and f"{person.name[:1]}**" in shown
    assert person.name not in shown and NUMBER not in shown
    assert case.title not in phone.get("/me/things/").content.decode()
    act = {"do": "recognise", "follower": caller.pk, "resident": person.pk}
    assert desk.post(f"{case.href}act/", act | {"resident": office.neighbour.pk}).status_code == 422
    assert desk.post(f"{case.href}act/", act | {"follower": "x"}).status_code == 422
    assert desk.post(f"{case.href}act/", act).status_code == 302
    assert case.title in phone.get("/me/things/").content.decode()
    assert case.number in phone.get(f"/help/{case.pk}/").content.decode()
    shown = desk.get(case.href).content.decode()
    assert "按号码对上的居民" in shown and "就是这位" not in shown and "对上居民" in shown
    assert desk.post(f"{case.href}act/", {"do": "let_go", "follower": caller.pk}).status_code == 302
    assert case.title not in phone.get("/me/things/").content.decode()
    assert phone.get(f"/help/{case.pk}/").status_code == 404
    assert "就是这位" in desk.get(case.href).content.decode()


def test_two_with_one_number_are_a_choice_and_an_unknown_number_is_none(office: Office, client_for: ClientFor) -> None:
    with_phone(office.resident, NUMBER)
    with_phone(office.neighbour, NUMBER)
    desk = client_for(office.worker.account)
    pasted(desk, office, f"W-1\t楼道灯不亮\t来电人\t{NUMBER}", "W-2\t水管漏水\t路人\t13811112222")
    shown = desk.get(Case.objects.get(upper_number="W-1").href).content.decode()
    assert "不止一人用" in shown and shown.count("就是这位") == 2
    assert "这个号码" not in desk.get(Case.objects.get(upper_number="W-2").href).content.decode()


def test_who_only_looks_on_is_shown_no_proposal(office: Office, client_for: ClientFor) -> None:
    """The street sees the case and not the register's people."""
    with_phone(office.resident, NUMBER)
    pasted(client_for(office.worker.account), office, f"W-1\t楼道灯不亮\t来电人\t{NUMBER}")
    shown = client_for(office.street.account).get(Case.objects.get().href)
    assert shown.status_code == 200 and f"{office.resident.name[:1]}**" not in shown.content.decode()


@pytest.mark.parametrize("wrong", ["", "-1", "0", "9" * 30, "\x00", "1 or 1=1", "１"])
@pytest.mark.parametrize("field", ["follower", "resident"])
def test_hostile_numbers_tie_nobody(office: Office, client_for: ClientFor, field: str, wrong: str) -> None:
    person = with_phone(office.resident, NUMBER)
    desk = client_for(office.worker.account)
    pasted(desk, office, f"W-1\t楼道灯不亮\t来电人\t{NUMBER}")
    case = Case.objects.get(upper_number="W-1")
    caller = Follower.objects.get(case=case)
    sent = {"do": "recognise", "follower": str(caller.pk), "resident": str(person.pk)} | {field: wrong}
    assert desk.post(f"{case.href}act/", sent).status_code == 422
    assert desk.post(f"{case.href}act/", sent | {"do": "let_go", "follower": wrong}).status_code == 422
    caller.refresh_from_db()
    assert caller.resident_id is None


def test_a_caller_who_is_in_no_roster_can_be_dialled(office: Office, client_for: ClientFor) -> None:
    """For a reason, in the log, and whoever looked may still call back."""
    desk = client_for(office.worker.account)
    pasted(desk, office, f"W-1\t楼道灯不亮\t路人甲\t{NUMBER}")
    case = Case.objects.get(upper_number="W-1")
    caller = Follower.objects.get(case=case)
    address = f"{case.href}number/{caller.pk}/"
    assert address in desk.get(case.href).content.decode()
    asked = desk.get(address)
    assert asked.status_code == 200 and NUMBER not in asked.content.decode()
    assert CaseEvent.objects.filter(case=case, kind="looked").count() == 0, "opening writes nothing"
    refused = desk.post(address, {"reason": " "})
    assert refused.status_code == 422 and NUMBER not in refused.content.decode()
    shown = desk.post(address, {"reason": ["回访", "问问在几楼"]})
    assert f'href="tel:{NUMBER}"' in shown.content.decode() and "no-store" in shown.headers["Cache-Control"]
    (looked,) = CaseEvent.objects.filter(case=case, kind="looked")
    assert (looked.text, looked.by) == ("问问在几楼", office.worker.account)
    assert office.worker.account.pk not in derive(case).touched
    assert "看号码" in desk.get(case.href).content.decode()
    other = Follower.objects.exclude(case=case).first() or caller
    assert desk.get(f"/desk/cases/{case.pk}/number/{other.pk + 99}/").status_code == 404


def test_a_source_that_is_protected_has_no_number(office: Office, client_for: ClientFor) -> None:
    desk = client_for(office.worker.account)
    pasted(desk, office, f"W-1\t楼道灯不亮\t路人甲\t{NUMBER}")
    caller = Follower.objects.get(case__upper_number="W-1")
    Follower.objects.filter(pk=caller.pk).update(protected=True, name="", phone=None)
    assert desk.get(f"{caller.case.href}number/{caller.pk}/").status_code == 404


def test_who_stands_behind_a_lead_is_seen_by_who_does_not_handle_it(office: Office, client_for: ClientFor) -> None:
    account = make_signed_up(office.neighbour)
    case = open_case(
        category="care", place=office.town.grids[0], title="三楼老人好几天没出门", reporter=office.neighbour,
        by=Actor(account), reason="test",
    )  # fmt: skip
    worker, lead = client_for(office.worker.account), client_for(office.lead.account)
    address = f"{case.href}source/"
    assert address not in worker.get(case.href).content.decode() and worker.get(address).status_code == 404
    assert address in lead.get(case.href).content.decode()
    asked = lead.get(address).content.decode()
    assert office.neighbour.name not in asked and not CaseEvent.objects.filter(case=case, kind="looked").exists()
    assert lead.post(address, {"reason": " "}).status_code == 422
    assert office.neighbour.name in lead.post(address, {"reason": "要上门"}).content.decode()
    (looked,) = CaseEvent.objects.filter(case=case, kind="looked")
    assert looked.text == "看了保密来源：要上门" and office.lead.account.pk not in derive(case).touched
    assert office.neighbour.name in lead.post(address, {"reason": "再看一次"}).content.decode(), (
        "looking is not handling"
    )
    handling.write(case, "去看过了", by=office.lead, reason="test")
    refused = lead.post(address, {"reason": "要上门"})
    assert refused.status_code == 409 and office.neighbour.name not in refused.content.decode()


@pytest.mark.parametrize("said", ["\x00号码", "号" * 5000, "\ud83d", "=1+1", "<script>", "‮看", " \x00 "])
def test_hostile_reasons_are_answered(office: Office, client_for: ClientFor, said: str) -> None:
    case = open_case(
        category="care", place=office.town.grids[0], title="三楼老人好几天没出门", reporter=office.neighbour,
        by=Actor(make_signed_up(office.neighbour)), reason="test",
    )  # fmt: skip
    desk, lead = client_for(office.worker.account), client_for(office.lead.account)
    pasted(desk, office, f"W-1\t楼道灯不亮\t路人甲\t{NUMBER}")
    caller = Follower.objects.get(case__upper_number="W-1")
    given = {"reason": said.encode("utf-8", "surrogatepass").decode("utf-8", "replace")}
    for browser, address in ((desk, f"{caller.case.href}number/{caller.pk}/"), (lead, f"{case.href}source/")):
        answer = browser.post(address, given)
        assert answer.status_code in {200, 422}, answer.status_code
        assert "<script>" not in answer.content.decode().split("<main", 1)[-1].split("</main", 1)[0]
    assert all(len(one.text) <= 120 and "\x00" not in one.text for one in CaseEvent.objects.filter(kind="looked"))
