"""Pasting a chat text: read, looked over, decided, kept or published, post by post."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from tests.people import Town, make_employer, make_resident, make_signed_up, make_staff
from tests.services.jobs.make import make_vacancy

from jiamenkou.engines.vacancytext import fraud_words, parse
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.people.models import Organisation
from jiamenkou.services.jobs.models import OccupationChoice, Vacancy
from jiamenkou.services.jobs.occupations import choices
from jiamenkou.services.jobs.paste.marking import marked, numbers, spans_of

PASTE = "/desk/jobs/paste/"
TEXT = """【颐安居养老服务中心急招】姐妹们看过来👇
护理员（白班）3名，限女，35岁以下，有护理证优先。
上班早7点半到下午3点半，做五休二，3800-4500一个月，包两餐、缴社保。
地址梧桐街道锦荷路58号，懂的都懂。
另招夜班保洁1名，120一晚。
找蒋经理 138 0000 6217"""


@pytest.fixture
def desk(client_for: Any, town: Town) -> Client:
    return client_for(make_staff(Role.WORKER, town.community))


def fields_of(page: str) -> dict[str, Any]:
    """What a browser would send: the inputs of the page as they stand."""
    from html.parser import HTMLParser

    sent: dict[str, Any] = {}
    box: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            has = dict(attrs)
            name = has.get("name") or ""
            if tag == "textarea" and name:
                box.append(name)
                sent[name] = ""
            if tag == "select" and name:
                box.append(f"select:{name}")
                sent[name] = ""
            if tag == "option" and box and box[-1].startswith("select:") and "selected" in has:
                sent[box[-1][7:]] = has.get("value") or ""
            if (
                tag == "input"
                and name
                and name != "q"
                and not (has.get("type") in {"radio", "checkbox"} and "checked" not in has)
            ):
                sent[name] = has.get("value") or ""

        def handle_endtag(self, tag: str) -> None:
            if tag in {"textarea", "select"} and box:
                box.pop()

        def handle_data(self, data: str) -> None:
            if box and not box[-1].startswith("select:"):
                sent[box[-1]] += data

    Reader().feed(page)
    return sent


def read(desk: Client, text: str = TEXT) -> dict[str, Any]:
    answer = desk.post(PASTE, {"text": text, "do": "read"})
    assert answer.status_code == 200
    return fields_of(answer.content.decode())


def decided(sent: dict[str, Any], how: str = "ignore") -> dict[str, Any]:
    """Every thing that was not understood, decided."""
    post = parse(sent["text"]).posts[int(sent["post"])]
    return sent | {f"p{sent['post']}-left{n}": how for n in range(len(post.leftover))}


def test_words_and_boxes_share_number_and_colour() -> None:
    message = parse(TEXT)
    runs = marked(message, 0, fraud_words(TEXT))
    assert "".join(run.text for run in runs) == message.text
    number = numbers(spans_of(message.posts[0]))
    assert list(number.values()) == list(range(1, len(number) + 1))
    titles = [run for run in runs if run.slot == "title"]
    assert [(run.text, run.number, run.tone) for run in titles] == [("护理员（白班）", number["title"], "green")]
    assert {run.text for run in runs if run.kind == "struck"} == {"限女", "35岁以下"}
    assert all("法" in run.why or "规定" in run.why for run in runs if run.kind == "struck")
    assert [run.text for run in runs if run.kind == "other"] == ["夜班保洁"]


def test_page_shows_what_was_read_struck_and_not_understood(desk: Client) -> None:
    page = desk.post(PASTE, {"text": TEXT, "do": "read"}).content.decode()
    assert "认出 2 个岗位" in page
    assert re.search(r'<mark class="run green" data-slot="title"><span class="slot-number">\d', page)
    assert "就业促进法" in page and "“懂的都懂”" in page
    assert "原文没写，按月薪推断" in page
    assert "养老护理员" in page and "新单位" in page


def test_drafts_keep_the_original_the_struck_and_the_source(desk: Client, town: Town) -> None:
    sent = read(desk)
    answer = desk.post(PASTE, sent | {"do": "draft"})
    assert answer.status_code == 200  # on to the second post
    vacancy = Vacancy.objects.get()
    assert (vacancy.state, vacancy.source, vacancy.title) == ("draft", "paste", "护理员（白班）")
    assert (vacancy.pay_min_fen, vacancy.pay_max_fen, vacancy.pay_unit) == (380000, 450000, "month")
    assert (vacancy.start_minute, vacancy.end_minute, vacancy.headcount) == (450, 930, 3)
    assert vacancy.source_text == TEXT
    assert [one["words"] for one in vacancy.struck] == ["限女", "35岁以下"]
    assert not set(vacancy.requirements) & {"限女", "35岁以下"}
    assert vacancy.community == town.community
    assert fields_of(answer.content.decode())["post"] == "1"


def test_publishing_asks_to_decide_what_was_not_understood(desk: Client) -> None:
    sent = read(desk)
    answer = desk.post(PASTE, sent | {"do": "publish"})
    assert answer.status_code == 422
    assert "处没看懂" in answer.content.decode()
    assert not Vacancy.objects.exists()
    desk.post(PASTE, decided(sent, "keep") | {"do": "publish"})
    vacancy = Vacancy.objects.get()
    assert vacancy.state == "open"
    assert "懂的都懂" in vacancy.description


def test_both_posts_one_after_the_other(desk: Client) -> None:
    page = desk.post(PASTE, decided(read(desk)) | {"do": "publish"}).content.decode()
    answer = desk.post(PASTE, decided(fields_of(page)) | {"do": "publish"})
    assert answer.status_code == 302
    assert sorted(Vacancy.objects.values_list("title", "state")) == [("夜班保洁", "open"), ("护理员（白班）", "open")]
    assert Organisation.objects.named("颐安居养老服务中心").count() == 1


def test_turning_to_the_other_post_keeps_what_was_typed(desk: Client) -> None:
    sent = read(desk) | {"p0-title": "护理员（改过）"}
    second = fields_of(desk.post(PASTE, sent | {"do": "show-1"}).content.decode())
    assert second["post"] == "1" and second["p0-title"] == "护理员（改过）"
    first = fields_of(desk.post(PASTE, second | {"do": "show-0"}).content.decode())
    assert first["p0-title"] == "护理员（改过）"
    assert not Vacancy.objects.exists()


def test_wrong_input_comes_back_beside_its_field(desk: Client) -> None:
    answer = desk.post(PASTE, decided(read(desk)) | {"p0-pay_min_fen": "很多", "do": "publish"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "请填数字" in page and 'id="id_p0-pay_min_fen_error"' in page
    assert fields_of(page)["p0-title"] == "护理员（白班）"


def test_same_post_of_the_same_employer_is_asked_about(desk: Client) -> None:
    employer = make_employer("颐安居养老服务中心")
    make_vacancy(employer=employer, title="护理员（白班）")
    page = desk.post(PASTE, {"text": TEXT, "do": "read"}).content.decode()
    assert "已在册" in page and "同名的岗位在招" in page
    sent = decided(fields_of(page))
    assert desk.post(PASTE, sent | {"do": "publish"}).status_code == 422
    desk.post(PASTE, sent | {"do": "publish", "p0-again": "on"})
    assert Vacancy.objects.filter(title="护理员（白班）").count() == 2


def test_words_of_fraud_are_flagged_and_kept(desk: Client) -> None:
    text = "招打字员2名，日结300，入职先交押金200元，电话13800001234"
    page = desk.post(PASTE, {"text": text, "do": "read"}).content.decode()
    assert "要当心" in page and "劳动合同法第九条" in page
    desk.post(PASTE, decided(fields_of(page)) | {"p0-employer": "某网络公司", "do": "draft"})
    assert any("押金" in warning for warning in Vacancy.objects.get().warnings)


def test_a_choice_is_learnt_from(desk: Client) -> None:
    code = "4-10-01-06"
    desk.post(PASTE, read(desk) | {"p0-occupation_code": code, "do": "draft"})
    assert Vacancy.objects.get().occupation_name
    assert OccupationChoice.objects.get().title_key == "护理员"
    best = choices("护理员（夜班）")[0]
    assert (best.code, best.chosen, best.why) == (code, True, "这里以前选过它")


def test_occupations_for_a_typed_title(desk: Client) -> None:
    page = desk.get("/desk/jobs/occupations/", {"prefix": "p0", "p0-title": "保洁阿姨"}).content.decode()
    assert page.count('name="p0-occupation_code"') >= 2
    assert 'id="p0-occupations"' in page and "保洁员" in page
    assert desk.get("/desk/jobs/occupations/", {"title": "保洁\x00"}).status_code == 200
    assert desk.get("/desk/jobs/occupations/", {"prefix": "<b>"}).status_code == 404


@pytest.mark.parametrize("text", ["", "   ", "今天天气不错", "\x00\x00", "👇" * 3000])
def test_text_without_a_post_says_so(desk: Client, text: str) -> None:
    answer = desk.post(PASTE, {"text": text, "do": "read"})
    assert answer.status_code == 422
    assert not Vacancy.objects.exists()


@pytest.mark.parametrize(
    "garbage", [{"post": "99999999"}, {"post": "-1"}, {"done": "7:7,x"}, {"do": "show-999"}, {"do": "?"}]
)
def test_garbage_in_the_hidden_fields_harms_nothing(desk: Client, garbage: dict[str, str]) -> None:
    assert desk.post(PASTE, {"text": TEXT, "do": "read"} | garbage).status_code == 200


def test_only_staff_paste(client_for: Any, town: Town) -> None:
    visitor = client_for(make_signed_up(make_resident(town.community)))
    assert visitor.post(PASTE, {"text": TEXT}).status_code in {302, 404}
