"""The lists of the desk: cycles, orders, suppliers, leaders, products, lots, after-sales, money, the day's bill."""

from __future__ import annotations

from django.db.models import Count, Q

from jiamenkou.foundation.ledger.models import BillKind, BillVerdict, ErrandState, IntentState, Way
from jiamenkou.services.groupbuy import access, words
from jiamenkou.services.groupbuy.desk.lists import Col, Sheet
from jiamenkou.services.groupbuy.permissions import GroupbuyPermission
from jiamenkou.services.groupbuy.states import (
    ComplaintState,
    CycleState,
    LotState,
    OrderState,
    Party,
    ReviewState,
    SettlementState,
)

_REVIEW = {"applied": "orange", "approved": "green", "refused": "grey", "suspended": "red"}
_ERRAND = {"done": "green", "failed": "red", "unknown": "orange", "declared": "orange"}


def _percent(bp: int) -> str:
    return f"{bp / 100:g}%"


CYCLES = Sheet(
    slug="cycles",
    title="团购",
    unit="期",
    rows=lambda by: access.cycles_for(by).with_parties(),
    search=("title", "supplier__organisation__name", "leader__name"),
    columns=[
        Col("团购", lambda one: one.title, "title"),
        Col("主理人", lambda one: one.leader.name, "leader__name"),
        Col("供货商", lambda one: one.supplier.organisation.name),
        Col("已参加", lambda one: one.joined, "joined", number=True),
        Col("几家成团", lambda one: one.minimum or "不限", "minimum", number=True),
        Col("截单", lambda one: one.closes_at, "closes_at", number=True),
        Col("到货", lambda one: one.arrives_at, "arrives_at", number=True),
        Col("状态", lambda one: one.get_state_display(), tone=lambda one: CycleState(one.state).tone),
    ],
    default="-closes_at",
    href=lambda one: f"/desk/groupbuy/cycles/{one.pk}/",
    filters={"state": ("状态", "state", CycleState.choices), "way": ("付款方式", "way", Way.choices)},
    views="state",
    empty="还没有团购。先通过一位主理人和一家供货商，主理人在手机上开团。",
)
ORDERS = Sheet(
    slug="orders",
    title="团购订单",
    unit="单",
    rows=lambda by: access.orders_for(by).with_lines().exclude(state=OrderState.MERGED),
    search=("name", "room", "code", "cycle__title"),
    columns=[
        Col("姓名", lambda one: one.name, "name"),
        Col("楼栋房号", lambda one: one.room, "room"),
        Col("团购", lambda one: one.cycle.title),
        Col("东西", lambda one: words.items(one)),
        Col("金额（元）", lambda one: one.total_fen / 100, "total_fen", number=True),
        Col("自提点", lambda one: one.point.name, "point__name"),
        Col("代下单", lambda one: "是" if one.proxy else ""),
        Col("下单", lambda one: one.placed_at, "placed_at", number=True),
        Col("状态", lambda one: one.get_state_display(), tone=lambda one: OrderState(one.state).tone),
    ],
    default="-placed_at",
    href=lambda one: f"/desk/groupbuy/orders/{one.pk}/",
    filters={"state": ("状态", "state", OrderState.choices)},
    views="state",
    empty="没有这样的订单。去掉一个条件，或者从一期团购里看。",
)
SUPPLIERS = Sheet(
    slug="suppliers",
    title="供货商",
    unit="家",
    rows=lambda by: access.suppliers_for(by).select_related("organisation").annotate(goods=Count("products")),
    search=("organisation__name", "about", "organisation__contact"),
    columns=[
        Col("供货商", lambda one: one.organisation.name, "organisation__name"),
        Col("供什么", lambda one: one.about),
        Col("产品", lambda one: one.goods, "goods", number=True),
        Col("微信收款", lambda one: "已开通" if one.merchant else "线下"),
        Col("申请", lambda one: one.applied_at, "applied_at", number=True),
        Col("状态", lambda one: one.get_state_display(), tone=lambda one: _REVIEW[one.state]),
    ],
    default="-applied_at",
    href=lambda one: f"/desk/groupbuy/suppliers/{one.pk}/",
    filters={"state": ("状态", "state", ReviewState.choices)},
    views="state",
    empty="还没有供货商申请。请他们打开 /groups/supply/apply/ 填一张表。",
)
LEADERS = Sheet(
    slug="leaders",
    title="主理人",
    unit="位",
    rows=lambda by: access.leaders_for(by).annotate(
        groups=Count("cycles", filter=~Q(cycles__state=CycleState.DRAFT), distinct=True)
    ),
    search=("name", "where"),
    columns=[
        Col("称呼", lambda one: one.name, "name"),
        Col("在哪栋", lambda one: one.where),
        Col("开过", lambda one: one.groups, "groups", number=True),
        Col("佣金", lambda one: _percent(one.rate_bp), "rate_bp", number=True),
        Col("培训", lambda one: one.trained_on or "还没有", "trained_on", number=True),
        Col("状态", lambda one: one.get_state_display(), tone=lambda one: _REVIEW[one.state]),
    ],
    default="-applied_at",
    href=lambda one: f"/desk/groupbuy/leaders/{one.pk}/",
    filters={"state": ("状态", "state", ReviewState.choices)},
    views="state",
    empty="还没有人申请做主理人。培训课上请他们打开 /groups/lead/apply/。",
)
PRODUCTS = Sheet(
    slug="products",
    title="产品",
    unit="样",
    rows=lambda by: access.products_for(by).select_related("supplier__organisation"),
    search=("name", "origin", "supplier__organisation__name"),
    columns=[
        Col("产品", lambda one: one.name, "name"),
        Col("规格", lambda one: one.spec),
        Col("供货商", lambda one: one.supplier.organisation.name),
        Col("定价（元）", lambda one: one.price_fen / 100, "price_fen", number=True),
        Col("产地", lambda one: one.origin),
        Col("按批次", lambda one: "是" if one.by_lot else ""),
        Col("在供", lambda one: "在供" if one.active else "停了", tone=lambda one: "green" if one.active else "grey"),
    ],
    default="name",
    href=lambda one: f"/desk/groupbuy/suppliers/{one.supplier_id}/",
    filters={"active": ("在供", "active", [("True", "在供"), ("False", "停了")])},
    empty="还没有产品。供货商在自己的页面上登记。",
)
LOTS = Sheet(
    slug="lots",
    title="批次",
    unit="批",
    rows=lambda by: access.lots_for(by).select_related("product__supplier__organisation"),
    search=("number", "field", "report_no", "certificate_no", "product__name"),
    columns=[
        Col("批次号", lambda one: one.number, "number"),
        Col("产品", lambda one: one.product.name),
        Col("田块", lambda one: one.field),
        Col("收获", lambda one: one.harvested_on or "", "harvested_on", number=True),
        Col("检测报告", lambda one: one.report_no),
        Col("认证", lambda one: f"{one.certificate} {one.certificate_no}".strip()),
        Col("认证到", lambda one: one.certificate_until or "", "certificate_until", number=True),
        Col("状态", lambda one: one.get_state_display(), tone=lambda one: "green" if one.state == LotState.GOOD else "red"),
    ],
    default="-harvested_on",
    href=lambda one: f"/desk/groupbuy/lots/{one.pk}/",
    filters={"state": ("状态", "state", LotState.choices)},
    views="state",
    empty="还没有批次。农户直供的产品，供货商在产品下面登记。",
)  # fmt: skip
COMPLAINTS = Sheet(
    slug="complaints",
    title="售后",
    unit="件",
    rows=lambda by: access.complaints_for(by).select_related("line__offer__product", "line__order__cycle"),
    search=("words", "line__order__name", "line__offer__product__name"),
    columns=[
        Col("产品", lambda one: one.line.offer.product.name),
        Col("谁", lambda one: one.line.order.name, "line__order__name"),
        Col("哪里不对", lambda one: one.words),
        Col("几份", lambda one: one.quantity, "quantity", number=True),
        Col("时间", lambda one: one.at, "at", number=True),
        Col("状态", lambda one: one.get_state_display(), tone=lambda one: {"open": "orange", "accepted": "green"}.get(one.state, "grey")),
    ],
    default="-at",
    href=lambda one: f"/desk/groupbuy/complaints/{one.pk}/",
    filters={"state": ("状态", "state", ComplaintState.choices)},
    views="state",
    empty="没有售后。居民取货 24 小时内可以在手机上申请。",
)  # fmt: skip
SETTLEMENTS = Sheet(
    slug="settlements",
    title="结算",
    unit="笔",
    rows=lambda by: access.settlements_for(by).select_related("cycle__leader", "cycle__supplier__organisation"),
    search=("cycle__title", "cycle__leader__name", "cycle__supplier__organisation__name"),
    columns=[
        Col("团购", lambda one: one.cycle.title, "cycle__title"),
        Col("结给", lambda one: one.get_party_display()),
        Col("谁", lambda one: one.cycle.leader.name if one.party == Party.LEADER else one.cycle.supplier.organisation.name),
        Col("金额（元）", lambda one: one.amount_fen / 100, "amount_fen", number=True),
        Col("生成", lambda one: one.made_at, "made_at", number=True),
        Col("状态", lambda one: one.get_state_display(), tone=lambda one: "green" if one.state == "done" else "orange"),
    ],
    default="-made_at",
    href=lambda one: f"/desk/groupbuy/settlements/{one.pk}/",
    filters={"state": ("状态", "state", SettlementState.choices), "party": ("结给谁", "party", Party.choices)},
    views="state",
    empty="还没有要结的账。一期取货结束就会生成。",
    permission=GroupbuyPermission.MONEY,
)  # fmt: skip
PAYMENTS = Sheet(
    slug="payments",
    title="收款",
    unit="笔",
    rows=lambda by: access.intents_for(by),
    search=("number", "description", "transaction_id"),
    columns=[
        Col("单号", lambda one: one.number),
        Col("说明", lambda one: one.description),
        Col("方式", lambda one: one.get_way_display()),
        Col("金额（元）", lambda one: one.amount / 100, "amount", number=True),
        Col("已退（元）", lambda one: one.refunded / 100, "refunded", number=True),
        Col("时间", lambda one: one.created_at, "created_at", number=True),
        Col("问题", lambda one: one.problem),
        Col("状态", lambda one: one.get_state_display(), tone=lambda one: "green" if one.state == "paid" else "orange" if one.is_live else "grey"),
    ],
    default="-created_at",
    href=lambda one: f"/desk/groupbuy/orders/{one.about_id}/",
    filters={"state": ("状态", "state", IntentState.choices), "way": ("方式", "way", Way.choices)},
    views="state",
    empty="没有这样的收款。",
    permission=GroupbuyPermission.MONEY,
)  # fmt: skip
REFUNDS = Sheet(
    slug="refunds",
    title="退款",
    unit="笔",
    rows=lambda by: access.refunds_for(by).select_related("intent"),
    search=("number", "reason", "intent__description"),
    columns=[
        Col("单号", lambda one: one.number),
        Col("事由", lambda one: one.reason),
        Col("团购", lambda one: one.intent.description),
        Col("方式", lambda one: one.intent.get_way_display()),
        Col("金额（元）", lambda one: one.amount / 100, "amount", number=True),
        Col("时间", lambda one: one.created_at, "created_at", number=True),
        Col("问题", lambda one: one.problem),
        Col("状态", lambda one: one.get_state_display(), tone=lambda one: _ERRAND.get(one.state, "blue")),
    ],
    default="-created_at",
    href=lambda one: f"/desk/groupbuy/orders/{one.intent.about_id}/",
    filters={"state": ("状态", "state", ErrandState.choices)},
    views="state",
    empty="没有要退的钱。",
    permission=GroupbuyPermission.MONEY,
)
BILL = Sheet(
    slug="reconciliation",
    title="对账",
    unit="行",
    rows=lambda by: access.bill_lines_for(by),
    search=("number", "merchant"),
    columns=[
        Col("商户单号", lambda one: one.number),
        Col("账单日", lambda one: one.day, "day", number=True),
        Col("收还是退", lambda one: one.get_kind_display()),
        Col("微信说（元）", lambda one: one.theirs / 100 if one.theirs is not None else "", "theirs", number=True),
        Col("我们记（元）", lambda one: one.ours / 100 if one.ours is not None else "", "ours", number=True),
        Col("处理", lambda one: one.finding or ("" if one.verdict == "match" else "还没处理")),
        Col("结果", lambda one: one.get_verdict_display(), tone=lambda one: "green" if one.verdict == "match" else "red"),
    ],
    default="-day",
    href=lambda one: f"/desk/groupbuy/reconciliation/{one.pk}/",
    filters={"verdict": ("结果", "verdict", BillVerdict.choices), "kind": ("收还是退", "kind", BillKind.choices)},
    views="verdict",
    empty="还没有账单。接通微信支付后，每天上午自动对前一天的账。",
    permission=GroupbuyPermission.MONEY,
)  # fmt: skip
POINTS = Sheet(
    slug="points",
    title="自提点",
    unit="个",
    rows=lambda by: access.points_for(by).select_related("building"),
    search=("name", "where"),
    columns=[
        Col("自提点", lambda one: one.name, "name"),
        Col("怎么找", lambda one: one.where),
        Col("几点能取", lambda one: one.hours),
        Col("楼栋", lambda one: one.building.name if one.building else ""),
        Col("在用", lambda one: "在用" if one.active else "停了", tone=lambda one: "green" if one.active else "grey"),
    ],
    default="name",
    href=lambda one: f"/desk/groupbuy/points/{one.pk}/",
    empty="还没有自提点。先设一个，主理人才能开团。",
    acts=({"label": "设自提点", "href": "/desk/groupbuy/points/new/", "icon": "plus"},),
    opens=GroupbuyPermission.EDIT,
)
ALL = (CYCLES, ORDERS, SUPPLIERS, LEADERS, PRODUCTS, LOTS, COMPLAINTS, SETTLEMENTS, PAYMENTS, REFUNDS, BILL, POINTS)
