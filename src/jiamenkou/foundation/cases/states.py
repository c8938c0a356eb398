"""The words of a case: states, kinds of events, reasons. What may follow what stands in ``moves.py``."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class CaseState(models.TextChoices):
    SUBMITTED = "submitted", _("待派")
    ASSIGNED = "assigned", _("待签收")
    WORKING = "working", _("在办")
    WAITING = "waiting", _("挂账")
    RETURNED = "returned", _("退单待定")
    HANDLED = "handled", _("待回访")
    CLOSED = "closed", _("办结")
    DECLINED = "declined", _("不受理")
    WITHDRAWN = "withdrawn", _("撤回")
    MERGED = "merged", _("已并入")

    @property
    def tone(self) -> str:
        return _TONES[self]


_TONES = {
    CaseState.SUBMITTED: "orange",
    CaseState.ASSIGNED: "orange",
    CaseState.WORKING: "blue",
    CaseState.WAITING: "violet",
    CaseState.RETURNED: "red",
    CaseState.HANDLED: "green",
    CaseState.CLOSED: "grey",
    CaseState.DECLINED: "grey",
    CaseState.WITHDRAWN: "grey",
    CaseState.MERGED: "grey",
}
# somebody has to do something about it; the case clock runs (or is paused by a declared wait)
OPEN = frozenset({CaseState.SUBMITTED, CaseState.ASSIGNED, CaseState.WORKING, CaseState.WAITING, CaseState.RETURNED})
# over for everybody
ENDED = frozenset({CaseState.CLOSED, CaseState.DECLINED, CaseState.WITHDRAWN, CaseState.MERGED})


class EventKind(models.TextChoices):
    OPENED = "opened", _("收到")
    ASSIGNED = "assigned", _("派给")
    SIGNED = "signed", _("签收")
    CONTACTED = "contacted", _("联系报的人")
    NOTED = "noted", _("写进展")
    HELPER_ASKED = "helper_asked", _("请协办")
    HELPER_DONE = "helper_done", _("协办办完")
    EXTENSION_ASKED = "extension_asked", _("申请延期")
    EXTENSION_GRANTED = "extension_granted", _("同意延期")
    EXTENSION_REFUSED = "extension_refused", _("不同意延期")
    SUSPENSION_ASKED = "suspension_asked", _("申请挂账")
    SUSPENDED = "suspended", _("同意挂账")
    SUSPENSION_REFUSED = "suspension_refused", _("不同意挂账")
    RESUMED = "resumed", _("接着办")
    RETURNED = "returned", _("退单")
    RULED = "ruled", _("裁定")
    URGED = "urged", _("催办")
    SUPERVISED = "supervised", _("督办")
    ESCALATED = "escalated", _("升级提醒")
    REPEATED = "repeated", _("又有人说起")
    FOLLOWED = "followed", _("又有人报")
    RECOGNISED = "recognised", _("对上居民")
    LET_GO = "let_go", _("对错了，分开")
    LOOKED = "looked", _("看号码")
    MERGED = "merged", _("并入")
    UNMERGED = "unmerged", _("拆出来")
    ABSORBED = "absorbed", _("并进来")
    RELEASED = "released", _("拆出去")
    HANDLED = "handled", _("报办好")
    CALLED_BACK = "called_back", _("回访")
    REOPENED = "reopened", _("重办")
    CLOSED = "closed", _("办结")
    DECLINED = "declined", _("不受理")
    WITHDRAWN = "withdrawn", _("本人撤回")
    EXCLUDED = "excluded", _("剔除")
    INCLUDED = "included", _("不再剔除")
    RECLOCKED = "reclocked", _("重算期限")
    UNDONE = "undone", _("撤销上一步")


class Channel(models.TextChoices):
    PHONE_PAGE = "phone_page", _("手机上报")
    CALL = "call", _("电话")
    DESK = "desk", _("到社区说")
    VISIT = "visit", _("走访")
    HOTLINE = "hotline", _("12345")
    PLATFORM = "platform", _("上级平台")
    WALKTHROUGH = "walkthrough", _("走流程")
    NEED = "need", _("需求")
    OTHER = "other", _("其他")


class Privacy(models.TextChoices):
    PUBLIC = "public", _("公开")
    NEIGHBOURS = "neighbours", _("邻居可见")
    PRIVATE = "private", _("只有经办人看")
    PROTECTED = "protected", _("保密")


class FiledBy(models.TextChoices):
    SELF = "self", _("本人")
    FAMILY = "family", _("家人代报")
    WORKER = "worker", _("社区代报")


class Outcome(models.TextChoices):
    """How the handler says it ended. 'Cannot be solved' is an ending of its own, never counted as solved."""

    SOLVED = "solved", _("解决了")
    PARTLY = "partly", _("部分解决")
    CANNOT = "cannot", _("办不了，已说明")


class ReturnReason(models.TextChoices):
    NOT_OURS = "not_ours", _("不归我们管")
    WRONG_PLACE = "wrong_place", _("地方不对")
    UNCLEAR = "unclear", _("说不清，没法办")
    NEEDS_OTHERS = "needs_others", _("要别的单位牵头")


class WaitReason(models.TextChoices):
    RESIDENT = "resident", _("等本人")
    OTHERS = "others", _("等别的单位")
    SEASON = "season", _("等季节或工期")
    HISTORIC = "historic", _("历史遗留")


class ExclusionReason(models.TextChoices):
    """Why a case does not count in the figures: said, approved, and shown as a column."""

    UNREASONABLE = "unreasonable", _("诉求不合法或不合理")
    COURT = "court", _("在走诉讼、仲裁或信访")
    BEYOND = "beyond", _("超出本级权限")
    DUPLICATE = "duplicate", _("同一人重复")


class Satisfaction(models.TextChoices):
    VERY = "very", _("很满意")
    GOOD = "good", _("满意")
    FAIR = "fair", _("基本满意")
    POOR = "poor", _("不满意")


CONTENT = frozenset({Satisfaction.VERY, Satisfaction.GOOD, Satisfaction.FAIR})


class Solved(models.TextChoices):
    YES = "yes", _("解决了")
    PARTLY = "partly", _("解决了一部分")
    NO = "no", _("没解决")


class Moment(models.TextChoices):
    """What a photo shows."""

    BEFORE = "before", _("办之前")
    AFTER = "after", _("办之后")
    EVIDENCE = "evidence", _("依据")
    SIGNATURE = "signature", _("签名")


class Proof(models.TextChoices):
    """How somebody without a phone confirmed."""

    SIGNATURE = "signature", _("签名")
    VOICE = "voice", _("录音")
