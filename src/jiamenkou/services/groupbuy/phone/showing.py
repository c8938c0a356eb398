"""What buyers' pages show of a product in a group: exactly these columns, since the page of a rush is asked for by all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from html import escape
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from jiamenkou.services.groupbuy import words
from jiamenkou.services.groupbuy.states import LIVE


class Shown(NamedTuple):
    """One offer with its product and lot. ``photo`` is the file's own number."""

    cycle: int
    pk: int
    price_fen: int
    stock: int
    left: int
    limit: int
    name: str
    spec: str
    market_fen: int | None
    origin: str
    keeping: str
    about: str
    by_lot: bool
    photo: UUID | None
    lot: str | None
    lot_number: str | None

    @property
    def photo_href(self) -> str:
        return f"/files/{self.photo}/" if self.photo else ""

    @property
    def lot_page(self) -> str:
        return f"/groups/lots/{self.lot}/" if self.lot else ""


_OFFERS = """
    select o.cycle_id, o.id, o.price_fen, o.stock, o."left", o."limit", p.name, p.spec, p.market_fen, p.origin, p.keeping,
           p.about, p.by_lot, f.uid, l.code, l.number
      from groupbuy_offer o join groupbuy_product p on p.id = o.product_id
      left join files_storedfile f on f.id = p.photo_id left join groupbuy_lot l on l.id = o.lot_id
     where o.cycle_id = any(%s) order by o.id
"""


def offers_shown(cycles: Iterable[int]) -> dict[int, list[Shown]]:
    """Cycle → its offers in their order. One query."""
    found: dict[int, list[Shown]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_OFFERS, [list(cycles)])
        for row in cursor.fetchall():
            found[row[0]].append(Shown(*row))
    return found


class Point(NamedTuple):
    """A pickup point as a buyer chooses it."""

    pk: int
    name: str
    where: str
    hours: str


def points_shown(cycle: int) -> list[Point]:
    """Where this cycle is handed over. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select p.id, p.name, p."where", p.hours from groupbuy_pickuppoint p
                 join groupbuy_cycle_points c on c.pickuppoint_id = p.id
                where c.cycle_id = %s order by p.name, p.id""",
            [cycle],
        )
        return [Point(*row) for row in cursor.fetchall()]


def last_order(cycle: int, residents: Iterable[int]) -> tuple[int, str] | None:
    """The number and the state of the last order that these people have in it and that is not over. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select id, state from groupbuy_order
                where resident_id = any(%s) and cycle_id = %s and state = any(%s) order by id desc limit 1""",
            [list(residents), cycle, [str(state) for state in LIVE]],
        )
        found: tuple[int, str] | None = cursor.fetchone()
    return found


_ROW = """      <div class="row ends wrap">
        <span class="group-name"><b>{name}</b><span class="meta block">{sub}{lot}{limit}</span></span>
        {step}
      </div>
"""
_LOT = ' · <a class="link" href="{}">{}</a>'
_STEP = (
    '<span class="group-step"><button type="button" data-less="{field}" aria-label="{less}">−</button>'
    '<input class="input" inputmode="numeric" name="{field}" value="{boxes}" data-price="{fen}" data-most="{most}" '
    'aria-label="{name}" maxlength="2"><button type="button" data-more="{field}" aria-label="{more}">＋</button></span>'
)
_GONE = '<b class="grey tone">{}</b>'


def rows_shown(offers: Iterable[Shown], boxes: Mapping[int, int]) -> SafeString:
    """The products of the form, one a line: a group of twenty asks the template language for three hundred words."""
    # every word is escaped here, once, by the quick function of the standard library
    less, more, gone, see = escape(_("少一份")), escape(_("多一份")), escape(_("已抢光")), escape(_("看这一批"))
    drawn = []
    for offer in offers:
        name, field = escape(offer.name), f"offer-{offer.pk}"
        many, most = boxes.get(offer.pk, 0), min(offer.limit or 99, 99)
        step = _STEP.format(
            field=field, less=less, more=more, boxes=int(many), fen=offer.price_fen, most=most, name=name
        )
        drawn.append(
            _ROW.format(
                name=name,
                sub=escape(f"{words.yuan(offer.price_fen)} / {offer.spec}"),
                lot=_LOT.format(escape(offer.lot_page), see) if offer.lot_page else "",
                limit=escape(_(" · 每人限 %(n)s 份") % {"n": offer.limit}) if offer.limit else "",
                step=step if offer.left > 0 else _GONE.format(gone),
            )
        )
    return mark_safe("".join(drawn))  # noqa: S308 - escaped above
