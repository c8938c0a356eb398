"""Every page of the desk's employment station and of its people, on the demo community: axe finds nothing, light and dark."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from jiamenkou.foundation.sheets.writing import Column, WorkbookWriter

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("house")]

Shot = Callable[[Page, str], None]
Someone = Callable[..., Page]
MESSAGE = """鲜又多超市招收银员3名，限女40岁以下，会用电脑
上班 7:30-15:30，周一到周五
工资3800-4200元/月 包午饭 押金200元 有意私聊
地址：梧桐街道锦荷路66号 联系：蒋经理 13700001234"""
WORKER_PAGES = {
    "today": "/desk/",
    "residents": "/desk/residents/",
    "residents-none": "/desk/residents/?q=nobody",
    "register": "/desk/residents/new/",
    "households": "/desk/households/",
    "duplicates": "/desk/residents/duplicates/",
    "transfers": "/desk/transfers/",
    "import": "/desk/residents/import/",
    "messages": "/desk/messages/",
    "vacancies": "/desk/jobs/vacancies/",
    "vacancy-new": "/desk/jobs/vacancies/new/",
    "vacancy-import": "/desk/jobs/vacancies/import/",
    "paste-empty": "/desk/jobs/paste/",
    "feeds": "/desk/jobs/feeds/",
    "feed-new": "/desk/jobs/feeds/new/",
    "fill": "/desk/jobs/fill/",
    "employers": "/desk/jobs/employers/",
    "applications": "/desk/jobs/applications/",
    "board": "/desk/jobs/board/",
    "intentions": "/desk/jobs/intentions/",
    "weekly": "/desk/jobs/weekly/",
    "round": "/desk/jobs/round/",
    "placements": "/desk/jobs/placements/",
    "me": "/desk/me/",
}
OFFICER_PAGES = {
    "officer-today": "/desk/",
    "officer-applications": "/desk/jobs/applications/",
    "officer-intentions": "/desk/jobs/intentions/",
    "officer-placements": "/desk/jobs/placements/",
    "officer-vacancies": "/desk/jobs/vacancies/",
}
# pages of the other rooms and of whoever leads a community
LEAD_PAGES = {
    "staff": "/desk/staff/",
    "exports": "/desk/exports/",
    "campaigns": "/desk/campaigns/",
    "catalogue": "/desk/cases/catalogue/",
    "catalogue-new": "/desk/cases/catalogue/new/",
    "stations": "/desk/stations/",
    "station-things": "/desk/stations/things/",
    "station-things-import": "/desk/stations/things/import/",
    "station-repairs": "/desk/stations/repairs/?state=here",
    "station-week": "/desk/stations/calendar/",
    "station-rooms": "/desk/stations/rooms/",
    "station-corners": "/desk/stations/corners/",
    "station-hours": "/desk/stations/hours/",
    "station-figures": "/desk/stations/figures/",
    "gaps": "/desk/needs/gaps/",
    "needs": "/desk/needs/",
    "needs-import": "/desk/needs/import/",
    "needs-net": "/desk/needs/net/",
    "projects": "/desk/needs/projects/",
    "surveys": "/desk/needs/surveys/",
    "fairs": "/desk/needs/fairs/",
    "group-cycles": "/desk/groupbuy/cycles/",
    "group-orders": "/desk/groupbuy/orders/",
    "group-payments": "/desk/groupbuy/payments/",
    "group-points": "/desk/groupbuy/points/",
    "visits": "/desk/visits/",
    "visit-plans": "/desk/visits/plans/",
    "walks": "/desk/walks/",
    "walk-findings": "/desk/walks/findings/",
}
LOOKS = ["light", "dark"]


def dressed(page: Page, look: str) -> None:
    if look == "dark":
        page.context.add_cookies([{"name": "dark", "value": "1", "url": page.url}])


def sound(page: Page, shot: Shot, name: str) -> None:
    """No wider than the window, nothing that axe finds; the picture is kept where one is wanted."""
    shot(page, name)
    assert page.evaluate("document.documentElement.scrollWidth") <= 1366, f"{name} is wider than the window"
    found = Axe().run(page).response["violations"]
    assert [(rule["id"], [node["html"][:160] for node in rule["nodes"]]) for rule in found] == [], name


@pytest.mark.parametrize("look", LOOKS)
def test_a_workers_pages(someone: Someone, shot: Shot, look: str) -> None:
    worker = someone("demo-worker-1", desk=True)
    dressed(worker, look)
    for name, path in WORKER_PAGES.items():
        answer = worker.goto(path)
        assert answer is not None and answer.ok, path
        sound(worker, shot, f"{name}-{look}")
    # the first of each list, and what hangs on it
    worker.goto("/desk/jobs/vacancies/?state=open")
    post = worker.locator("tbody a").first.get_attribute("href") or ""
    for name in ("", "edit/", "people/", "poster/"):
        worker.goto(post + name)
        sound(worker, shot, f"vacancy-{name.strip('/') or 'page'}-{look}")
    for name, path in {
        "file": "/desk/residents/",
        "employer": "/desk/jobs/employers/",
        "application": "/desk/jobs/applications/",
    }.items():
        worker.goto(path)
        worker.goto(worker.locator("tbody a").first.get_attribute("href") or "")
        sound(worker, shot, f"{name}-{look}")


@pytest.mark.parametrize("look", LOOKS)
def test_an_officers_pages(someone: Someone, shot: Shot, look: str) -> None:
    officer = someone("demo-street-officer-1", desk=True)
    dressed(officer, look)
    for name, path in OFFICER_PAGES.items():
        answer = officer.goto(path)
        assert answer is not None and answer.ok, path
        sound(officer, shot, f"{name}-{look}")


@pytest.mark.parametrize("look", LOOKS)
def test_the_pages_of_the_rooms(someone: Someone, shot: Shot, look: str) -> None:
    lead = someone("demo-lead-1", desk=True)
    dressed(lead, look)
    for name, path in LEAD_PAGES.items():
        answer = lead.goto(path)
        assert answer is not None and answer.ok, path
        sound(lead, shot, f"{name}-{look}")
    for name, path in {
        "station": "/desk/stations/",
        "station-corner": "/desk/stations/corners/",
        "group-cycle": "/desk/groupbuy/cycles/",
        "fair": "/desk/needs/fairs/",
    }.items():
        lead.goto(path)
        lead.goto(lead.locator("tbody a").first.get_attribute("href") or "")
        sound(lead, shot, f"{name}-{look}")


def broken_roster(path: Path) -> Path:
    """Two good people, a wrong check digit, an unknown grid, and somebody who may be there already."""
    writer = WorkbookWriter()
    headings = ["姓名", "身份证号", "手机号", "网格", "楼栋", "单元", "房号", "就业状态", "血型"]
    rows = [
        ["云知夏", "320499199103070021", "13800004322", "第三网格", "8幢", "1", "303", "求职中", "A"],
        ["石磊", "320499199203070013", "13800004323", "第一网格", "8幢", "1", "304", "在职", "B"],
        ["路远", "320499199303070014", "13800004324", "第九十九网格", "8幢", "1", "305", "找活", ""],
    ]
    writer.sheet("花名册", [Column(heading) for heading in headings], rows)
    writer.save(path)
    return path


def posts(path: Path) -> Path:
    writer = WorkbookWriter()
    rows = [["鲜又多超市", "理货员", "2", "3600", "月"], ["鲜又多超市", "收银员", "很多", "两千多", "月"]]
    writer.sheet("岗位", [Column(name) for name in ("单位", "岗位名称", "招几人", "工资从", "每")], rows)
    writer.save(path)
    return path


@pytest.mark.parametrize("look", LOOKS)
def test_sheets_and_pasted_text_half_way(someone: Someone, shot: Shot, look: str, tmp_path: Path) -> None:
    worker = someone("demo-worker-1", desk=True)
    dressed(worker, look)
    worker.goto("/desk/residents/import/")
    worker.locator("input[type=file]").set_input_files(broken_roster(tmp_path / "花名册.xlsx"))
    worker.get_by_role("button", name="上传并看结果").click()
    expect(worker.get_by_text("校验位").first).to_be_visible()
    sound(worker, shot, f"import-errors-{look}")
    worker.goto("/desk/jobs/vacancies/import/")
    worker.locator("input[type=file]").set_input_files(posts(tmp_path / "岗位.xlsx"))
    worker.locator("main form button[type=submit], main form button:not([type])").first.click()
    expect(
        worker.get_by_text("理货员").or_(worker.get_by_text("收银员")).or_(worker.get_by_text("很多")).first
    ).to_be_visible()
    sound(worker, shot, f"vacancy-import-errors-{look}")
    worker.goto("/desk/jobs/paste/")
    worker.get_by_label("原文").fill(MESSAGE)
    worker.get_by_role("button", name="认一认").click()
    expect(worker.get_by_label("岗位名称")).to_have_value("收银员")
    sound(worker, shot, f"paste-{look}")
