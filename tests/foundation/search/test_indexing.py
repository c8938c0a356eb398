"""The public index against a plain reading of every row."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from jiamenkou.foundation.access.scope import Scope
from jiamenkou.foundation.events.bus import publish
from jiamenkou.foundation.people.events import ResidentChanged
from jiamenkou.foundation.search import indexing
from jiamenkou.foundation.search.folding import fold, grams, is_letters
from jiamenkou.foundation.search.indexing import Item, count_public, find_public, forget, index_many, index_public
from jiamenkou.foundation.search.models import PublicEntry, ResidentEntry
from jiamenkou.foundation.search.residents import find_residents, reindex_residents
from tests.people import Town, make_resident
from tests.services.jobs.make import make_vacancy

START = datetime(2026, 11, 1, tzinfo=UTC)
THINGS = [
    (1, "日间照料中心护理员", ("颐安居养老服务中心", "梧桐路 12 号")),
    (2, "助浴师", ("颐安居养老服务中心", "河畔路")),
    (3, "保洁员", ("洁美佳物业", "社区双休")),
    (4, "收银员", ("鲜又多超市", "双休")),
    (5, "100%_包住缝纫工", ("锦绣服装厂", "")),
    (6, "乾洗店員", ("天和洗衣", "ＡＢ座")),
]


@pytest.fixture
def index(db: None) -> None:
    index_many("vacancy", [Item(n, None, title, parts, START + timedelta(hours=n)) for n, title, parts in THINGS])


@pytest.mark.parametrize(
    ("word", "ids"),
    [
        ("护", (1,)),
        ("助浴", (2,)),
        ("助浴师", (2,)),
        ("養老", (2, 1)),
        ("颐安居 护理", (1,)),
        ("收银 双休", (4,)),
        ("社区", (3,)),
        ("员颐", ()),
        ("hly", (1,)),
        ("zys", (2,)),
        ("bjy 社", (3,)),
        ("%", (5,)),
        ("0%_", (5,)),
        ("乾洗", (6,)),
        ("干", (6,)),
        ("ab座", (6,)),
        ("鲸", ()),
        ("", (6, 5, 4, 3, 2, 1)),
    ],
)
@pytest.mark.parametrize("window", [0, 3, 2000])
def test_words_of_any_length_are_found(
    index: None, monkeypatch: pytest.MonkeyPatch, word: str, ids: tuple[int, ...], window: int
) -> None:
    monkeypatch.setattr(indexing, "NEWEST", window)
    assert find_public("vacancy", word, None, 10).ids == ids
    assert count_public("vacancy", word, None).value == len(ids)


def test_pages_follow_one_another(index: None) -> None:
    first = find_public("vacancy", "", None, 4)
    assert first.ids == (6, 5, 4, 3)
    second = find_public("vacancy", "", None, 4, before=first.next)
    assert (second.ids, second.next) == ((2, 1), None)


def test_count_stops_at_a_thousand(db: None) -> None:
    index_many("vacancy", [Item(n, None, "护理员", (), START) for n in range(1, 1103)])
    assert count_public("vacancy", "护", None).words == "1000+"
    assert count_public("vacancy", "hly", None).words == "1000+"


def test_what_is_found_in_both_ways_is_counted_once(db: None) -> None:
    """Letters in the text, and letters as initials: one row may hold both."""
    for number, title in enumerate(("hly护理员", "护理员", "hly 班组", "保洁员"), start=1):
        index_public("vacancy", number, None, title, (), START)
    assert len(find_public("vacancy", "hly", None, 10).ids) == 3
    assert count_public("vacancy", "hly", None).value == 3
    assert count_public("vacancy", "hly 护理", None).value == 2


def test_communities_and_kinds_are_kept_apart(index: None, town: Town) -> None:
    index_public("vacancy", 20, town.community.pk, "护理员", ["本社区"], START)
    index_public("course", 21, None, "护理员培训", [], START)
    assert find_public("vacancy", "护理", town.community.pk, 10).ids == (1, 20)
    assert find_public("vacancy", "护理", town.neighbour.pk, 10).ids == (1,)


def test_an_entry_is_replaced_and_forgotten(index: None) -> None:
    index_public("vacancy", 2, None, "面点师", [], START)
    assert find_public("vacancy", "助浴", None, 10).ids == ()
    forget("vacancy", 2)
    assert not PublicEntry.objects.filter(object_id=2).exists()


@given(st.text("护理员保洁 ab養Ａ", max_size=12), st.text("护理员保洁ab養Ａ", min_size=1, max_size=3))
def test_grams_never_lose_a_word(text: str, word: str) -> None:
    from jiamenkou.foundation.search.folding import pairs

    folded, wanted = fold(text), fold(word)
    if wanted in folded:
        assert set(pairs(wanted)) <= grams(folded)


def test_part_of_a_text_folds_as_the_whole_does() -> None:
    assert fold("乾隆") == fold("乾") + fold("隆")
    assert not is_letters("护理") and not is_letters("h") and is_letters("hl")


def test_residents_are_found_in_scope_only(town: Town) -> None:
    here = make_resident(town.community, town.grids[0], name="苏映禾", address="兰翔二村20幢，电话13800001234")
    there = make_resident(town.neighbour, name="苏映荷")
    assert reindex_residents([here.pk, there.pk]) == 2
    scope = Scope(communities=frozenset({town.community.pk}))
    for word in ("苏", "映禾", "蘇映", "syh", "兰翔", "20幢 苏"):
        assert find_residents(scope, word, limit=10) == [here.pk]
    assert find_residents(Scope(grids=frozenset({town.grids[0].pk})), "苏", limit=10) == [here.pk]
    assert find_residents(scope, "13800001234", limit=10) == []
    assert "13800001234" not in ResidentEntry.objects.get(resident=here).text


def test_a_changed_resident_is_found_by_the_new_name(town: Town) -> None:
    person = make_resident(town.community, name="苏映禾")
    publish(ResidentChanged(person.pk))
    person.name = "林知秋"
    person.save()
    publish(ResidentChanged(person.pk))
    scope = Scope(communities=frozenset({town.community.pk}))
    assert find_residents(scope, "苏映禾", limit=10) == []
    assert find_residents(scope, "lzq", limit=10) == [person.pk]


def test_a_merged_resident_is_not_found(town: Town) -> None:
    kept, gone = make_resident(town.community), make_resident(town.community, name="苏映禾")
    reindex_residents([gone.pk])
    gone.merged_into = kept
    gone.save()
    assert reindex_residents([gone.pk]) == 0
    assert not ResidentEntry.objects.filter(resident=gone).exists()


def test_an_old_database_is_indexed_again(town: Town) -> None:
    """What was written past the index, as before it was there, is found after the command."""
    person = make_resident(town.community, name="颜知秋")
    vacancy = make_vacancy(title="修表匠", community=town.community)
    ResidentEntry.objects.all().delete()
    PublicEntry.objects.all().delete()
    seen = Scope(frozenset({town.community.pk}))
    assert find_residents(seen, "知秋", limit=5) == []
    call_command("reindex", stdout=StringIO())
    assert find_residents(seen, "知秋", limit=5) == [person.pk]
    assert find_public("vacancy", "修表", town.community.pk, 5).ids == (vacancy.pk,)
