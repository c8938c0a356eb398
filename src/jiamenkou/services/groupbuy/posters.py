"""What the poster of a group, or of a leader, says, and the text for a chat. A leader's own number is on neither."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.utils.translation import gettext as _

from jiamenkou.foundation.places.models import Place
from jiamenkou.foundation.posters import Poster, laid_out
from jiamenkou.services.groupbuy import words
from jiamenkou.services.groupbuy.models import Cycle, Leader, Offer, PickupPoint


def address_of(code: str) -> str:
    """Where the code leads: the group's or the leader's own, and nothing else."""
    return f"{settings.PUBLIC_URL}/q/{code}"


def cycle_poster(cycle: Cycle, offers: Sequence[Offer], points: Sequence[PickupPoint]) -> Poster:
    """``offers`` with their products and lots; the first one is printed large."""
    first = offers[0]
    many = _("，共 %(n)s 样") % {"n": len(offers)} if len(offers) > 1 else ""
    return laid_out(
        cycle.title,
        (words.yuan(first.price_fen), f"/ {first.product.spec}{many}"),
        [
            ("clock", words.dated(cycle.closes_at), _(" 截单")),
            ("truck", words.dated(cycle.arrives_at), _(" 到货")),
            ("map-pin", *_where(points)),
            ("users-round", *_joined(cycle)),
        ],
        phone=cycle.community.phone,
        place=_("%(name)s的团") % {"name": cycle.leader.name},
        address=address_of(cycle.code),
        checked=first.lot is not None and bool(first.lot.report_no),
    )


def leader_poster(leader: Leader, cycles: Sequence[Cycle], community: Place) -> Poster:
    """``cycles``: what she has open now; at most three are named."""
    # the day first: of a long line the end is cut off
    said = [("shopping-basket", f"{words.day_of(one.closes_at)}截单", f"，{one.title}") for one in cycles[:3]]
    said = said or [("shopping-basket", _("随时来看"), _("，开了团就能订"))]
    said.append(("package", _("楼下取货"), _("，不成团全退")))
    return laid_out(
        _("%(name)s的团购") % {"name": leader.name},
        (_("楼下取"), leader.where),
        said,
        phone=community.phone,
        place=community.name,
        address=address_of(leader.code),
        checked=False,
    )


def chat_text(cycle: Cycle, offers: Sequence[Offer]) -> str:
    """What one pastes into a group: short lines, the address last so that it stays a link."""
    lines = [f"【{cycle.title}】"]
    lines += [f"{one.product.name} {one.product.spec} {words.yuan(one.price_fen)}" for one in offers]
    lines += [
        _("截单：%(when)s") % {"when": words.dated(cycle.closes_at)},
        _("到货：%(when)s") % {"when": words.dated(cycle.arrives_at)},
        _("点开就能订：%(address)s") % {"address": address_of(cycle.code)},
    ]
    return "\n".join(lines)


def leader_text(leader: Leader, cycles: Sequence[Cycle]) -> str:
    lines = [_("【%(name)s的团购】楼下取货，不成团全退") % {"name": leader.name}]
    lines += [
        _("%(title)s，%(when)s 截单") % {"title": one.title, "when": words.dated(one.closes_at)} for one in cycles
    ]
    lines.append(_("点开就能看：%(address)s") % {"address": address_of(leader.code)})
    return "\n".join(lines)


def _where(points: Sequence[PickupPoint]) -> tuple[str, str]:
    if not points:
        return "", ""
    more = (
        _("，共 %(n)s 处自提点") % {"n": len(points)}
        if len(points) > 1
        else points[0].where and f"，{points[0].where}"
    )
    return points[0].name, more or ""


def _joined(cycle: Cycle) -> tuple[str, str]:
    joined = _("%(n)s 家已参加") % {"n": cycle.joined}
    if cycle.minimum:
        return joined, _("，满 %(n)s 家成团") % {"n": cycle.minimum}
    return joined, ""
