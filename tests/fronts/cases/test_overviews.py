"""What lies above single cases: what waits for a decision, the board, what is late and where, the hours of an office."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jiamenkou.foundation.asking import told
from jiamenkou.foundation.cases.actions import escalating, handling, returning, waiting
from jiamenkou.foundation.cases.clocks import hours_of
from jiamenkou.foundation.cases.models import Case, OfficeHoursOf
from jiamenkou.foundation.cases.states import ReturnReason, WaitReason
from jiamenkou.fronts.cases.desk import decisions
from jiamenkou.fronts.cases.due import DUE
from tests.foundation.cases.make import Office, make_case

ClientFor = Callable[[Any], Any]
HOUR = timedelta(hours=1)


def filed(office: Office, title: str, **fields: Any) -> Case:
    return make_case(office, title=title, now=fields.pop("now", timezone.now() - HOUR), reporter=None, **fields)


@pytest.fixture
def five(office: Office) -> dict[str, Case]:
    """One case for every kind of decision."""
    cases = {kind: filed(office, f"等{label[0]}的灯") for kind, label in decisions.KINDS.items()}
    for kind in ("extension", "suspension"):
        handling.sign(cases[kind], by=office.worker, reason="测试")
    waiting.ask_extension(cases["extension"], 3, "配件周三到", by=office.worker, reason="测试")
    waiting.ask_suspension(cases["suspension"], WaitReason.SEASON, "等开春", by=office.worker, reason="测试")
    for kind, times in (("returned", 1), ("ruling", 2)):
        for turn in range(times):
            if turn:
                desk = handling.Desk(office.town.community, "worker")
                handling.assign(cases[kind], desk, by=office.worker, reason="测试")
            returning.give_back(
                cases[kind], ReturnReason.NOT_OURS, "查了产权图，归供水公司", by=office.worker, reason="测试"
            )
    escalating.supervise(cases["supervised"], "周五前换好", by=office.street, reason="测试")
    return cases


def test_what_waits_for_a_decision(office: Office, five: dict[str, Case], client_for: ClientFor) -> None:
    desk = client_for(office.lead.account)
    filed(office, "没有什么可等的")
    page = desk.get("/desk/cases/decisions/")
    assert page.context["listing"].total == 5
    text = page.content.decode()
    assert all(words in text for words in ("配件周三到", "3 个工作日", "等开春", "查了产权图", "周五前换好"))
    for kind, case in five.items():
        only = desk.get(f"/desk/cases/decisions/?kind={kind}")
        assert [row["case"].pk for row in only.context["rows"]] == [case.pk], kind
        [pill] = [one for one in only.context["views"] if one["on"]]
        assert pill["count"] == 1
    found = desk.get("/desk/cases/decisions/?q=等裁定&sort=-due&kind=nonsense").context["rows"]
    assert [row["case"].pk for row in found] == [five["ruling"].pk]
    assert desk.post("/desk/cases/decisions/export/?kind=ruling").status_code == 200


def test_today_names_what_waits_for_a_decision(office: Office, five: dict[str, Case]) -> None:
    Case.objects.filter(pk=five["extension"].pk).update(due_at=timezone.now() + HOUR)
    rows = {row.href: row for row in told(office.lead, DUE) if row.href.startswith("/desk/cases/")}
    whys = {kind: rows[case.href].why for kind, case in five.items() if case.href in rows}
    assert "批" in whys["extension"] and "批" in whys["suspension"]
    assert "定给谁" in whys["returned"] and "裁定" in whys["ruling"]
    assert len([row for row in told(office.lead, DUE) if row.href == five["extension"].href]) == 1, "late or not, once"


def test_granted_from_the_list(office: Office, five: dict[str, Case], client_for: ClientFor) -> None:
    """Whoever asked sees no button; whoever sits above grants it with one press and comes back to the list."""
    href = f"{five['extension'].href}act/"
    asked = {
        row["case"].pk: row for row in client_for(office.worker.account).get("/desk/cases/decisions/").context["rows"]
    }
    assert not asked[five["extension"].pk]["may_grant"]
    desk = client_for(office.lead.account)
    assert "申请延期 3 个工作日" in desk.get(five["extension"].href).content.decode(), (
        "whoever decides reads what is asked"
    )
    above = {row["case"].pk: row for row in desk.get("/desk/cases/decisions/").context["rows"]}
    assert above[five["extension"].pk]["may_grant"] and not above[five["returned"].pk]["may_grant"]
    before = Case.objects.get(pk=five["extension"].pk).due_at
    done = desk.post(href, {"do": "decide", "yes": "1", "back": "decisions"})
    assert (done.status_code, done["Location"]) == (302, "/desk/cases/decisions/")
    after = Case.objects.get(pk=five["extension"].pk).due_at
    assert before is not None and after is not None and after > before
    assert desk.post(href, {"do": "decide", "yes": "1", "back": "https://elsewhere.example"}).status_code == 409


def test_the_board_counts_what_it_does_not_show(office: Office, client_for: ClientFor) -> None:
    for number in range(5):
        filed(office, f"灯坏了{number}")
    late = filed(office, "拖久了的", now=timezone.now() - timedelta(days=30), place=office.town.grids[1])
    done = filed(office, "办好了的")
    handling.sign(done, by=office.worker, reason="测试")
    Case.objects.filter(pk=done.pk).update(state="handled")
    page = client_for(office.lead.account).get("/desk/cases/board/")
    first, second = page.context["lanes"]
    assert (first["name"], first["late"], second["late"]) == ("第二网格", 1, 0), "what is late stands on top"
    assert [row["case"].pk for cell in first["columns"] for row in cell["rows"]] == [late.pk]
    signing = second["columns"][1]
    assert (len(signing["rows"]), signing["more"]) == (3, 2)
    assert [row["case"].title for row in second["columns"][4]["rows"]] == ["办好了的"]
    listed = client_for(office.lead.account).get(signing["href"]).context["listing"].total
    assert listed == 5
    some = client_for(office.lead.account).get("/desk/cases/board/?q=拖久了").context["lanes"]
    assert [lane["total"] for lane in some] == [1]


def test_the_board_asks_as_often_for_many(office: Office, client_for: ClientFor) -> None:
    desk = client_for(office.lead.account)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            desk.get("/desk/cases/board/")
        return len(queries)

    filed(office, "灯坏了")
    filed(office, "灯坏了", place=office.town.grids[1])
    asked()
    few = asked()
    for number in range(12):
        filed(office, f"灯坏了{number}", place=office.town.grids[number % 2])
    assert asked() == few


@pytest.mark.parametrize("role", ["street", "lead"])
def test_what_is_late_and_where(office: Office, client_for: ClientFor, role: str) -> None:
    filed(office, "拖久了的灯", now=timezone.now() - timedelta(days=30))
    filed(office, "拖久了的路", now=timezone.now() - timedelta(days=20), category="road", place=office.town.grids[1])
    filed(office, "不急的灯")
    filed(office, "哪个网格都不是的", place=office.town.community)
    desk = client_for(getattr(office, role).account)
    page = desk.get("/desk/cases/street/")
    names = [one["line"].name for one in page.context["lines"]]
    assert names[0] == ("桂花园社区" if role == "street" else "第一网格")
    assert page.context["total"]["late"] == 2 and page.context["total"]["open"] == 4
    checked = 0
    for one in page.context["lines"]:
        for cell in one["line"].cells:
            assert desk.get(cell["href"]).context["listing"].total == cell["n"], cell
            checked += cell["n"] > 0
    for row in page.context["matrix"]:
        for cell in [{"n": row["total"], "href": row["href"]}, *row["cells"]]:
            assert desk.get(cell["href"]).context["listing"].total == cell["n"], cell
            checked += cell["n"] > 0
    assert checked >= 6
    inside = desk.get(f"/desk/cases/street/?community={office.town.community.pk}&sort=name&q=第二")
    [one] = inside.context["lines"]
    assert one["line"].name.endswith("第二网格")
    assert desk.post("/desk/cases/street/export/").status_code == 200


def test_conditions_of_the_list(office: Office, client_for: ClientFor) -> None:
    filed(office, "路坏了", category="road")
    filed(office, "灯坏了", place=office.town.grids[1])
    desk = client_for(office.lead.account)
    grid = office.town.grids[1].pk
    page = desk.get(f"/desk/cases/?grid={grid}&category=lighting&hand=worker&channel=desk&view=all")
    assert [row["case"].title for row in page.context["rows"]] == ["灯坏了"]
    assert {chip[2] for chip in page.context["chips"]} == {"grid", "category", "hand", "channel"}
    elsewhere = desk.get(f"/desk/cases/?grid={office.town.neighbour_grids[0].pk}&community=9999999")
    assert elsewhere.context["listing"].total == 2, "a place outside one's own counts for nothing"


def test_hours_of_an_office(office: Office, client_for: ClientFor) -> None:
    here = office.town.community
    desk = client_for(office.lead.account)
    page = desk.get("/desk/cases/hours/")
    own = [row["place"].name for row in page.context["rows"] if row["may"]]
    assert own == [here.name] and len(page.context["rows"]) == 3, "its own to change, those above to see"
    address = f"/desk/cases/hours/{here.pk}/"
    told = {"morning_from": "08:30", "morning_to": "12:00", "afternoon_from": "13:00", "afternoon_to": "18:00"}
    assert desk.post(address, told | {"morning_to": "07:00"}).status_code == 422
    assert desk.post(address, told | {"afternoon_to": ""}).status_code == 422
    assert desk.post(address, {"morning_from": "九点"}).status_code == 422
    assert not OfficeHoursOf.objects.exists()
    assert desk.post(address, told).status_code == 302
    assert hours_of(office.town.grids[0]).spans == ((510, 720), (780, 1080)), "what lies below goes by it"
    assert "8:30–12:00，13:00–18:00" in desk.get("/desk/cases/hours/?only=own").content.decode()
    assert desk.get(f"/desk/cases/hours/{office.town.street.pk}/").status_code == 404
    assert desk.post(address, {"do": "above"}).status_code == 302
    assert not OfficeHoursOf.objects.exists()
    assert desk.post("/desk/cases/hours/export/").status_code == 200


def test_only_who_may_changes_hours(office: Office, client_for: ClientFor) -> None:
    address = f"/desk/cases/hours/{office.town.community.pk}/"
    assert client_for(office.worker.account).get(address).status_code == 404
    assert client_for(office.street.account).get(address).status_code == 200
