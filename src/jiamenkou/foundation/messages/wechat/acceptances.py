"""One acceptance, one message: counted up when a resident says yes, down before a message leaves."""

from __future__ import annotations

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.messages.models import MOST_ACCEPTED, Acceptance, Message
from jiamenkou.foundation.messages.notices import Notice, all_notices
from jiamenkou.foundation.people.models import AccountResident, Relation, Resident
from jiamenkou.foundation.refusals import Refused

PROVIDER = "weixin"


def accept(resident: Resident, template: str, *, by: Actor, reason: str) -> int:
    """The resident tapped 同意 once. Returns how many messages are now accepted; never more than a handful is kept."""
    if template not in templates():
        raise Refused("没有这种提醒。", code="unknown")
    Acceptance.objects.get_or_create(resident=resident, template=template)
    row = Acceptance.objects.filter(resident=resident, template=template)
    row.filter(left__lt=MOST_ACCEPTED).update(left=F("left") + 1, at=timezone.now())
    return row.order_by("id").values_list("left", flat=True)[0]


def use_one(resident: int, template: str) -> bool:
    """Take one, or say that there is none: two messages at once never share the last."""
    taken = Acceptance.objects.filter(resident_id=resident, template=template, left__gt=0)
    return bool(taken.update(left=F("left") - 1))


def give_back(resident: int, template: str) -> None:
    """The message certainly did not go out."""
    Acceptance.objects.filter(resident_id=resident, template=template, left__lt=MOST_ACCEPTED).update(
        left=F("left") + 1
    )


def none_left(resident: int, template: str) -> None:
    """WeChat says that the resident has not agreed, or no longer: our count was wrong."""
    Acceptance.objects.filter(resident_id=resident, template=template, left__gt=0).update(left=0)


def has_one(resident: int, template: str) -> bool:
    return Acceptance.objects.filter(resident_id=resident, template=template, left__gt=0).exists()


def accepted(resident: Resident) -> dict[str, int]:
    """Template → how many are left. One query."""
    return dict(
        Acceptance.objects.filter(resident=resident, left__gt=0).order_by("id").values_list("template", "left")
    )


def templates() -> dict[str, Notice]:
    """Our template ids that some notice uses, each with the first such notice."""
    found: dict[str, Notice] = {}
    for one in all_notices():
        if one.wechat:
            found.setdefault(one.wechat, one)
    return found


def openid_of(message: Message) -> str:
    """Of the addressee's own account, where it is tied to WeChat; an empty string elsewhere. Kept nowhere else."""
    from allauth.socialaccount.models import SocialAccount

    if message.resident_id is None:
        return ""
    own = AccountResident.objects.current().filter(resident_id=message.resident_id, relation=Relation.SELF)
    found = SocialAccount.objects.filter(provider=PROVIDER, user__in=own.values("account")).order_by("id")
    return str(found.values_list("uid", flat=True).first() or "")


def is_tied(account_id: int) -> bool:
    """Whether this account can be reached over WeChat; in the demo everybody can, on the screen."""
    from allauth.socialaccount.models import SocialAccount

    return settings.DEMO or SocialAccount.objects.filter(provider=PROVIDER, user_id=account_id).exists()
