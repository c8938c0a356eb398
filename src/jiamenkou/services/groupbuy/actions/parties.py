"""Suppliers, leaders, products and lots: applied for, looked at, shown, withdrawn."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.scope import EVERYTHING, scope
from jiamenkou.foundation.messages.send import tell
from jiamenkou.foundation.people.actions.organisations import register_organisation
from jiamenkou.foundation.people.models import OrganisationMember, Resident
from jiamenkou.foundation.places.models import Place
from jiamenkou.foundation.refusals import Conflict, NotAllowed, Refused
from jiamenkou.services.groupbuy import notices
from jiamenkou.services.groupbuy.codes import new_code
from jiamenkou.services.groupbuy.leading import sealed_phone
from jiamenkou.services.groupbuy.models import Leader, Lot, OrderLine, Product, Supplier, SupplierPaper
from jiamenkou.services.groupbuy.states import HOLDING, LotState, ReviewState


def apply_as_supplier(
    name: str, community: Place, fields: dict[str, Any], paper: dict[str, Any], *, by: Actor, reason: str
) -> Supplier:
    """An account applies for its firm, with the first paper. The account acts for the firm once it is approved."""
    if by.account is None:
        raise NotAllowed("请先登录。")
    organisation = register_organisation(
        name, kind="supplier", community=community, by=by, reason=reason, contact=fields.get("contact", ""),
        phone=fields.get("phone", ""),
    )  # fmt: skip
    if Supplier.objects.filter(organisation=organisation).exists():
        raise Conflict("这家单位已经申请过了，请打社区电话问问。", field="name", code="applied")
    supplier = Supplier.objects.create(
        organisation=organisation, community=community, applied_by=by.account, about=fields.get("about", "")
    )
    add_paper(supplier, paper, by=by, reason=reason)
    return supplier


def add_paper(supplier: Supplier, paper: dict[str, Any], *, by: Actor, reason: str) -> SupplierPaper:
    return SupplierPaper.objects.create(supplier=supplier, **paper)


def review_supplier(
    supplier: Supplier, state: ReviewState, words: str, *, by: Actor, now: datetime, reason: str, merchant: str = ""
) -> None:
    """Approved only with papers that hold; the applicant then acts for the firm."""
    if state == ReviewState.APPROVED:
        wanting = supplier.papers_wanting(now.date())
        if wanting:
            raise Refused("证照还不行：" + "；".join(wanting) + "。", code="papers")
        OrganisationMember.objects.get_or_create(
            organisation=supplier.organisation, account=supplier.applied_by, ended_at=None
        )
    elif not words.strip():
        raise Refused("请写一句为什么，对方会看到。", field="words", code="why")
    supplier.state, supplier.review, supplier.reviewed_at = state, words.strip()[:200], now
    supplier.merchant = merchant or supplier.merchant
    supplier.save()
    decision = str(ReviewState(state).label)
    tell(
        notices.REVIEWED,
        supplier.organisation,
        what="供货申请",
        decision=decision,
        words=supplier.review or "可以上产品了",
    )


def apply_as_leader(resident: Resident, fields: dict[str, Any], *, by: Actor, reason: str, phone: str = "") -> Leader:
    """``phone`` is the number she wants her buyers to have; it is kept sealed."""
    if by.account is None or resident.pk not in {link.resident_id for link in by.residents}:
        raise NotAllowed("请先关联您本人。")
    if Leader.objects.filter(account=by.account).exists():
        raise Conflict("您已经申请过了。", code="applied")
    return Leader.objects.create(
        account=by.account,
        resident=resident,
        community_id=resident.community_id,
        code=new_code(),
        phone_sealed=sealed_phone(by.account, phone),
        **fields,
    )


def review_leader(
    leader: Leader,
    state: ReviewState,
    words: str,
    *,
    rate_bp: int | None = None,
    trained_on: date | None = None,
    by: Actor,
    now: datetime,
    reason: str,
) -> None:
    """A leader is trained by the community before she opens a group."""
    trained = trained_on or leader.trained_on
    if state == ReviewState.APPROVED and trained is None:
        raise Refused("先参加一次主理人培训，再通过。", field="trained_on", code="training")
    if state != ReviewState.APPROVED and not words.strip():
        raise Refused("请写一句为什么，本人会看到。", field="words", code="why")
    leader.state, leader.review, leader.reviewed_at = state, words.strip()[:200], now
    leader.trained_on = trained
    leader.rate_bp = leader.rate_bp if rate_bp is None else rate_bp
    leader.save()
    decision = str(ReviewState(state).label)
    tell(
        notices.REVIEWED, leader.resident, href="/groups/lead/", what="主理人申请", decision=decision,
        words=leader.review or "可以开团了",
    )  # fmt: skip


def save_product(
    supplier: Supplier, product: Product | None, fields: dict[str, Any], *, by: Actor, reason: str
) -> Product:
    product = product or Product(supplier=supplier)
    for name, value in fields.items():
        setattr(product, name, value)
    product.save()
    return product


def save_lot(product: Product, lot: Lot | None, fields: dict[str, Any], *, by: Actor, reason: str) -> Lot:
    """What was sold from a lot is written on it: its number stays."""
    lot = lot or Lot(product=product, code=new_code())
    if lot.pk and fields.get("number", lot.number) != lot.number and OrderLine.objects.filter(lot=lot).exists():
        raise Refused("已经卖过的批次，批次号不能改。", field="number", code="sold")
    for name, value in fields.items():
        setattr(lot, name, value)
    if Lot.objects.filter(product=product, number=lot.number).exclude(pk=lot.pk).exists():
        raise Refused("这个批次号已经有了。", field="number", code="twice")
    lot.save()
    return lot


def withdraw_lot(lot: Lot, why: str, *, by: Actor, now: datetime, reason: str) -> int:
    """召回: exactly those who bought from this lot are told, each once. Returns how many."""
    if not why.strip():
        raise Refused("请写清召回的原因，买过的邻居都会收到。", field="why", code="why")
    gone = Lot.objects.filter(pk=lot.pk, state=LotState.GOOD)
    if not gone.update(state=LotState.WITHDRAWN, withdrawn_at=now, withdrawn_why=why.strip()[:200]):
        raise Conflict("这个批次已经召回过了。", code="withdrawn")
    lot.refresh_from_db()
    with scope(EVERYTHING):
        ids = OrderLine.objects.filter(lot=lot, order__state__in=HOLDING, order__resident__isnull=False)
        buyers = Resident.objects.filter(pk__in=ids.values("order__resident")).order_by("id")
        for buyer in buyers:
            tell(
                notices.WITHDRAWN, buyer, href=f"/groups/lots/{lot.code}/", item=str(lot.product.name),
                lot=lot.number, why=lot.withdrawn_why,
            )  # fmt: skip
        return len(buyers)
