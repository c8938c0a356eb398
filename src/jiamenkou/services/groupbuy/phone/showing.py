"""What buyers' pages show of a product in a group: exactly these columns, since the page of a rush is asked for by all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from jiamenkou.services.groupbuy.models import Offer


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


_COLUMNS = (
    "cycle", "id", "price_fen", "stock", "left", "limit", "product__name", "product__spec", "product__market_fen",
    "product__origin", "product__keeping", "product__about", "product__by_lot", "product__photo__uid", "lot__code",
    "lot__number",
)  # fmt: skip


def offers_shown(cycles: Iterable[int]) -> dict[int, list[Shown]]:
    """Cycle → its offers in their order. One query."""
    found: dict[int, list[Shown]] = defaultdict(list)
    for row in Offer.objects.filter(cycle__in=list(cycles)).order_by("id").values_list(*_COLUMNS):
        found[row[0]].append(Shown(*row))
    return found
