"""How times, money and minutes are said here."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone

DAYS = "一二三四五六日"


def day(on: date, today: date) -> str:
    """今天, 明天, 周四, 12月3日."""
    ahead = (on - today).days
    if ahead in (0, 1, 2):
        return ("今天", "明天", "后天")[ahead]
    if ahead == -1:
        return "昨天"
    if 0 < ahead < 7:
        return f"周{DAYS[on.weekday()]}"
    return f"{on.month}月{on.day}日"


def when(moment: datetime, today: date | None = None) -> str:
    """明天 9:30."""
    local = timezone.localtime(moment)
    return f"{day(local.date(), today or timezone.localdate())} {clock(local)}"


def dated(on: date) -> str:
    """12月3日（周四）: for messages, which are read on another day than they were written."""
    return f"{on.month}月{on.day}日（周{DAYS[on.weekday()]}）"


def dated_when(moment: datetime) -> str:
    """12月3日（周四）9:30."""
    local = timezone.localtime(moment)
    return f"{dated(local.date())}{clock(local)}"


def clock(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return f"{local.hour}:{local.minute:02d}"


def span(start: datetime, end: datetime) -> str:
    return f"{when(start)}–{clock(end)}"


def yuan(fen: int) -> str:
    """不收钱, 5 元, 5.50 元."""
    if not fen:
        return "不收钱"
    return f"{fen // 100} 元" if fen % 100 == 0 else f"{fen / 100:.2f} 元"


def minutes(count: int) -> str:
    """1 小时 30 分."""
    hours, rest = divmod(abs(count), 60)
    said = " ".join(
        part for part in (f"{hours} 小时" if hours else "", f"{rest} 分钟" if rest or not hours else "") if part
    )
    return f"欠 {said}" if count < 0 else said


def late(due: date, today: date) -> str:
    return f"过了 {(today - due).days} 天"


def back_by(lent: date, days: int) -> date:
    return lent + timedelta(days=days)
