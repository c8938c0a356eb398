"""Our own table is sound, and the classification is read or refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from jiamenkou.engines.occupations import Occupation, load_full, merged, own_table
from tests.shared import shared


def test_our_table_is_sound() -> None:
    table = own_table()
    assert len(table) >= 200
    assert len({one.code for one in table}) == len({one.name for one in table}) == len(table)
    assert all(re.fullmatch(r"\d-\d\d-\d\d-\d\d", one.code) for one in table)
    assert all(one.aliases for one in table)
    aliases = [alias for one in table for alias in one.aliases]
    assert len(aliases) == len(set(aliases)), "an alias that stands for two occupations decides nothing"
    assert not [name for name in aliases if re.search(r"[LS\s]$", name)]


def test_our_codes_and_names_are_the_official_ones() -> None:
    official = {one.code: {one.name, *one.aliases} for one in load_full(shared("csco2022/csco22.csv"))}
    assert [one for one in own_table() if one.name not in official.get(one.code, set())] == []


def test_the_full_classification_is_read() -> None:
    full = load_full(shared("csco2022/csco22.csv"))
    assert len(full) > 1_900
    assert [one.code for one in full] == sorted({one.code for one in full})
    assert not [one.name for one in full if one.name[-1] in "LS"]
    both = merged(own_table(), full)
    assert len(both) == len(full)
    carer = next(one for one in both if one.code == "4-10-01-05")
    assert carer.name == "养老护理员" and "护工" in carer.aliases


def test_a_file_is_read_and_marks_go(tmp_path: Path) -> None:
    file = tmp_path / "full.csv"
    file.write_text(
        "code,name,alias\n4-09-08-01,保洁员L,扫地S、保洁员\n4-09-08-01,清扫员,\n4-00-00-00,大类,\n",
        encoding="utf-8-sig",
    )
    assert load_full(file) == (Occupation("4-09-08-01", "保洁员", ("扫地", "清扫员")),)
    file.write_text("code,name\n4-09-08-01,保洁员\n", encoding="utf-8")
    assert load_full(file) == (Occupation("4-09-08-01", "保洁员"),)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "missing: code, name"),
        (b"code,title\n1,2\n", "missing: name"),
        (b"code,name\n4-9-8-1,x\n", "line 2"),
        (b"code,name\n4-09-08-01,LS\n", "line 2"),
        (b"code,name\n4-09-08-01\n", "line 2"),
        ("code,name\n4-09-08-01,保洁员\n".encode("gbk"), "UTF-8"),
        (b'code,name\n4-09-08-01,"x\n', "CSV"),
        (b"\x00\x01\x02", "missing|CSV"),
    ],
)
def test_a_bad_file_is_refused_with_its_place(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "bad.csv"
    file.write_bytes(content)
    with pytest.raises(ValueError, match=said):
        load_full(file)
