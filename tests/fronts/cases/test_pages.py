"""The pages of the closed loop: reported on the phone, handled on the desk, rated on the phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.cases.models import Case, CaseFile, Follower
from jiamenkou.foundation.cases.states import CaseState
from tests.foundation.cases.make import Office, make_case
from tests.people import make_signed_up

ClientFor = Callable[[Any], Any]


def test_from_the_phone_to_the_desk_and_back(office: Office, client_for: ClientFor) -> None:
    person = make_signed_up(office.resident)
    phone = client_for(person)
    told = {"words": "三单元二楼的灯坏了，晚上看不见台阶", "promised": "lighting"}
    sent = phone.post("/help/report/", told)
    case = Case.objects.get()
    assert (sent.status_code, sent["Location"]) == (302, f"/help/{case.pk}/")
    assert (case.category, case.title, case.resident) == ("lighting", "三单元二楼的灯坏了", office.resident)
    assert case.number in phone.get(f"/help/{case.pk}/").content.decode()
    desk = client_for(office.worker.account)
    assert case.title in desk.get("/desk/cases/?view=sign").content.decode()
    act = f"/desk/cases/{case.pk}/act/"
    assert desk.post(act, {"do": "sign"}).status_code == 302
    assert desk.post(act, {"do": "handle", "outcome": "solved", "text": ""}).status_code == 422
    assert desk.post(act, {"do": "handle", "outcome": "solved", "text": "换了灯泡"}).status_code == 302
    page = phone.get(f"/help/{case.pk}/").content.decode()
    assert "换了灯泡" in page and "解决了吗" in page
    assert phone.post(f"/help/{case.pk}/rate/", {"solved": "yes"}).status_code == 422
    assert phone.post(f"/help/{case.pk}/rate/", {"solved": "yes", "satisfaction": "very"}).status_code == 302
    case.refresh_from_db()
    assert case.state == CaseState.CLOSED


def test_two_taps_with_one_key_are_one_report(office: Office, client_for: ClientFor) -> None:
    phone = client_for(make_signed_up(office.resident))
    key = {"HTTP_IDEMPOTENCY_KEY": "same-tap-twice-0001"}
    told = {"words": "灯坏了", "promised": "lighting"}
    first = phone.post("/help/report/", told, **key)
    second = phone.post("/help/report/", told, **key)
    assert first["Location"] == second["Location"] and Case.objects.count() == 1


def test_an_empty_report_says_what_to_do(office: Office, client_for: ClientFor) -> None:
    answer = client_for(make_signed_up(office.resident)).post("/help/report/", {})
    assert answer.status_code == 422 and "拍一张" in answer.content.decode()


def test_a_handler_does_not_learn_who_pointed_it_out(office: Office, client_for: ClientFor) -> None:
    phone = client_for(make_signed_up(office.neighbour))
    phone.post("/help/report/?kind=care", {"words": "三楼独居老人好几天没见", "category": "care", "promised": "care"})
    case = Case.objects.get()
    page = client_for(office.worker.account).get(f"/desk/cases/{case.pk}/").content.decode()
    assert "来源保密" in page and office.neighbour.name not in page
    assert case.number in phone.get(f"/help/{case.pk}/").content.decode()


def test_somebody_elses_report_is_not_there(office: Office, client_for: ClientFor) -> None:
    case = make_case(office)
    assert client_for(make_signed_up(office.neighbour)).get(f"/help/{case.pk}/").status_code == 404


def test_the_public_list_has_no_words_and_no_people(office: Office, client: Any) -> None:
    make_case(office, category="road", title="王某门口的井盖松了", words="电话打给我", now=timezone.now())
    page = client.get("/help/public/").content.decode()
    assert "路面和井盖" in page and "王某" not in page and "电话打给我" not in page


def test_the_public_list_by_kind_and_by_page(office: Office, client: Any) -> None:
    for number in range(23):
        make_case(office, category="road", title=f"井盖{number}", now=timezone.now())
    make_case(office, category="green", title="树枝", now=timezone.now())
    assert "更早的" in client.get("/help/public/").content.decode()
    last = client.get("/help/public/?kind=road&page=2")
    assert len(last.context["cases"]) == 3 and last.context["found"] == 24
    assert [one["title"] for one in client.get("/help/public/?kind=green").context["cases"]] == ["绿化和树木"]
    assert client.get("/help/public/?kind=nonsense&page=x").status_code == 200


def test_a_worker_files_for_somebody_without_a_phone(office: Office, client_for: ClientFor) -> None:
    desk = client_for(office.worker.account)
    told = {
        "title": "下水堵了",
        "place": office.town.grids[0].pk,
        "channel": "visit",
        "resident": f"R{office.resident.pk}",
    }
    assert desk.post("/desk/cases/new/", told).status_code == 302
    assert Follower.objects.get().resident == office.resident
    wrong = desk.post("/desk/cases/new/", told | {"resident": "R999999"})
    assert wrong.status_code == 422 and "没有这个编号" in wrong.content.decode()


def test_not_a_photo(office: Office, client_for: ClientFor) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    phone = client_for(make_signed_up(office.resident))
    answer = phone.post("/help/report/", {"words": "灯", "photo": SimpleUploadedFile("a.jpg", b"no picture")})
    assert answer.status_code == 422 and "打不开" in answer.content.decode()
    assert not CaseFile.objects.exists() and not Case.objects.exists()


def test_a_case_on_paper(office: Office, client_for: ClientFor) -> None:
    case = make_case(office, words="晚上摔过一次")
    page = client_for(office.worker.account).get(f"{case.href}print/").content.decode()
    assert case.number in page and "晚上摔过一次" in page and office.resident.name in page
    assert case.holder_place is not None
    desk = f"{case.holder_place.name} {Role(case.holder_role).label}"
    assert f"派给：{desk}" in page, "to whom, not only that"
    assert f"派给：{desk}" in client_for(office.worker.account).get(case.href).content.decode()
    hidden = make_case(office, category="care", title="老人好几天没见", reporter=office.neighbour)
    assert office.neighbour.name not in client_for(office.worker.account).get(f"{hidden.href}print/").content.decode()


def test_today_stays_small_with_many_cases(
    office: Office, client_for: ClientFor, django_assert_max_num_queries: Any
) -> None:
    for _ in range(12):
        make_case(office)
    desk = client_for(office.worker.account)
    desk.get("/desk/")
    from jiamenkou.foundation.asking import told
    from jiamenkou.fronts.cases.due import DUE

    with django_assert_max_num_queries(6):
        assert len(list(told(office.worker, DUE))) >= 12


def test_whoever_calls_finds_the_number(office: Office, client_for: ClientFor) -> None:
    case = make_case(office)
    dial = f"/desk/residents/{office.resident.pk}/?reveal=phone"
    worker = client_for(office.worker.account)
    assert dial in worker.get(case.href).content.decode()
    assert worker.get(dial).status_code == 200
    hidden = make_case(office, category="care", title="老人好几天没见", reporter=office.neighbour)
    assert f"/desk/residents/{office.neighbour.pk}/" not in worker.get(hidden.href).content.decode()
