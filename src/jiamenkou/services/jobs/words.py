"""How this room says pay, hours and days."""

from __future__ import annotations

from jiamenkou.engines.matching.pay import yuan
from jiamenkou.services.jobs.models import Vacancy
from jiamenkou.services.jobs.states import PayUnit

DAYS = "一二三四五六日"
UNKNOWN_HOURS = "上班时间问单位"


def pay_figure(vacancy: Vacancy) -> str:
    """``4200–4600``, ``22``, ``3800 起`` or ``面议``."""
    low, high = vacancy.pay_min_fen, vacancy.pay_max_fen
    if low is None and high is None:
        return "面议"
    if low is None:
        return f"{yuan(high or 0)} 以内"
    if high is None:
        return f"{yuan(low)} 起"
    return yuan(low) if low == high else f"{yuan(low)}–{yuan(high)}"


def pay_unit(vacancy: Vacancy) -> str:
    """``元/月``; empty where there is no figure."""
    return f"元/{PayUnit(vacancy.pay_unit).label}" if vacancy.pay_unit and pay_figure(vacancy) != "面议" else ""


def pay(vacancy: Vacancy) -> str:
    return f"{pay_figure(vacancy)} {pay_unit(vacancy)}".strip()


def clock(minute: int) -> str:
    """``510`` → ``8:30``; past midnight with its day."""
    day, rest = divmod(minute, 1440)
    return ("次日 " if day else "") + f"{rest // 60}:{rest % 60:02d}"


def days(mask: int | None) -> str:
    """A mask of weekdays as people say it."""
    if not mask:
        return ""
    if mask == 127:
        return "每天"
    if mask == 31:
        return "周一至周五"
    if mask == 63:
        return "周一至周六"
    return "周" + "、".join(DAYS[i] for i in range(7) if mask >> i & 1)


def hours(vacancy: Vacancy) -> str:
    """``周一至周五 8:00–15:30``, or the words of the employer."""
    if vacancy.start_minute is None or vacancy.end_minute is None:
        return vacancy.hours or UNKNOWN_HOURS
    return f"{days(vacancy.weekdays)} {clock(vacancy.start_minute)}–{clock(vacancy.end_minute)}".strip()


def late(seconds: float) -> str:
    """How long something is late, in words: ``超 1 天 4 小时``."""
    minutes = max(1, int(seconds // 60))
    d, rest = divmod(minutes, 1440)
    h, m = divmod(rest, 60)
    parts = [f"{d} 天" if d else "", f"{h} 小时" if h else "", f"{m} 分钟" if not d and not h else ""]
    return "超 " + " ".join(part for part in parts if part)
