"""The checks of ``doctor``. Each says what was found, and how to mend it, in plain Chinese."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

import psycopg

from jiamenkou.host import keys, schema
from jiamenkou.host.datadir import DataDir, read_json
from jiamenkou.host.runtime import Runtime

OLDEST_PYTHON = (3, 11)
DISK_FAIL = 500_000_000  # bytes
DISK_WARN = 3_000_000_000
CALENDAR_DAYS = 60  # an alarm this long before the year without holidays begins
CLOCK_WARN = 2.0  # seconds between this machine and the database
CLOCK_FAIL = 60.0


class State(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "fail"
    SKIPPED = "skipped"


Connection = psycopg.Connection[tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Check:
    """One finding. ``name`` is for programs, the rest for people; no ``fix`` where nothing is wrong."""

    name: str
    title: str
    state: State
    found: str
    fix: str = ""

    def as_json(self) -> dict[str, str]:
        return {"name": self.name, "state": self.state, "title": self.title, "found": self.found, "fix": self.fix}


def machine_checks(data: DataDir) -> Iterator[Check]:
    """What needs no database."""
    yield _python()
    yield _disk(data)
    yield _keys(data)
    yield calendar(_today(), calendar_end())
    yield _font()


def database_checks(here: Runtime) -> Iterator[Check]:
    """What the database says of itself to the role that serves."""
    with psycopg.connect(here.urls["web"], autocommit=True) as web:
        yield _role(web)
        yield _locale(web)
        yield _clock(web)
        yield _row_level_security(web)
        yield calendar(_today(), calendar_kept(web) or calendar_end())
    yield _schema(here)


def _python() -> Check:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] >= OLDEST_PYTHON:
        return Check("python", "Python", State.OK, version)
    return Check("python", "Python", State.FAIL, version, "请安装 Python 3.11 或更新版本")


def _disk(data: DataDir) -> Check:
    place = next(folder for folder in (data.root, *data.root.parents) if folder.exists())
    free = shutil.disk_usage(place).free
    state = State.FAIL if free < DISK_FAIL else State.WARN if free < DISK_WARN else State.OK
    fix = "" if state is State.OK else f"请在 {place} 所在磁盘清出空间，或用 --data 换一个磁盘"
    return Check("disk", "磁盘", state, f"剩余 {free / 1e9:.1f} GB", fix)


def _keys(data: DataDir) -> Check:
    path = data.keys
    if not path.exists():
        if (data.postgres / "cluster").exists():
            return Check("keys", "密钥", State.FAIL, f"找不到 {path}", "请放回原来的密钥文件，或设置 JIAMENKOU_KEYS")
        return Check("keys", "密钥", State.SKIPPED, "首次启动时生成")
    try:
        keys.check(path)
    except keys.KeysError as fault:
        return Check("keys", "密钥", State.FAIL, str(fault), "请从保管处取回密钥文件")
    if keys.readable_by_others(path):
        return Check("keys", "密钥", State.FAIL, f"其他用户可以读取 {path}", f"chmod 600 {path}")
    if path.resolve().is_relative_to(data.files.resolve()):
        return Check("keys", "密钥", State.FAIL, "密钥在上传目录内，会进入备份", f"请把 {path} 移到 {data.files} 之外")
    return Check("keys", "密钥", State.OK, f"{path}，不在备份内")


def _today() -> date:
    return datetime.now(ZoneInfo("Asia/Shanghai")).date()


def calendar_end() -> date:
    """The last day whose holidays and make-up days the package knows."""
    from chinese_calendar.constants import holidays

    return date(max(holidays).year, 12, 31)


def calendar_kept(web: Connection) -> date | None:
    """The last day of the table that the house goes by, once somebody imported a year; None before."""
    try:
        row = web.execute("select through from cases_calendarversion order by id desc limit 1").fetchone()
    except psycopg.errors.UndefinedTable:
        return None
    return row[0] if row is not None and isinstance(row[0], date) else None


def calendar(today: date, last: date) -> Check:
    left = (last - today).days
    if left >= CALENDAR_DAYS:
        return Check("calendar", "节假日表", State.OK, f"到 {last}")
    state = State.WARN if left >= 0 else State.FAIL
    return Check("calendar", "节假日表", state, f"只到 {last}", "请在“工作日历”导入下一年的放假安排")


def _font() -> Check:
    from jiamenkou.foundation.painting.fonts import NAMED, found

    if (path := found()) is not None:
        return Check("font", "中文字体", State.OK, f"{path.name}，海报能存成图片")
    fix = f"安装 fonts-noto-cjk，或者用 {NAMED} 指一个字体文件，再重启"
    return Check("font", "中文字体", State.WARN, "没有找到，海报只能由浏览器画", fix)


def _role(web: Connection) -> Check:
    row = web.execute(
        "select r.rolname, r.rolsuper, r.rolbypassrls, pg_has_role(r.oid, d.datdba, 'member')"
        " from pg_roles r, pg_database d where r.rolname = current_user and d.datname = current_database()"
    ).fetchone()
    assert row is not None  # one is always somebody
    name, superuser, bypass, owner = row
    wrong = [
        what for what, is_so in (("超级用户", superuser), ("BYPASSRLS", bypass), ("数据库所有者", owner)) if is_so
    ]
    if wrong:
        found = f"{name} 是{'、'.join(wrong)}，行级安全对它无效"
        return Check("role", "数据库账号", State.FAIL, found, "请改用 docs/operator 角色表中的 jiamenkou_web")
    return Check("role", "数据库账号", State.OK, f"{name}（受行级安全约束）")


def _locale(web: Connection) -> Check:
    try:
        row = web.execute("select cardinality(show_trgm('保洁员')), getdatabaseencoding()").fetchone()
    except psycopg.errors.UndefinedFunction:
        return Check("locale", "中文检索", State.FAIL, "缺少扩展 pg_trgm", "由所有者执行 create extension pg_trgm")
    assert row is not None
    if row[0] and row[1] == "UTF8":
        return Check("locale", "中文检索", State.OK, "三字组与编码正常")
    fix = "数据库须以 UTF8 编码、C.UTF-8 区域建立：请备份后重建"
    return Check("locale", "中文检索", State.FAIL, "数据库区域设置看不见汉字", fix)


def _clock(web: Connection) -> Check:
    before = datetime.now(UTC)
    row = web.execute("select clock_timestamp()").fetchone()
    after = datetime.now(UTC)
    assert row is not None and isinstance(row[0], datetime)
    # between the two readings everything is right; outside, the distance to the nearer one counts
    apart = max((before - row[0]).total_seconds(), (row[0] - after).total_seconds(), 0.0)
    state = State.FAIL if apart > CLOCK_FAIL else State.WARN if apart > CLOCK_WARN else State.OK
    fix = "" if state is State.OK else "请让本机与数据库服务器都自动对时（NTP）"
    return Check("clock", "时钟", state, f"与数据库相差 {apart:.1f} 秒", fix)


def _row_level_security(web: Connection) -> Check:
    rows = web.execute(
        "select relname from pg_class where relrowsecurity and not relforcerowsecurity and relkind = 'r' order by 1"
    ).fetchall()
    if rows:
        names = "、".join(str(row[0]) for row in rows[:5])
        fix = "由所有者执行 alter table … force row level security"
        return Check("rls", "行级安全", State.FAIL, f"对所有者不强制：{names}", fix)
    count = web.execute("select count(*) from pg_class where relrowsecurity and relkind = 'r'").fetchone()
    return Check("rls", "行级安全", State.OK, f"{count[0] if count else 0} 张表强制执行")


def _schema(here: Runtime) -> Check:
    if read_json(here.data.installed).get("fingerprint") == schema.fingerprint():
        return Check("schema", "数据库结构", State.OK, "与程序一致")
    return Check("schema", "数据库结构", State.WARN, "程序更新后还没有迁移", "重新启动 jiamenkou up")
