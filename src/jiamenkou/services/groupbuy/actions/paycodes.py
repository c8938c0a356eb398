"""A supplier's own 收款码: uploaded by the firm, looked at by somebody else, and only then shown to whoever pays."""

from __future__ import annotations

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.files.models import StoredFile
from jiamenkou.foundation.files.storing import store_photo
from jiamenkou.foundation.messages.send import tell
from jiamenkou.foundation.refusals import Conflict, NotAllowed, Refused
from jiamenkou.services.groupbuy import notices
from jiamenkou.services.groupbuy.models import Supplier

KEEPER = "groupbuy.paycode"


def upload_pay_code(supplier: Supplier, picture: bytes, *, by: Actor, reason: str) -> None:
    """A new picture waits to be looked at; the old one is shown no more. Raises Refused at ``pay_code``."""
    if by.account is None:
        raise NotAllowed("请先登录。")
    if not picture:
        raise Refused("请选收款码的截图。", field="pay_code", code="empty")
    supplier.pay_code = store_photo(picture, by=by, keeper=KEEPER, community=supplier.community_id, field="pay_code")
    supplier.pay_code_by, supplier.pay_code_checked_by = by.account, None
    supplier.save()


def check_pay_code(supplier: Supplier, good: bool, *, by: Actor, reason: str) -> None:
    """Scanned by a second person: the name that the payment app says is the firm's, or the picture goes."""
    if by.account is None or supplier.pay_code_by_id == by.account.pk:
        raise NotAllowed("收款码要由另一个人核对。", code="same_person")
    waiting = Supplier.objects.filter(
        pk=supplier.pk, pay_code=supplier.pay_code_id, pay_code__isnull=False, pay_code_checked_by__isnull=True
    )
    changed = {"pay_code_checked_by": by.account} if good else {"pay_code": None, "pay_code_by": None}
    if not waiting.update(**changed):
        raise Conflict("这张收款码已经核对过了。", code="checked")
    supplier.refresh_from_db()
    tell(
        notices.REVIEWED, supplier.organisation, href="/groups/supply/", what="收款码",
        decision="可以用了" if good else "对不上",
        words="邻居付款时会看到。" if good else "扫出来的名字不是您单位，请换一张。",
    )  # fmt: skip


def pay_code_of(supplier: Supplier) -> StoredFile | None:
    """What a buyer may be shown."""
    return supplier.pay_code if supplier.pay_code_checked_by_id is not None else None


def may_have_pay_code(by: Actor, file: StoredFile, permission: str) -> bool:
    """Whoever has signed in once it was looked at; before that the staff who look."""
    supplier = Supplier.objects.filter(pay_code=file).first()
    if supplier is None or by.account is None:
        return False
    return supplier.pay_code_checked_by_id is not None or by.may(permission, supplier.community_id)
