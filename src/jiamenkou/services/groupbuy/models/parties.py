"""Suppliers with their papers, products with their lots, and leaders."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from jiamenkou.foundation.audit.triggers import audited
from jiamenkou.foundation.files.models import StoredFile
from jiamenkou.foundation.people.models import Organisation, Resident
from jiamenkou.foundation.places.models import Place
from jiamenkou.services.groupbuy.states import LotState, PaperKind, ReviewState


class SupplierQuerySet(models.QuerySet["Supplier"]):
    def of_account(self, account: int) -> Self:
        """Those whose organisation the account acts for now."""
        return self.filter(
            organisation__members__account=account, organisation__members__ended_at__isnull=True
        ).select_related("organisation", "pay_code")


class Supplier(models.Model):
    """An organisation that wants to supply a community. ``merchant`` is its own number with WeChat Pay."""

    organisation = models.OneToOneField(Organisation, models.RESTRICT, related_name="supplier", verbose_name="单位")
    community = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="申请的社区")
    state = models.CharField("状态", max_length=10, choices=ReviewState, default=ReviewState.APPLIED)
    about = models.CharField("供什么", max_length=300, blank=True)
    merchant = models.CharField("微信特约商户号", max_length=32, blank=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="谁申请的"
    )
    applied_at = models.DateTimeField("申请时间", default=timezone.now)
    reviewed_at = models.DateTimeField("审核时间", null=True, blank=True)
    review = models.CharField("审核意见", max_length=200, blank=True)
    # where buyers pay it directly: a wrong picture would send their money elsewhere, so a second person looks at it
    pay_code = models.ForeignKey(
        StoredFile, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="收款码"
    )
    pay_code_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="谁传的收款码"
    )
    pay_code_checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="谁核对的收款码"
    )

    objects = SupplierQuerySet.as_manager()

    class Meta:
        verbose_name = "供货商"
        verbose_name_plural = "供货商"
        triggers = [audited()]
        constraints = [
            models.CheckConstraint(
                name="pay_code_two_people",
                condition=Q(pay_code_checked_by__isnull=True) | ~Q(pay_code_checked_by=F("pay_code_by")),
                violation_error_message="收款码要由另一个人核对。",
            ),
        ]

    def __str__(self) -> str:
        return str(self.organisation)

    def papers_wanting(self, on: date) -> list[str]:
        """What stands in the way of supplying on that day: the licence absent, or any paper past its date."""
        papers = list(self.papers.order_by("id"))
        wanting = [
            f"{paper.get_kind_display()}已过期" for paper in papers if paper.valid_until and paper.valid_until < on
        ]
        if not any(paper.kind == PaperKind.LICENCE for paper in papers):
            wanting.append("还没有营业执照")
        return wanting


class SupplierPaper(models.Model):
    supplier = models.ForeignKey(Supplier, models.CASCADE, related_name="papers", verbose_name="供货商")
    kind = models.CharField("证照", max_length=10, choices=PaperKind)
    number = models.CharField("编号", max_length=60)
    valid_until = models.DateField("有效期至", null=True, blank=True)
    file = models.ForeignKey(
        StoredFile, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="扫描件"
    )

    class Meta:
        verbose_name = "证照"
        verbose_name_plural = "证照"
        triggers = [audited()]


class Product(models.Model):
    supplier = models.ForeignKey(Supplier, models.RESTRICT, related_name="products", verbose_name="供货商")
    name = models.CharField("品名", max_length=40)
    spec = models.CharField("规格", max_length=30)
    unit = models.CharField("单位", max_length=6)
    price_fen = models.PositiveIntegerField("供货商定价（分）")
    market_fen = models.PositiveIntegerField("市场价（分）", null=True, blank=True)
    origin = models.CharField("产地", max_length=60, blank=True)
    keeping = models.CharField("怎么存放", max_length=60, blank=True)
    about = models.CharField("介绍", max_length=500, blank=True)
    photo = models.ForeignKey(
        StoredFile, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="照片"
    )
    by_lot = models.BooleanField("按批次卖（农户直供）", default=False)
    icon = models.CharField("图标", max_length=20, default="shopping-basket")
    active = models.BooleanField("在供", default=True)

    class Meta:
        verbose_name = "产品"
        verbose_name_plural = "产品"
        triggers = [audited()]
        constraints = [
            models.CheckConstraint(
                name="product_price", condition=Q(price_fen__gte=1), violation_error_message="价格至少 1 分。"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.spec}"


class Lot(models.Model):
    """批次: one field's harvest, with what was done on it and what it was tested for. Its page is public."""

    product = models.ForeignKey(Product, models.RESTRICT, related_name="lots", verbose_name="产品")
    number = models.CharField("批次号", max_length=30)
    code = models.CharField("二维码编号", max_length=12, unique=True)
    field = models.CharField("田块", max_length=60)
    mu = models.DecimalField("面积（亩）", max_digits=8, decimal_places=2, null=True, blank=True)
    sown_on = models.DateField("播种", null=True, blank=True)
    treatments = models.JSONField("农事记录", default=list, blank=True)
    harvested_on = models.DateField("收获", null=True, blank=True)
    tested_by = models.CharField("检测机构", max_length=60, blank=True)
    report_no = models.CharField("检测报告编号", max_length=40, blank=True)
    tested_on = models.DateField("检测日期", null=True, blank=True)
    finding = models.CharField("检测结论", max_length=200, blank=True)
    report = models.ForeignKey(
        StoredFile, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="检测报告"
    )
    certificate = models.CharField("认证", max_length=30, blank=True)
    certificate_no = models.CharField("认证编号", max_length=40, blank=True)
    certificate_until = models.DateField("认证有效期至", null=True, blank=True)
    state = models.CharField("状态", max_length=10, choices=LotState, default=LotState.GOOD)
    withdrawn_at = models.DateTimeField("召回时间", null=True, blank=True)
    withdrawn_why = models.CharField("召回原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "批次"
        verbose_name_plural = "批次"
        triggers = [audited()]
        constraints = [
            models.UniqueConstraint(
                name="lot_number_once", fields=["product", "number"], violation_error_message="这个批次号已经有了。"
            ),
            models.CheckConstraint(
                name="lot_certificate_whole",
                condition=Q(certificate_no="") | Q(certificate_until__isnull=False),
                violation_error_message="填了认证编号，请填有效期。",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def wanting(self, on: date) -> str:
        """Why this lot may not be offered on that day; "" where it may."""
        if self.state == LotState.WITHDRAWN:
            return "这个批次已经召回"
        if self.certificate_until is not None and self.certificate_until < on:
            return f"认证 {self.certificate_no} 已过期"
        if not self.report_no:
            return "还没有检测报告"
        return ""


class Leader(models.Model):
    """主理人: a resident whom the community trained. ``code`` is the leader's own link."""

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="leader", verbose_name="账号"
    )
    resident = models.ForeignKey(Resident, models.CASCADE, related_name="+", verbose_name="居民")
    community = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="社区")
    name = models.CharField("称呼", max_length=20)
    where = models.CharField("在哪栋", max_length=30, blank=True)
    phone_sealed = models.BinaryField("给邻居的电话", null=True)
    about = models.CharField("为什么想做", max_length=300, blank=True)
    code = models.CharField("二维码编号", max_length=12, unique=True)
    state = models.CharField("状态", max_length=10, choices=ReviewState, default=ReviewState.APPLIED)
    rate_bp = models.PositiveSmallIntegerField("佣金（万分之）", default=800)
    trained_on = models.DateField("培训日期", null=True, blank=True)
    applied_at = models.DateTimeField("申请时间", default=timezone.now)
    reviewed_at = models.DateTimeField("审核时间", null=True, blank=True)
    review = models.CharField("审核意见", max_length=200, blank=True)

    # merging leaves the number under the key of her account
    sealed_under = "account__uid"

    class Meta:
        verbose_name = "主理人"
        verbose_name_plural = "主理人"
        triggers = [audited()]
        constraints = [
            # 分账 hands on at most thirty per cent
            models.CheckConstraint(
                name="leader_rate", condition=Q(rate_bp__lte=3000), violation_error_message="佣金最多 30%。"
            ),
        ]

    def __str__(self) -> str:
        return f"主理人 {self.pk}"
