"""导入花名册 on the desk: see, mend, write; nothing before the last step, nothing for others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.people.importing import looking, runs
from jiamenkou.foundation.people.models import ImportRun, ImportState, Resident, TransferRequest
from jiamenkou.foundation.places.models import Place, PlaceKind
from jiamenkou.fronts import tasks
from jiamenkou.fronts.desk import import_rows
from tests.conftest import NUMBER
from tests.people import Town, make_staff

START = "/desk/residents/import/"
FOLDER = Path(__file__).resolve().parents[2] / "data" / "rosters"
GOLD = json.loads((FOLDER / "title-messy.gold.json").read_text(encoding="utf-8"))
SHORT = "姓名,手机号,网格\n郭佳,13800001234,第一网格\n任静,1380000,第二网格\n邵云,,三网格东\n莫青,,三网格东\n"

pytestmark = pytest.mark.postgres


@pytest.fixture
def desk(client_for: Any, town: Town, settings: Any, tmp_path: Path) -> Client:
    settings.DATA_DIR = tmp_path / "data"
    for number, name in enumerate("三四五六", start=3):
        Place.plant(town.community, code=f"32-1-1-{number}0", kind=PlaceKind.GRID, name=f"第{name}网格")
    return client_for(make_staff(Role.WORKER, town.community))


def upload(desk: Client, content: bytes | str, name: str = "花名册.csv") -> Any:
    raw = content.encode() if isinstance(content, str) else content
    return desk.post(START, {"file": SimpleUploadedFile(name, raw)})


def uploaded(desk: Client, content: bytes | str, name: str = "花名册.csv") -> str:
    answer = upload(desk, content, name)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def read(desk: Client, address: str) -> str:
    answer = desk.get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def within(counts: dict[str, int], bounds: dict[str, list[int]]) -> None:
    for action, (lowest, highest) in bounds.items():
        assert lowest <= counts[action] <= highest, action


def test_the_sample_is_seen_mended_and_written(desk: Client) -> None:
    content = (FOLDER / GOLD["file"]).read_bytes()
    here = uploaded(desk, content, GOLD["file"])
    run = ImportRun.objects.get()
    within(run.counts, GOLD["first"])
    page = read(desk, here)
    assert "还没有写进任何一行" in page
    assert f"还差 {run.counts['error']} 行才能写入" in page
    assert not NUMBER.search(page)
    assert not Resident.objects.exists()

    assert any(report["row"] == 86 and "手机号" in report["columns"] for report in GOLD["report"])
    changes = {"row": 86, "column": "手机号", "text": "13800009999"}
    answer = desk.post(f"{here}cell/?only=error", changes)
    assert (answer.status_code, answer["Location"]) == (302, f"{here}?only=error")

    before = ImportRun.objects.get().counts
    assert before["error"] == run.counts["error"] - 1
    assert desk.post(f"{here}write/", {"skip": "1"})["Location"] == here
    run.refresh_from_db()
    assert run.state == ImportState.APPLIED
    assert Resident.objects.count() == run.counts["create"] == before["create"]
    assert "写好了" in read(desk, here)

    again = uploaded(desk, content, GOLD["file"])
    within(ImportRun.objects.order_by("-pk")[0].counts, {"create": GOLD["again"]["create"]})
    assert "有错" in read(desk, again)


def test_a_cell_is_mended_in_place_and_taken_back(desk: Client) -> None:
    here = uploaded(desk, SHORT)
    page = read(desk, here)
    assert "没有这个网格" in page
    assert "最像" in page
    assert "本表另有 1 行同样写法" in page
    assert "郭佳" not in page  # only what is wrong is shown
    assert "郭佳" in read(desk, f"{here}?only=all")

    htmx = {"HX-Request": "true"}
    answer = desk.post(f"{here}cell/", {"row": 4, "column": "网格", "text": "第三网格", "same": "1"}, headers=htmx)
    assert "还差 1 行才能写入" in answer.content.decode()
    fixed = read(desk, f"{here}?only=fixed")
    assert "<s>三网格东</s>" in fixed
    answer = desk.post(f"{here}cell/", {"row": 4, "column": "网格", "undo": "1"}, headers=htmx)
    assert "还差 2 行才能写入" in answer.content.decode()


def test_a_wrong_correction_stays_wrong(desk: Client) -> None:
    here = uploaded(desk, SHORT)
    htmx = {"HX-Request": "true"}
    for column, text, says in [("手机号", " ", "请填上正确的内容"), ("手机号", "1" * 501, "太长"), ("工资", "1", "")]:
        answer = desk.post(f"{here}cell/", {"row": 3, "column": column, "text": text}, headers=htmx)
        assert says in answer.content.decode()
        assert not ImportRun.objects.get().edits
    answer = desk.post(f"{here}cell/", {"row": 3, "column": "手机号", "text": "13800001"}, headers=htmx)
    assert "还差 3 行才能写入" in answer.content.decode()


def test_written_once_however_often_it_is_pressed(desk: Client) -> None:
    here = uploaded(desk, SHORT)
    assert desk.post(f"{here}write/").status_code == 302
    assert not Resident.objects.exists()  # errors that nobody said to skip
    for _ in range(2):
        assert desk.post(f"{here}write/", {"skip": "1"})["Location"] == here
    assert [resident.name for resident in Resident.objects.all()] == ["郭佳"]
    assert desk.post(f"{here}cell/", {"row": 3, "column": "手机号", "text": "1"})["Location"] == here


def test_the_same_file_again_changes_nothing(desk: Client) -> None:
    good = "姓名,手机号,网格\n郭佳,13800001234,第一网格\n"
    desk.post(f"{uploaded(desk, good)}write/")
    here = uploaded(desk, good)
    assert ImportRun.objects.order_by("-pk")[0].counts["unchanged"] == 1
    assert "没有要写入的行" in read(desk, here)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"<html><body>x</body></html>", "网页"),
        (b"PK\x03\x04 not a zip", "文件"),
        (b"a,b\n1,2\n", "姓名"),
        (b"", "空"),
    ],
)
def test_a_refused_file_says_why_beside_the_field(desk: Client, content: bytes, says: str) -> None:
    answer = upload(desk, content, "花名册.xlsx")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="id_file_error"' in page
    assert says in page
    assert not ImportRun.objects.exists()


def test_others_find_nothing(desk: Client, town: Town, client_for: Any) -> None:
    here = uploaded(desk, SHORT)
    neighbour = client_for(make_staff(Role.WORKER, town.neighbour))
    officer = client_for(make_staff(Role.STREET_OFFICER, town.street))
    for browser in (neighbour, officer, client_for(make_staff(Role.GRID_WORKER, town.grids[0]))):
        assert browser.get(here).status_code == 404
        assert browser.get(f"{here}errors.xlsx").status_code == 404
        for act in ("cell", "write", "stop", "abandon", "transfer"):
            assert browser.post(f"{here}{act}/", {"row": 3}).status_code == 404
    assert officer.get(START).status_code == 404
    assert ImportRun.objects.get().state == ImportState.OPEN


def test_the_template_and_the_list_of_errors_are_workbooks(desk: Client) -> None:
    assert desk.get("/desk/residents/template.xlsx").content[:2] == b"PK"
    here = uploaded(desk, SHORT)
    answer = desk.get(f"{here}errors.xlsx")
    assert answer.content[:2] == b"PK"
    assert "attachment" in answer["Content-Disposition"]


def test_another_file_forgets_this_one(desk: Client) -> None:
    here = uploaded(desk, SHORT)
    assert "花名册.csv" in read(desk, START)
    assert desk.post(f"{here}abandon/")["Location"] == START
    assert desk.get(here)["Location"] == START
    assert "花名册.csv" not in read(desk, START)


def test_somebody_of_another_community_is_asked_for_and_not_shown(desk: Client, town: Town, client_for: Any) -> None:
    roster = "姓名,身份证号,手机号\n凌霜,{number},13800004321\n"
    content = roster.format(number="320402198504030031")
    there = client_for(make_staff(Role.WORKER, town.neighbour))
    assert there.post(f"{uploaded(there, content)}write/").status_code == 302
    assert Resident.objects.get().community == town.neighbour
    here = uploaded(desk, content.replace("凌霜", "凌双").replace("4321", "8765"))
    page = read(desk, here)
    assert "已在其他社区登记" in page
    assert "申请转入" in page
    assert "凌霜" not in page and "4321" not in page
    for _ in range(2):
        desk.post(f"{here}transfer/", {"row": 2})
    asked = TransferRequest.objects.get()
    assert asked.to_community == town.community


def test_a_long_file_is_looked_at_and_written_by_the_worker(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "SHORT", 1_000)
    later: list[tuple[str, dict[str, Any]]] = []
    for task in (tasks.check_import, tasks.write_import):
        monkeypatch.setattr(task, "configure", lambda task=task, **_: _Deferred(task.name, later))
    names = "".join(f"郭{chr(0x4E00 + n)},第{'一二'[n % 2]}网格\n" for n in range(1_100))
    here = uploaded(desk, "姓名,网格\n" + names + "任静,九网格\n")
    assert "正在看文件" in read(desk, here)
    run = ImportRun.objects.get()
    assert later.pop() == ("fronts.check_import", {"run": run.pk})
    looking.check_in_worker(run.pk)
    assert "还差 1 行才能写入" in read(desk, here)
    for _ in range(2):
        desk.post(f"{here}write/", {"skip": "1"})
    ((name, arguments),) = later
    assert (name, arguments["skip_errors"]) == ("fronts.write_import", True)
    assert "正在核对并写入" in read(desk, here)

    desk.post(f"{here}stop/")
    looking.write_in_worker(run.pk, arguments["account"], skip_errors=True)
    assert not Resident.objects.exists()
    assert "停下了" in read(desk, here)
    for _ in range(2):
        looking.write_in_worker(run.pk, arguments["account"], skip_errors=True)
    assert Resident.objects.count() == 1_100
    assert "写好了" in read(desk, here)


class _Deferred:
    def __init__(self, name: str, later: list[tuple[str, dict[str, Any]]]) -> None:
        self._name, self._later = name, later

    def defer(self, **arguments: Any) -> None:
        self._later.append((self._name, arguments))


def test_what_nobody_came_back_to_is_forgotten_at_night(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    uploaded(desk, SHORT)
    tasks.forget_stale_imports(timestamp=0)
    assert ImportRun.objects.get().state == ImportState.OPEN
    monkeypatch.setattr(runs, "OPEN_FOR", runs.OPEN_FOR * 0)
    tasks.forget_stale_imports(timestamp=0)
    assert ImportRun.objects.get().state == ImportState.ABANDONED


@pytest.mark.parametrize(
    ("column", "value", "best"),
    [
        ("网格", "三网格东", "第三网格"),
        ("网格", "第十三网格", ""),
        ("网格", "第六网格", ""),
        ("就业状态", "打零工的", "灵活就业"),
        ("手机号", "1380000", ""),
    ],
)
def test_only_what_is_alike_is_suggested(column: str, value: str, best: str) -> None:
    allowed = {"网格": ["第一网格", "第三网格"], "就业状态": ["在职", "灵活就业"]}.get(column, [])
    assert import_rows.suggestion(column, value, allowed) == best
