"""The columns of the list of residents, and which of them this browser shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

COOKIE = "people_columns"


@dataclass(frozen=True, slots=True)
class Shown:
    """One column; ``sort`` is its name in ``?sort=``."""

    key: str
    label: StrOrPromise
    sort: str = ""
    number: bool = False
    usual: bool = True


COLUMNS = (
    Shown("identity", _("身份证号")),
    Shown("phone", _("手机号")),
    Shown("door", _("门牌")),
    Shown("grid", _("网格"), "grid", usual=False),
    Shown("employment", _("就业状态")),
    Shown("skills", _("技能与证书")),
    Shown("categories", _("人员类别")),
    Shown("hukou", _("户籍地"), usual=False),
    Shown("born", _("出生日期"), "born", number=True, usual=False),
    Shown("contact", _("最近联系"), "contact", number=True),
)
USUAL = [column.key for column in COLUMNS if column.usual]


def shown(request: HttpRequest) -> list[Shown]:
    """Those the cookie names, in our order; the usual ones without a cookie."""
    wanted = request.COOKIES.get(COOKIE, "")[:200].split("-") if COOKIE in request.COOKIES else USUAL
    return [column for column in COLUMNS if column.key in wanted]
