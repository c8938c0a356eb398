"""What a poster of a vacancy says, and the text for a chat group. Nothing personal: neither a home nor a name."""

from __future__ import annotations

from datetime import date

from django.conf import settings

from jiamenkou.engines.matching import spot
from jiamenkou.engines.matching.walking import minutes
from jiamenkou.foundation.places.models import Place
from jiamenkou.foundation.posters import LINE_SIZE, LINE_WIDTH, Poster, laid_out, width
from jiamenkou.services.jobs import words
from jiamenkou.services.jobs.matching import ORIGIN, SCHOOL_IN, SCHOOL_OUT
from jiamenkou.services.jobs.models import Vacancy

# beyond this nobody walks, and the poster does not say a time
WALKABLE_MINUTES = 45
CHAT_WIDTH = 40 * LINE_SIZE


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
    return laid_out(
        vacancy.title,
        (words.pay_figure(vacancy), words.pay_unit(vacancy)),
        [
            ("clock", *_time(vacancy)),
            ("map-pin", *_where(vacancy, walk_minutes(vacancy, community))),
            ("badge-check", "", _needs(vacancy)),
            ("users-round", *_left(vacancy)),
        ],
        phone=community.phone if community is not None and community.phone else vacancy.phone,
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
