"""群发 on the desk as a worker goes through it, and what is shown to whom."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone

from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.audit.models import ExportLog
from jiamenkou.foundation.messages.campaigns.notice import NEWS
from jiamenkou.foundation.messages.campaigns.sending import send_all
from jiamenkou.foundation.messages.models import Campaign, CampaignCall, Delivery, Message, OptOut
from jiamenkou.foundation.messages.wechat.acceptances import accepted
from jiamenkou.foundation.people.actions.archive import give_consent
from jiamenkou.foundation.people.models import ConsentPurpose, Resident
from tests.fronts.desk.make import person
from tests.people import Town, actor, make_account, make_signed_up, make_staff

NUMBER = "13800005172"
WRITTEN = {
    "title": "灵活就业社保补贴",
    "body": "12 月 20 日前来社区登记。",
    "ways": ["sms", "wechat", "group", "leaflet"],
}


@pytest.fixture
def desk(client_for: Any, town: Town) -> Client:
    return client_for(make_staff(Role.WORKER, town.community))


@pytest.fixture
def people(town: Town) -> list[Resident]:
    found = [
        person(town.community, town.grids[0], name="苏映禾", phones=(NUMBER,), employment="flexible"),
        person(town.community, town.grids[1], name="古月笙", phones=("13900005173",), employment="flexible"),
        person(town.community, town.grids[1], name="沐云舒", phones=("13700005174",), employment="retired"),
    ]
    for one in found[:2]:
        give_consent(one, ConsentPurpose.MESSAGES, how="t", by=actor(make_account()), reason="t")
    return found


def written(desk: Client, **more: Any) -> Campaign:
    answer = desk.post("/desk/campaigns/new/", WRITTEN | more)
    assert answer.status_code == 302, answer.context["form"].errors
    campaign = Campaign.objects.get()
    assert answer["Location"] == f"/desk/campaigns/{campaign.pk}/send/"
    return campaign


def sent(desk: Client, **more: Any) -> Campaign:
    campaign = written(desk, **more)
    assert desk.post(f"/desk/campaigns/{campaign.pk}/send/").status_code == 302
    send_all(campaign.pk)
    return campaign


def test_write_look_confirm(desk: Client, people: list[Resident]) -> None:
    assert "还没有发过" in desk.get("/desk/campaigns/").content.decode()
    campaign = written(
        desk, employment="flexible", age_from="20", age_to="60", answers="我要办、知道了", also=["wish"]
    )
    assert campaign.who == {"employment": "flexible", "age_from": 20, "age_to": 60, "also": ["wish"]}
    assert campaign.who_words == "灵活就业、20–60 岁、有求职意向"
    here = f"/desk/campaigns/{campaign.pk}/"
    nobody = desk.get(f"{here}send/")
    assert nobody.context["seen"].people == 0 and "没有人符合条件" in nobody.content.decode()
    assert desk.post(f"{here}send/").status_code == 422
    assert (
        desk.post(f"{here}edit/", WRITTEN | {"employment": "flexible", "answers": "我要办、知道了"}).status_code == 302
    )
    look = desk.get(f"{here}send/")
    seen = look.context["seen"]
    assert (seen.people, seen.sms, seen.wechat, seen.only_screen, seen.cost_fen) == (2, 2, 0, 0, 10)
    page = look.content.decode()
    assert "发给 2 位" in page and "¥0.10" in page and f"/q/{campaign.code}" in page
    assert Message.objects.count() == 0
    assert desk.post(f"{here}send/").status_code == 302
    progress = desk.get(here)
    assert "正在发" in progress.content.decode()
    send_all(campaign.pk)
    done = desk.get(here)
    assert done.context["figures"].told == 2 and "hx-trigger" not in done.content.decode().split('id="main"')[1]
    assert desk.get(f"{here}edit/").status_code == 302 and desk.get(f"{here}send/").status_code == 302


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"title": ""}, "title", ""),
        ({"title": "长" * 41}, "title", ""),
        ({"body": "打给王阿姨 13800001234"}, "body", "好像有号码"),
        ({"answers": "一、二、三、四"}, "answers", "最多 3 个"),
        ({"ways": ["pigeon"]}, "ways", ""),
        ({"grid": "99999999"}, "grid", ""),
        ({"age_from": "60", "age_to": "20"}, "age_to", "不小于"),
        ({"age_from": "-1"}, "age_from", ""),
    ],
)
def test_bad_input_is_said_at_its_field(desk: Client, change: dict[str, Any], field: str, words: str) -> None:
    answer = desk.post("/desk/campaigns/new/", WRITTEN | change)
    assert answer.status_code == 422
    assert words in str(answer.context["form"].errors[field])
    assert not Campaign.objects.exists()


def test_many_people_want_the_number_typed(
    desk: Client, people: list[Resident], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jiamenkou.foundation.messages.campaigns.actions.MANY", 2)
    campaign = written(desk)
    here = f"/desk/campaigns/{campaign.pk}/send/"
    assert "请输入人数 3" in desk.get(here).content.decode()
    wrong = desk.post(here, {"typed": "2"})
    assert wrong.status_code == 422 and "请输入人数 3" in wrong.content.decode()
    assert desk.post(here, {"typed": "3"}).status_code == 302


def test_officers_see_figures_and_no_names(client_for: Any, desk: Client, town: Town, people: list[Resident]) -> None:
    campaign = sent(desk)
    draft = Campaign.objects.create(
        community=town.community, by=make_staff(Role.WORKER, town.community), title="草稿", body="x"
    )
    officer = client_for(make_staff(Role.STREET_OFFICER, town.street))
    listing = officer.get("/desk/campaigns/").content.decode()
    assert campaign.title in listing and "草稿" not in listing and town.community.name in listing
    page = officer.get(f"/desk/campaigns/{campaign.pk}/").content.decode()
    assert "没到" in page and "people/" not in page
    assert not any(one.name in page for one in people)
    for path in ("people/", "round/", "leaflet/", "send/"):
        assert officer.get(f"/desk/campaigns/{campaign.pk}/{path}").status_code == 404
    assert officer.get(f"/desk/campaigns/{draft.pk}/").status_code == 404
    assert officer.post("/desk/campaigns/export/").status_code == 200
    far = client_for(make_staff(Role.STREET_OFFICER, town.other_street))
    assert far.get(f"/desk/campaigns/{campaign.pk}/").status_code == 404


def test_the_list_is_searched_filtered_sorted(desk: Client, town: Town, people: list[Resident]) -> None:
    sent(desk)
    by = make_staff(Role.WORKER, town.community)
    for title in ("包饺子", "停水"):
        Campaign.objects.create(community=town.community, by=by, title=title, body="x")

    def titles(query: str) -> list[str]:
        return [row["campaign"].title for row in desk.get(f"/desk/campaigns/{query}").context["rows"]]

    assert titles("?q=饺") == ["包饺子"] and titles("?state=done") == ["灵活就业社保补贴"]
    assert titles("?sort=-people")[0] == "灵活就业社保补贴"
    assert len(titles("?sort=nonsense&state=x&page=x&q=%00")) == 3
    assert titles("?q=没有这样的") == []


def test_the_people_and_their_excel(desk: Client, people: list[Resident]) -> None:
    campaign = sent(desk)
    failed = Delivery.objects.get(channel="sms", message__resident=people[1])
    Delivery.objects.filter(pk=failed.pk).update(state="failed", problem="空号")
    here = f"/desk/campaigns/{campaign.pk}/people/"

    def names(query: str = "") -> list[str]:
        return [row["person"].name for row in desk.get(here + query).context["rows"]]

    assert sorted(names()) == ["古月笙", "沐云舒", "苏映禾"]
    assert sorted(names("?reach=not")) == ["古月笙", "沐云舒"] and names("?reach=sent") == ["苏映禾"]
    assert names("?q=古") == ["古月笙"] and names(f"?reach=not&grid={people[1].grid_id}&sort=-name")[0] in {
        "古月笙",
        "沐云舒",
    }
    assert len(names("?reach=x&grid=x&sort=x")) == 3
    page = desk.get(f"{here}?reach=not").content.decode()
    assert "短信：空号" in page and "没有可用的短信或微信" in page and NUMBER not in page
    book = openpyxl.load_workbook(BytesIO(desk.post(f"{here}export/?reach=not").content))
    cells = [str(value) for row in book.active.iter_rows(values_only=True) for value in row if value is not None]
    assert "古月笙" in cells and "苏映禾" not in cells and "139****5173" in cells and "13900005173" not in cells
    assert ExportLog.objects.get(what="群发名单").rows == 2
    paper = desk.post(f"{here}print/?reach=not")
    text = paper.content.decode()
    assert paper["Cache-Control"] == "no-store" and "古月笙" in text and "苏映禾" not in text and "E" in text
    assert ExportLog.objects.get(what="群发名单（打印）").rows == 2


def test_the_phone_round(desk: Client, people: list[Resident]) -> None:
    campaign = sent(desk)
    Delivery.objects.filter(channel="sms").update(state="failed", problem="停机")
    here = f"/desk/campaigns/{campaign.pk}/"

    def current() -> Any:
        return desk.get(f"{here}round/").context["one"]

    def call(**sends: Any) -> int:
        one = current()
        return desk.post(f"{here}round/{one.pk}/", {"calls": one.calls} | sends).status_code

    first = current()
    assert call(result="") == 422 and call(result="later") == 422
    assert call(result="missed", note="关机") == 302
    assert current().pk != first.pk
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert call(result="later", again_on=tomorrow.isoformat()) == 302
    assert call(result="told") == 302
    assert current().pk == first.pk
    stale = desk.post(f"{here}round/{first.pk}/", {"calls": 0, "result": "told"}, follow=True)
    assert "同事刚刚打过" in stale.content.decode()
    assert call(result="wrong") == 302
    assert "这一轮打完了" in desk.get(f"{here}round/").content.decode()
    assert CampaignCall.objects.count() == 4
    assert desk.get(here).context["figures"].by_call == 1


def test_today_says_whom_it_did_not_reach(desk: Client, people: list[Resident]) -> None:
    campaign = sent(desk)
    assert f"/desk/campaigns/{campaign.pk}/round/" not in desk.get("/desk/").content.decode()
    Campaign.objects.update(confirmed_at=timezone.now() - timedelta(days=3))
    Delivery.objects.filter(channel="sms").update(state="failed")
    page = desk.get("/desk/").content.decode()
    assert f"/desk/campaigns/{campaign.pk}/round/" in page and "3 位没到" in page


def test_stop_and_go_on(desk: Client, people: list[Resident]) -> None:
    campaign = written(desk)
    here = f"/desk/campaigns/{campaign.pk}/"
    desk.post(f"{here}send/")
    assert desk.post(f"{here}stop/").status_code == 302
    assert "停下了：已发 0 位" in desk.get(here).content.decode()
    assert send_all(campaign.pk) == 0
    assert "不能这样做" in desk.post(f"{here}stop/", follow=True).content.decode()
    desk.post(f"{here}resume/")
    assert send_all(campaign.pk) == 3


def test_the_limit_is_the_leaders(client_for: Any, desk: Client, town: Town, people: list[Resident]) -> None:
    assert desk.post("/desk/campaigns/limit/", {"limit": "1"}).status_code == 404
    lead = client_for(make_staff(Role.COMMUNITY_LEAD, town.community))
    for bad in ("", "-1", "x", "1e9"):
        assert lead.post("/desk/campaigns/limit/", {"limit": bad}).status_code == 422
    assert lead.post("/desk/campaigns/limit/", {"limit": "0"}).status_code == 302
    campaign = written(desk)
    page = desk.get(f"/desk/campaigns/{campaign.pk}/send/").content.decode()
    assert "短信费用超过额度" in page
    assert desk.post(f"/desk/campaigns/{campaign.pk}/send/").status_code == 422


def test_the_leaflet_and_its_code(desk: Client, client: Client, people: list[Resident]) -> None:
    campaign = written(desk)
    here = f"/desk/campaigns/{campaign.pk}/"
    assert client.get(f"/q/{campaign.code}").status_code == 404, "a draft is found by nobody"
    assert client.get(f"/news/{campaign.code}/").status_code == 404
    desk.post(f"{here}send/")
    paper = desk.get(f"{here}leaflet/").content.decode()
    assert campaign.title in paper and "<svg" in paper
    opened = client.get(f"/q/{campaign.code}")
    assert opened["Location"] == f"/news/{campaign.code}/?via=qr"
    page = client.get(opened["Location"]).content.decode()
    assert campaign.body in page and f"/news/{campaign.code}/seen/" in page
    assert desk.get(here).context["figures"].opened == 0, "opening the page alone counts nothing"
    for via in ("qr", "qr", ""):
        assert client.post(f"/news/{campaign.code}/seen/", {"via": via}).status_code == 204
    figures = desk.get(here).context["figures"]
    assert (figures.opened, figures.by_code) == (3, 2)


def test_a_resident_answers(client_for: Any, desk: Client, people: list[Resident]) -> None:
    campaign = sent(desk, answers="我要办、知道了")
    phone = client_for(make_signed_up(people[0]))
    message = Message.objects.get(resident=people[0])
    opened = phone.post(f"/me/messages/{message.pk}/open/")
    assert opened["Location"] == f"/news/{campaign.code}/"
    page = phone.get(opened["Location"]).content.decode()
    assert f"/me/messages/{message.pk}/answer/" in page
    assert phone.post(f"/me/messages/{message.pk}/answer/", {"answer": "我要办"}).status_code == 302
    assert "回一句" not in phone.get(opened["Location"]).content.decode()
    figures = desk.get(f"/desk/campaigns/{campaign.pk}/").context["figures"]
    assert (figures.read, figures.answered) == (1, 1)


def test_a_resident_says_how(client_for: Any, people: list[Resident]) -> None:
    phone = client_for(make_signed_up(people[0]))
    page = phone.get("/me/notices/").content.decode()
    assert NEWS.label in page and "同意一次，提醒一次" in page
    phone.post("/me/notices/", {"notice": NEWS.key, "over": "sms"})
    assert list(OptOut.objects.values_list("channel", flat=True)) == ["wechat"]
    phone.post("/me/notices/", {"notice": NEWS.key, "over": "none"})
    assert list(OptOut.objects.values_list("channel", flat=True)) == [""]
    phone.post("/me/notices/", {"notice": NEWS.key, "over": "all"})
    assert not OptOut.objects.exists()
    for bad in ({"notice": "x", "over": "all"}, {"notice": NEWS.key, "over": "pigeon"}, {}):
        assert "请点下面的一个选项" in phone.post("/me/notices/", bad, follow=True).content.decode()
    needed = phone.post("/me/notices/", {"notice": "jobs.hired", "over": "none"}, follow=True)
    assert "不能关" in needed.content.decode()
    phone.post("/me/notices/accept/", {"template": NEWS.wechat})
    assert accepted(people[0]) == {NEWS.wechat: 1}
    assert "还会提醒 1 次" in phone.get("/me/notices/").content.decode()
    phone.post("/me/notices/accept/", {"template": "NOTHING"})
    assert accepted(people[0]) == {NEWS.wechat: 1}


def test_lists_on_paper(desk: Client, people: list[Resident]) -> None:
    page = desk.post("/desk/residents/print/", {"everyone": "1", "reason": "上门走访"}).content.decode()
    assert all(one.name in page for one in people) and "138****5172" in page and NUMBER not in page
    signs = {"chosen": [people[0].pk], "paper": "sign", "reason": "活动签到"}
    sheet = desk.post("/desk/residents/print/?employment=flexible", signs).content.decode()
    assert "签到" in sheet and "苏映禾" in sheet and "古月笙" not in sheet and "138****5172" not in sheet
    assert desk.post("/desk/residents/print/", {"reason": "走访"}).status_code == 422
    assert desk.post("/desk/residents/print/", {"everyone": "1"}).status_code == 422
    assert sorted(ExportLog.objects.values_list("what", "rows").order_by("id")) == [
        ("居民名单（打印）", 3),
        ("签到表（打印）", 1),
    ]
