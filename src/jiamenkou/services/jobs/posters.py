"""What a poster of a vacancy says, and the text for a chat group. Nothing personal: neither a home nor a name."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from jiamenkou.engines.matching import spot
from jiamenkou.engines.matching.walking import minutes
from jiamenkou.foundation.places.models import Place
from jiamenkou.services.jobs import words
from jiamenkou.services.jobs.matching import ORIGIN, SCHOOL_IN, SCHOOL_OUT
from jiamenkou.services.jobs.models import Vacancy

# beyond this nobody walks, and the poster does not say a time
WALKABLE_MINUTES = 45
# the poster's column in units of its 750 wide drawing
WIDTH = 598
LINE_WIDTH = 530
LINE_SIZE = 36
CHAT_WIDTH = 40 * LINE_SIZE
TITLE_SIZES = (56, 48, 42)


@dataclass(frozen=True, slots=True)
class Line:
    """One line with its icon; ``strong`` is printed bold before the rest. ``y`` is the line the letters stand on."""

    icon: str
    strong: str
    rest: str
    y: int
    size: int = LINE_SIZE

    @property
    def icon_y(self) -> int:
        return self.y - 36


@dataclass(frozen=True, slots=True)
class Poster:
    """A drawing of 750 × 1200. Sizes and positions are worked out here, the template only draws."""

    title: tuple[str, ...]
    title_size: int
    pay: str
    pay_size: int
    unit: str
    unit_x: int
    lines: tuple[Line, ...]
    phone: str
    place: str
    address: str
    checked: bool

    @property
    def pay_y(self) -> int:
        return self.title_y(len(self.title) - 1) + 22 + self.pay_size

    def title_y(self, line: int) -> int:
        return 450 + line * (self.title_size + 10)

    @property
    def titles(self) -> list[tuple[int, str]]:
        return [(self.title_y(place), text) for place, text in enumerate(self.title)]


def width(text: str, size: int) -> float:
    """How wide a text is drawn, roughly: a Chinese character is a square, a Latin one a little over half."""
    return size * sum(1.0 if unicodedata.east_asian_width(ch) in "WF" else 0.57 for ch in text)


def cut(text: str, size: int, room: float) -> str:
    """The text, or as much of it as fits with an ellipsis."""
    if width(text, size) <= room:
        return text
    while text and width(text + "…", size) > room:
        text = text[:-1]
    return text + "…"


def wrapped(title: str) -> tuple[int, tuple[str, ...]]:
    """The title in one line as large as it goes, else in two lines of the smallest size."""
    for size in TITLE_SIZES:
        if width(title, size) <= WIDTH:
            return size, (title,)
    size = TITLE_SIZES[-1]
    head = title
    while width(head, size) > WIDTH:
        head = head[:-1]
    return size, (head, cut(title[len(head) :], size, WIDTH))


def walk_minutes(vacancy: Vacancy, community: Place | None) -> int | None:
    """From the community's gate to the work, on foot. None where either place is not known or it is too far."""
    latitude, longitude = vacancy.latitude, vacancy.longitude
    if latitude is None or longitude is None:
        latitude, longitude = vacancy.employer.latitude, vacancy.employer.longitude
    if community is None or latitude is None or longitude is None:
        return None
    if community.latitude is None or community.longitude is None:
        return None
    gate = spot(community.latitude, community.longitude, ORIGIN)
    found = minutes(gate, spot(latitude, longitude, ORIGIN))
    return found if found <= WALKABLE_MINUTES else None


def address_of(vacancy: Vacancy) -> str:
    """Where the code on the poster leads: the vacancy's own code and nothing else."""
    return f"{settings.PUBLIC_URL}/q/{vacancy.code}"


def _time(vacancy: Vacancy) -> tuple[str, str]:
    start, end = vacancy.start_minute, vacancy.end_minute
    if start is not None and end is not None and start >= SCHOOL_IN and end <= SCHOOL_OUT:
        return f"{words.clock(end)} 下班", "，接得到孩子"
    if start is not None and end is not None and end <= SCHOOL_OUT:
        return f"{words.clock(start)}–{words.clock(end)}", "，接得到放学"
    return words.hours(vacancy), f"，{vacancy.rest}" if vacancy.rest else ""


def _where(vacancy: Vacancy, walk: int | None) -> tuple[str, str]:
    where = vacancy.landmark or vacancy.address or vacancy.employer.address
    if walk is None:
        return "", where or "地点问单位"
    return f"走路 {walk} 分钟", f"，{where}" if where else ""


def _needs(vacancy: Vacancy, room: float = LINE_WIDTH) -> str:
    """What is asked for, then as many benefits as fit whole."""
    said = [f"有{name}就行" for name in vacancy.certificates[:1]] or vacancy.requirements[:1] or ["没有特别要求"]
    for benefit in vacancy.benefits:
        if width("，".join([*said, benefit]), LINE_SIZE) <= room:
            said.append(benefit)
    return "，".join(said)


def _left(vacancy: Vacancy) -> tuple[str, str]:
    closes = vacancy.closes_on
    return f"还招 {vacancy.places_left} 人", f"，{closes.month} 月 {closes.day} 日截止" if closes else "，招满为止"


def poster_of(vacancy: Vacancy, community: Place | None, today: date) -> Poster:
    """The poster of a vacancy as it hangs in ``community``; its licence mark is shown only while it is good."""
    size, title = wrapped(vacancy.title)
    pay, unit = words.pay_figure(vacancy), words.pay_unit(vacancy)
    pay_size = 84
    while width(pay, pay_size) + width(unit, 30) + 14 > WIDTH:
        pay_size -= 4
    said = [
        ("clock", *_time(vacancy)),
        ("map-pin", *_where(vacancy, walk_minutes(vacancy, community))),
        ("badge-check", "", _needs(vacancy)),
        ("users-round", *_left(vacancy)),
    ]
    # two lines of title push the rest down and closer together
    first, step = (628, 72) if len(title) == 1 else (672, 62)
    lines = []
    for place, (icon, strong, rest) in enumerate(said):
        strong = cut(strong, LINE_SIZE, LINE_WIDTH)
        rest = cut(rest, LINE_SIZE, LINE_WIDTH - width(strong, LINE_SIZE))
        lines.append(Line(icon, strong, rest, first + place * step))
    phone = community.phone if community is not None and community.phone else vacancy.phone
    return Poster(
        title=title,
        title_size=size,
        pay=pay,
        pay_size=pay_size,
        unit=unit,
        unit_x=round(76 + width(pay, pay_size) + 14),
        lines=tuple(lines),
        phone=phone,
        place=community.name if community is not None else "",
        address=address_of(vacancy),
        checked=vacancy.employer.licence_is_good(today),
    )


def chat_text(vacancy: Vacancy, community: Place | None) -> str:
    """What one pastes into a group: short lines, the address last so that it stays a link."""
    time, where = _time(vacancy), _where(vacancy, walk_minutes(vacancy, community))
    contact = " ".join(part for part in (vacancy.contact, vacancy.phone) if part)
    lines = [
        f"【{community.name}招人】{vacancy.title}" if community else f"【家门口招人】{vacancy.title}",
        f"单位：{vacancy.employer.name}",
        f"工资：{words.pay(vacancy)}",
        f"时间：{''.join(time)}",
        f"地点：{''.join(where).strip('，')}",
        f"条件：{_needs(vacancy, CHAT_WIDTH)}",
        f"{''.join(_left(vacancy))}",
        f"联系：{contact}" if contact else "",
        "不收任何费用。点开就能报名：",
        address_of(vacancy),
    ]
    return "\n".join(line for line in lines if line)
