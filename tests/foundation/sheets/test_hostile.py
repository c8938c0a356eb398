"""Every refusal of the contract: one plain Chinese line, within two seconds, below 256 MB."""

from __future__ import annotations

import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiamenkou.foundation.sheets import Refused, inspect, read
from tests.foundation.sheets.hostile import CORPUS, workbook

TRY = """
import re, resource, sys
from datetime import date
from jiamenkou.foundation.people.roster import read_roster
from jiamenkou.foundation.sheets import Refused
try:
    read_roster(sys.argv[1], date(2026, 11, 22))
except Refused as refusal:
    # the high-water mark since exec: ru_maxrss would still show the memory of the test run that forked us
    own = int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1])
    peak = max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
    sys.stdout.buffer.write(f"{refusal.message}\\n{peak}".encode())
    sys.exit(3 if "django" not in sys.modules else 4)
"""


@pytest.mark.parametrize("name", CORPUS)
def test_refused_in_one_line_soon_and_small(name: str, tmp_path: Path) -> None:
    file_name, make, words = CORPUS[name]
    path = tmp_path / file_name
    path.write_bytes(make())
    with subprocess.Popen(
        [sys.executable, "-c", TRY, str(path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    ) as process:
        assert process.stdout and process.stderr
        out, wrong = process.stdout.read().decode(), process.stderr.read().decode()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert wrong == ""
    assert process.returncode == 3, "the file was read"
    said, peak_kb = out.split("\n")
    assert words in said
    assert len(said) <= 200
    assert all(unicodedata.category(character)[0] != "C" for character in said)
    # CPU seconds: the two seconds of the contract on a machine that does nothing else meanwhile
    assert used.ru_utime + used.ru_stime < 2
    assert int(peak_kb) < 256 * 1024


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    for path in (tmp_path / "none.xlsx", tmp_path):
        with pytest.raises(Refused, match="没有找到"):
            inspect(path)


def test_a_slow_child_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook())
    with pytest.raises(Refused, match="已停止"):
        list(read(path, deadline=0.0).rows)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=3000))
def test_no_bytes_make_a_traceback_when_looked_at(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any"
    for head in (b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xef\xbb\xbf"):
        path.write_bytes(head + data)
        try:
            inspect(path)
        except Refused as refusal:
            assert 0 < len(refusal.message) <= 200


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=12))
def test_no_damage_makes_a_traceback_when_read(
    tmp_path_factory: pytest.TempPathFactory, damage: list[tuple[int, int]]
) -> None:
    data = bytearray(workbook())
    for at, value in damage:
        data[at % len(data)] = value
    path = tmp_path_factory.getbasetemp() / "damaged.xlsx"
    path.write_bytes(bytes(data))
    try:
        for row in read(path).rows:
            assert row.number > 0
    except Refused as refusal:
        assert 0 < len(refusal.message) <= 200
