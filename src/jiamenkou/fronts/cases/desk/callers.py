"""认人: a caller whose number stands at somebody of the community; the worker asks, then says who it was."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.cases.actions.knowing import recognised
from jiamenkou.foundation.cases.callers import Candidate, candidates, is_unknown
from jiamenkou.foundation.cases.models import Case, Follower
from jiamenkou.foundation.cases.permissions import CasesPermission

# a case with more unknown callers than this is looked through one by one as they are recognised
MOST = 3


def callers(case: Case, followers: Sequence[Follower], by: Actor) -> dict[int, dict[str, Any]]:
    """By follower: the lines to choose from, or that it was recognised. Nothing for whoever may not decide it."""
    found: dict[int, dict[str, Any]] = {}
    own = [one for one in followers if one.case_id == case.pk]
    if not by.may(CasesPermission.HANDLE, case.community_id, case.grid_id):
        return found
    for follower in [one for one in own if is_unknown(one)][:MOST]:
        known = candidates(follower, by)
        if known.candidates or known.unseen:
            found[follower.pk] = {
                "lines": [_line(one) for one in known.candidates],
                "sole": known.sole,
                "unseen": known.unseen,
            }
    tied = [one for one in own if one.resident_id is not None and one.phone is not None]
    known_here = recognised(case) if tied else set()
    return found | {one.pk: {"tied": True} for one in tied if one.pk in known_here}


def _line(one: Candidate) -> dict[str, Any]:
    person = one.resident
    age = person.age(timezone.localdate())
    parts = [
        one.building,
        one.relation,
        _("%(n)s 岁") % {"n": age} if age is not None else "",
        "" if one.has_number else _("同一家，号码不在名下"),
        _("姓名对得上") if one.same_name else "",
    ]
    return {"resident": person.pk, "name": one.name, "words": " · ".join(part for part in parts if part)}
