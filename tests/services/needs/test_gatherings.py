"""Fairs and surveys through their pages: places, the queue, arriving, counting, one answer a person."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from tests.guards import see_everything
from tests.people import Town, make_resident, make_signed_up, make_staff, make_town
from tests.services.needs.make import make_category, make_fair, make_sign_up, make_survey

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.events.bus import publish
from jiamenkou.foundation.events.kinds import ResidentErased
from jiamenkou.foundation.messages.models import Message
from jiamenkou.foundation.places.models import Place
from jiamenkou.foundation.refusals import Conflict, Refused
from jiamenkou.services.needs import chat
from jiamenkou.services.needs.actions import fairs
from jiamenkou.services.needs.actions.tallies import tally_more
from jiamenkou.services.needs.models import Category, Fair, Need, SignUp, Survey, SurveyAnswer
from jiamenkou.services.needs.states import Channel, FiledBy

pytestmark = pytest.mark.postgres
NOBODY = Actor(None)


def clock(days: int, hour: int = 9) -> str:
    return (timezone.localtime() + timedelta(days=days)).strftime(f"%Y-%m-%dT{hour:02d}:00")


class TestFairOnThePhone:
    def test_a_place_is_taken_once_and_given_back(self, town: Town, client_for: Any) -> None:
        fair = make_fair(town.community, capacity=3)
        phone = client_for(make_signed_up(make_resident(town.community, town.grids[0])))
        assert fair.title in phone.get("/needs/").content.decode()
        for _ in range(2):
            assert phone.post(f"/needs/fairs/{fair.pk}/join/", {"heads": 2}).status_code == 302
        fair.refresh_from_db()
        assert (fair.taken, SignUp.objects.count()) == (2, 1)
        assert "报上名了" in phone.get(f"/needs/fairs/{fair.pk}/").content.decode()
        assert fair.title in phone.get("/me/things/").content.decode()
        second = client_for(make_signed_up(make_resident(town.community)))
        second.post(f"/needs/fairs/{fair.pk}/join/", {"heads": 2})
        assert "在排队" in second.get(f"/needs/fairs/{fair.pk}/").content.decode()
        assert phone.post(f"/needs/fairs/{fair.pk}/leave/").status_code == 302
        assert phone.post(f"/needs/fairs/{fair.pk}/leave/").status_code == 404, "once"
        fair.refresh_from_db()
        assert fair.taken == 0

    @pytest.mark.parametrize("heads", ["", "0", "11", "x", "-1", "2.5"])
    def test_a_number_nobody_means_is_said_at_the_field(self, town: Town, client_for: Any, heads: str) -> None:
        fair = make_fair(town.community)
        phone = client_for(make_signed_up(make_resident(town.community)))
        assert phone.post(f"/needs/fairs/{fair.pk}/join/", {"heads": heads}).status_code == 422
        assert not SignUp.objects.exists()

    def test_the_neighbours_have_their_own_fair(self, town: Town, client_for: Any) -> None:
        fair = make_fair(town.community)
        phone = client_for(make_signed_up(make_resident(town.neighbour)))
        answer = phone.post(f"/needs/fairs/{fair.pk}/join/", {"heads": 1})
        assert answer.status_code == 409
        assert "直接来逛" in answer.content.decode()

    def test_the_code_at_the_entrance_checks_in_once_also_without_a_sign_up(self, town: Town, client_for: Any) -> None:
        now = timezone.now()
        fair = make_fair(
            town.community, starts_at=now - timedelta(minutes=5), ends_at=now + timedelta(hours=2), capacity=1
        )
        phone = client_for(make_signed_up(make_resident(town.community)))
        assert phone.get(f"/q/{fair.code}")["Location"] == f"/needs/fairs/in/{fair.code}/"
        for _ in range(2):
            assert phone.post(f"/needs/fairs/in/{fair.code}/").status_code == 302
        assert "签到了" in phone.get(f"/needs/fairs/in/{fair.code}/").content.decode()
        assert list(SignUp.objects.values_list("state", flat=True)) == ["here"]
        late = client_for(make_signed_up(make_resident(town.community)))
        full = late.post(f"/needs/fairs/in/{fair.code}/")
        assert full.status_code == 409
        assert "名额满了" in full.content.decode()
        fair.refresh_from_db()
        assert fair.taken == 1

    def test_nobody_checks_in_the_day_before(self, town: Town, client_for: Any) -> None:
        fair = make_fair(town.community)
        phone = client_for(make_signed_up(make_resident(town.community)))
        answer = phone.post(f"/needs/fairs/in/{fair.code}/")
        assert answer.status_code == 409
        assert "还没到签到的时候" in answer.content.decode()
        assert not SignUp.objects.exists()
        assert phone.get("/needs/fairs/in/nothing/").status_code == 404

    def test_forgetting_somebody_frees_the_place(self, town: Town) -> None:
        fair, resident = make_fair(town.community), make_resident(town.community)
        make_sign_up(fair, resident, heads=2)
        with transaction.atomic():
            publish(ResidentErased(resident.pk))
        fair.refresh_from_db()
        assert (fair.taken, SignUp.objects.count()) == (0, 0)


class TestFairOnTheDesk:
    def test_it_is_planned_changed_and_called_off(self, town: Town, client_for: Any) -> None:
        desk = client_for(make_staff(Role.WORKER, town.community))
        form = {
            "title": "腊八市集",
            "starts_at": clock(3),
            "ends_at": clock(3, 12),
            "place_words": "东门",
            "capacity": "2",
        }
        past = desk.post("/desk/needs/fairs/new/", form | {"starts_at": clock(-3), "ends_at": clock(-3, 12)})
        assert past.status_code == 422
        assert "已经过了" in past.content.decode()
        upside_down = desk.post("/desk/needs/fairs/new/", form | {"ends_at": clock(2)})
        assert "晚于开始" in upside_down.content.decode()
        assert desk.post("/desk/needs/fairs/new/", form).status_code == 302
        fair = Fair.objects.get()
        person = make_resident(town.community)
        make_sign_up(fair, person, heads=2)
        page = f"/desk/needs/fairs/{fair.pk}/"
        fewer = desk.post(f"{page}edit/", form | {"capacity": "1"})
        assert fewer.status_code == 422
        assert "不能比这少" in fewer.content.decode()
        assert desk.post(f"{page}edit/", form | {"capacity": "9", "title": "小年市集"}).status_code == 302
        assert "小年市集" in desk.get(page).content.decode()
        why = desk.post(f"{page}act/", {"do": "call_off"})
        assert why.status_code == 422
        assert "为什么取消" in why.content.decode()
        assert desk.post(f"{page}act/", {"do": "call_off", "text": "下大雨"}).status_code == 302
        assert Message.objects.filter(resident=person, notice="needs.called_off").count() == 1
        assert desk.post(f"{page}act/", {"do": "end"}).status_code == 422, "it is over already"

    def test_somebody_without_a_phone_is_found_signed_up_and_checked_in(self, town: Town, client_for: Any) -> None:
        desk = client_for(make_staff(Role.WORKER, town.community))
        fair = make_fair(town.community)
        person = make_resident(town.community, town.grids[0], name="欧阳听雨")
        other = make_resident(town.neighbour, name="欧阳听风")
        page = f"/desk/needs/fairs/{fair.pk}/"
        found = desk.get(f"{page}?who=欧阳").content.decode()
        assert "欧阳听雨" in found
        assert "欧阳听风" not in found
        assert "号码不能放在地址栏里" in desk.get(f"{page}?who=13800001234").content.decode()
        assert desk.post(f"{page}act/", {"do": "proxy", "resident": other.pk, "heads": 1}).status_code == 404
        for heads in ("0", "11", "x", "²"):
            assert desk.post(f"{page}act/", {"do": "proxy", "resident": person.pk, "heads": heads}).status_code == 422
        assert desk.post(f"{page}act/", {"do": "proxy", "resident": person.pk, "heads": 2}).status_code == 302
        one = SignUp.objects.get()
        assert (one.filed_by, one.heads, one.state) == ("worker", 2, "coming")
        for _ in range(2):
            assert desk.post(f"{page}act/", {"do": "here", "sign": one.pk}).status_code == 302
        assert "欧阳听雨" in desk.get(f"{page}?state=here&q=欧阳").content.decode()
        sheet = desk.post(f"{page}sheet/").content.decode()
        assert "欧阳听雨" in sheet
        assert "签名" in sheet
        assert desk.post(f"{page}export/")["Content-Disposition"].startswith("attachment")
        assert "扫码签到" in desk.get(f"{page}entrance/").content.decode()
        for garbage in ({"do": "here", "sign": "x"}, {"do": "nothing"}, {}, {"do": "proxy", "resident": "9" * 30}):
            assert desk.post(f"{page}act/", garbage).status_code == 422
        assert desk.post(f"{page}act/", {"do": "drop_stand", "stand": "1"}).status_code == 404

    def test_a_grid_worker_signs_up_their_own_and_runs_nothing(self, town: Town, client_for: Any) -> None:
        desk = client_for(make_staff(Role.GRID_WORKER, town.grids[0]))
        fair, mine = make_fair(town.community), make_resident(town.community, town.grids[0])
        make_sign_up(fair, make_resident(town.community, town.grids[1], name="欧阳听雨"))
        page = f"/desk/needs/fairs/{fair.pk}/"
        assert "欧阳听雨" not in desk.get(page).content.decode()
        assert desk.post(f"{page}act/", {"do": "proxy", "resident": mine.pk, "heads": 1}).status_code == 302
        assert desk.post(f"{page}act/", {"do": "stand", "title": "磨刀"}).status_code == 404
        assert desk.get(f"{page}stand/").status_code == 404
        assert desk.get(f"{page}edit/").status_code == 404

    def test_officers_see_how_many_and_nobody(self, town: Town, client_for: Any) -> None:
        fair, survey = make_fair(town.community), make_survey(town.community, make_category())
        make_sign_up(fair, make_resident(town.community, name="欧阳听雨"))
        street = town.community.parent
        assert street is not None
        officer = client_for(make_staff(Role.STREET_OFFICER, street))
        for page in (f"fairs/{fair.pk}/", f"surveys/{survey.pk}/"):
            words = officer.get(f"/desk/needs/{page}").content.decode()
            assert "欧阳听雨" not in words
            assert "名单只给社区看" in words
        assert officer.post(f"/desk/needs/fairs/{fair.pk}/export/").status_code == 404


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1. 苏映禾 3栋501 2人", ("苏映禾", 2, "")),
        ("2、江晚照+3", ("江晚照", 3, "")),
        ("３．林知夏　两个人", ("林知夏", 2, "")),
        ("4) 陈一鸣 13800001234", ("陈一鸣", 1, "")),
        ("5. 周望 来不了", ("周望", 1, "像是取消")),
        ("6. 888", ("", 1, "没看出姓名")),
        ("7. 程野 30人", ("程野", 10, "一次最多 10 个人")),
    ],
)
def test_a_line_of_the_chat_is_read(text: str, expected: tuple[str, int, str]) -> None:
    assert [(one.name, one.heads, one.doubt) for one in chat.read(f"周六市集，接龙\n\n{text}\n谢谢大家")] == [expected]


def test_a_chain_of_the_chat_becomes_sign_ups_that_somebody_confirmed(town: Town, client_for: Any) -> None:
    desk, fair = client_for(make_staff(Role.WORKER, town.community)), make_fair(town.community, capacity=3)
    sure, full = (make_resident(town.community, town.grids[0], name=name) for name in ("欧阳听雨", "欧阳听雪"))
    twins = [make_resident(town.community, town.grids[0], name="欧阳听风") for _ in range(2)]
    stranger = make_resident(town.neighbour, name="欧阳听云")
    page = f"/desk/needs/fairs/{fair.pk}/paste/"
    for empty in ("", "大家好"):
        assert desk.post(page, {"text": empty}).status_code == 422
    looked = desk.post(page, {"text": "1. 欧阳听雨 2人\n2. 欧阳听风\n3. 欧阳听云\n4. 欧阳听雨"}).content.decode()
    assert f'value="{sure.pk}" selected' in looked
    assert "有同名的" in looked
    assert "居民里没有这个名字" in looked, "the neighbours' are nobody here"
    assert "前面已经有这一位" in looked
    assert not SignUp.objects.exists()
    sent = {"do": "sign", "who-1": sure.pk, "heads-1": 2, "who-2": twins[1].pk, "heads-2": 1, "who-3": stranger.pk}
    sent |= {"who-4": "", "who-5": full.pk, "heads-5": "2", "who-6": "x", "who-7": twins[0].pk, "heads-7": "99"}
    done = desk.post(page, sent).content.decode()
    assert "报上 2 户，排队 1 户" in done
    assert "一次最多报 10 个人" in done
    assert set(SignUp.objects.values_list("resident", "state")) == {
        (sure.pk, "coming"),
        (twins[1].pk, "coming"),
        (full.pk, "waiting"),
    }


class TestTally:
    def test_a_tap_is_a_person_and_a_wrong_tap_is_taken_back(self, town: Town, client_for: Any) -> None:
        desk, fair = client_for(make_staff(Role.WORKER, town.community)), make_fair(town.community)
        category = make_category(label="磨刀")
        page = f"/desk/needs/fairs/{fair.pk}/stand/"
        assert "磨刀" in desk.get(page).content.decode()
        for more in ("1", "1", "12", "-1"):
            assert desk.post(f"{page}count/", {"category": category.pk, "more": more}).status_code == 302
        need = Need.objects.get()
        assert (need.heads, need.resident, need.channel, need.source) == (13, None, "fair", f"fair:{fair.pk}")
        desk.post(f"{page}count/", {"category": category.pk, "more": "-12"})
        desk.post(f"{page}count/", {"category": category.pk, "more": "-1"})
        assert not Need.objects.exists(), "nobody said it"
        assert desk.post(f"{page}count/", {"category": category.pk, "more": "-1"}).status_code == 302
        for garbage in (
            {"category": "x"},
            {"category": category.pk, "more": "many"},
            {"category": category.pk, "more": "0"},
        ):
            assert desk.post(f"{page}count/", garbage).status_code == 422
        off = make_category(is_active=False)
        assert desk.post(f"{page}count/", {"category": off.pk}).status_code == 422

    def test_what_was_answered_is_not_counted_on(self, town: Town) -> None:
        category = make_category()

        def tap(more: int) -> int:
            return tally_more(
                category, town.community, more, by=NOBODY, channel=Channel.FAIR, source="fair:1", reason="t"
            )

        assert [tap(1), tap(2)] == [1, 3]
        Need.objects.update(state="planned")
        assert tap(1) == 4
        with pytest.raises(Conflict, match="不能减到零"):
            tap(-4)
        Need.objects.update(state="answered")
        with pytest.raises(Conflict, match="已经有回音"):
            tap(1)
        with pytest.raises(Refused, match="999"):
            tap(1000)


@pytest.mark.django_db(transaction=True)
class TestTwoAtOneStand:
    """Twenty taps at once by two people: all of them count."""

    def _taps(self, tap: Callable[[Category, Place], None]) -> None:
        with transaction.atomic():
            see_everything()
            town, category = make_town(), make_category()
        community = town.community

        def one() -> None:
            try:
                with transaction.atomic():
                    see_everything()
                    tap(category, community)
            finally:
                connection.close()

        threads = [threading.Thread(target=one) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _heads(self) -> int:
        with transaction.atomic():
            see_everything()
            return Need.objects.get().heads

    def test_reading_first_loses_taps(self) -> None:
        """The careless way: everybody reads the figure, then everybody writes one more."""
        met = threading.Barrier(20)

        def careless(category: Category, community: Place) -> None:
            where = {"community": community, "channel": "fair", "filed_by": "worker"}
            seen = Need.objects.filter(source="fair:1", category=category).first()
            met.wait(30)
            Need.objects.update_or_create(
                source="fair:1", category=category, defaults={"heads": (seen.heads if seen else 0) + 1}, create_defaults=where
            )  # fmt: skip

        self._taps(careless)
        assert self._heads() < 20

    def test_every_tap_counts(self) -> None:
        def tap(category: Category, community: Place) -> None:
            tally_more(category, community, 1, by=NOBODY, channel=Channel.FAIR, source="fair:1", reason="t")

        self._taps(tap)
        assert self._heads() == 20


class TestSurvey:
    def test_it_is_written_sent_answered_once_and_read(self, town: Town, client_for: Any) -> None:
        desk = client_for(make_staff(Role.WORKER, town.community))
        cut, meal = make_category(label="学剪发"), make_category(label="老人吃饭", group="elder")
        form: dict[str, Any] = {
            "title": "缺什么",
            "closes_on": timezone.localdate().isoformat(),
            "categories": [cut.pk],
        }
        assert "至少选一类" in desk.post("/desk/needs/surveys/new/", form | {"categories": []}).content.decode()
        assert desk.post("/desk/needs/surveys/new/", form).status_code == 302
        survey = Survey.objects.get()
        page = f"/desk/needs/surveys/{survey.pk}/"
        person = make_resident(town.community, town.grids[0], name="欧阳听雨")
        phone = client_for(make_signed_up(person))
        assert phone.get(f"/needs/surveys/{survey.pk}/").status_code == 404, "a draft is nobody's business"
        assert desk.post(f"{page}edit/", form | {"categories": [cut.pk, meal.pk]}).status_code == 302
        assert desk.post(f"{page}act/", {"do": "open"}).status_code == 302
        assert desk.post(f"{page}edit/", form).status_code == 422, "what people have read stays"
        assert survey.title in phone.get("/").content.decode()
        assert phone.get(f"/q/{survey.code}")["Location"] == f"/needs/surveys/{survey.pk}/"
        empty = phone.post(f"/needs/surveys/{survey.pk}/", {})
        assert empty.status_code == 422
        assert "勾一样" in empty.content.decode()
        sent = {"ticked": [cut.pk, meal.pk], "words": "周末才有空"}
        assert phone.post(f"/needs/surveys/{survey.pk}/", sent).status_code == 302
        assert phone.post(f"/needs/surveys/{survey.pk}/", sent).status_code == 422, "once a person"
        assert {need.category for need in Need.objects.filter(channel="survey")} == {cut, meal}
        assert "填好了" in phone.get(f"/needs/surveys/{survey.pk}/").content.decode()
        assert survey.title not in phone.get("/").content.decode()
        results = desk.get(f"{page}?q=欧阳").content.decode()
        assert "欧阳听雨" in results
        assert "周末才有空" in results
        assert desk.post(f"{page}export/")["Content-Disposition"].startswith("attachment")
        assert desk.post(f"{page}act/", {"do": "close"}).status_code == 302
        late = client_for(make_signed_up(make_resident(town.community)))
        assert late.post(f"/needs/surveys/{survey.pk}/", sent).status_code == 422
        assert "已经收了" in late.get(f"/needs/surveys/{survey.pk}/").content.decode()

    def test_a_worker_fills_it_in_with_somebody_without_a_phone(self, town: Town, client_for: Any) -> None:
        category = make_category()
        survey = make_survey(town.community, category)
        desk = client_for(make_staff(Role.GRID_WORKER, town.grids[0]))
        person, other = make_resident(town.community, town.grids[0]), make_resident(town.community, town.grids[1])
        page = f"/desk/needs/surveys/{survey.pk}/for/{person.pk}/"
        assert desk.get(page).status_code == 200
        assert desk.post(page, {"ticked": [category.pk]}).status_code == 302
        assert SurveyAnswer.objects.get().filed_by == "worker"
        assert "已经填过" in desk.get(page).content.decode()
        assert desk.post(page, {"ticked": [category.pk]}).status_code == 422
        assert desk.post(f"/desk/needs/surveys/{survey.pk}/for/{other.pk}/", {"words": "x"}).status_code == 404

    def test_a_category_switched_off_meanwhile_is_not_asked_any_more(self, town: Town, client_for: Any) -> None:
        off, on = make_category(label="学吹笛"), make_category(label="学剪发")
        survey = make_survey(town.community, off, on)
        Category.objects.filter(pk=off.pk).update(is_active=False)
        phone = client_for(make_signed_up(make_resident(town.community)))
        assert "学吹笛" not in phone.get(f"/needs/surveys/{survey.pk}/").content.decode()
        assert phone.post(f"/needs/surveys/{survey.pk}/", {"ticked": [off.pk]}).status_code == 422
        assert not Need.objects.exists()


def test_the_lists_answer_whatever_stands_in_the_address(town: Town, client_for: Any) -> None:
    desk = client_for(make_staff(Role.WORKER, town.community))
    fair = make_fair(town.community)
    make_survey(town.community)
    for query in ("?state=open", "?state=planned&sort=-taken", "?state=x&page=99", "?q=%00'--", "?sort=title"):
        for page in ("fairs/", "surveys/", "net/", f"fairs/{fair.pk}/"):
            assert desk.get(f"/desk/needs/{page}{query}").status_code == 200, (page, query)
    for sheet in ("fairs/", "surveys/", "net/"):
        assert desk.post(f"/desk/needs/{sheet}export/")["Content-Disposition"].startswith("attachment")


@pytest.mark.django_db
def test_a_queue_moves_up_by_the_house_itself(town: Town) -> None:
    fair, now = make_fair(town.community, capacity=1), timezone.now()
    first, second = make_resident(town.community), make_resident(town.community)
    mine = fairs.sign_up(fair, first, 1, by=NOBODY, filed_by=FiledBy.SELF, now=now, reason="t")
    fairs.sign_up(fair, second, 1, by=NOBODY, filed_by=FiledBy.SELF, now=now, reason="t")
    fairs.cancel(mine, by=NOBODY, now=now, reason="t")
    from jiamenkou.services.needs.tasks import move_queue_up

    move_queue_up(fair=fair.pk)
    assert SignUp.objects.get(resident=second).state == "coming"
    assert Message.objects.filter(resident=second, notice="needs.moved_up").count() == 1
