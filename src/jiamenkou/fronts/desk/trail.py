"""What was changed about a person, in words: the audit trail, one entry for each act."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from itertools import groupby
from typing import Any

from django.apps import apps
from django.utils import timezone
from django.utils.translation import gettext as _

from jiamenkou.foundation.access.actor import STANDING_IN
from jiamenkou.foundation.audit.models import AuditEntry
from jiamenkou.foundation.people.models import Account

MOST = 200
ACTS = {"insert": "新增", "update": "修改", "delete": "删去"}
# rows that only follow another one, and columns nobody reads
QUIET = {"search_residententry", "vault_subjectkey"}
HIDDEN = {"id", "uid", "name_key", "updated_at", "sealed", "index", "last_four", "community", "head_index"}


def audit_history(resident: int) -> list[dict[str, Any]]:
    """Newest first; only what row-level security shows. Values stay out: the names of the fields are enough."""
    entries = list(AuditEntry.objects.filter(resident=resident).exclude(table__in=QUIET).order_by("-id")[:MOST])
    names = _names(entry.actor for entry in entries)
    told = []
    for _act, group in groupby(entries, key=lambda entry: (entry.xid, entry.actor, entry.reason)):
        act = list(group)
        told.append(
            {
                "at": act[0].at,
                "title": reason_words(act),
                "text": "；".join(dict.fromkeys(_words(entry) for entry in reversed(act)))[:200],
                "who": names.get(act[0].actor, _("系统")),
                "when": when(act[0].at),
                "icon": "pencil",
                "tone": "grey",
                "kind": _("登记"),
            }
        )
    return told


def reason_words(act: list[AuditEntry]) -> str:
    """The reason as it was given; a page that gave none is told by what it did."""
    given = act[0].reason
    if not given.startswith(("POST ", "GET ")):
        return given[:60]
    tables = dict.fromkeys(_table(entry.table) for entry in reversed(act))
    return _("%(act)s%(what)s") % {"act": ACTS.get(act[-1].act, ""), "what": "、".join(tables)}


def _words(entry: AuditEntry) -> str:
    changed = [_field(entry.table, name) for name in (entry.after or {})] if entry.act == "update" else []
    fields = "、".join(dict.fromkeys(filter(None, changed)))
    return f"{ACTS.get(entry.act, entry.act)}{_table(entry.table)}" + (f"（{fields}）" if fields else "")


@cache
def _models() -> dict[str, Any]:
    return {model._meta.db_table: model for model in apps.get_models()}


def _table(table: str) -> str:
    model = _models().get(table)
    return str(model._meta.verbose_name) if model else table


def _field(table: str, column: str) -> str:
    model = _models().get(table)
    for field in model._meta.concrete_fields if model else ():
        if field.column == column:
            return "" if field.name in HIDDEN else str(field.verbose_name)
    return ""


def _names(actors: Iterable[str]) -> dict[str, str]:
    """``account:7`` → 林知夏, ``account:7 代 account:5`` → 林知夏（代王敏）. One query."""
    ids = {
        actor: [int(one[8:]) for one in actor.split(STANDING_IN) if one.startswith("account:") and one[8:].isdigit()]
        for actor in actors
    }
    found = {
        pk: display or username
        for pk, display, username in Account.objects.filter(pk__in={pk for some in ids.values() for pk in some})
        .order_by("pk")
        .values_list("pk", "display_name", "username")
    }
    told = {}
    for actor, some in ids.items():
        names = [found[pk] for pk in some if pk in found]
        if names:
            told[actor] = names[0] + (f"（代{'、'.join(names[1:])}）" if names[1:] else "")
    return told


def when(at: datetime) -> str:
    """11月22日 09:30, with the year where it is another one."""
    local, now = timezone.localtime(at), timezone.localtime()
    day = f"{local.month}月{local.day}日 {local:%H:%M}"
    return day if local.year == now.year else f"{local.year}年{day}"
