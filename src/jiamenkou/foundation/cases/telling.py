"""Telling everybody who reported, and those who sit at a desk."""

from __future__ import annotations

from django.db.models import QuerySet

from jiamenkou.foundation.access.models import StaffRole
from jiamenkou.foundation.cases.models import Case, Follower, ProtectedSource
from jiamenkou.foundation.cases.recording import whole
from jiamenkou.foundation.messages.notices import Notice
from jiamenkou.foundation.messages.send import tell

# a desk with more people than this is told by its list, not one by one
MOST_AT_A_DESK = 10


def family(case: Case) -> list[int]:
    """The case and everything that was merged into it, at any depth."""
    found, fresh = [case.pk], [case.pk]
    while fresh:
        fresh = list(Case.objects.filter(merged_into__in=fresh).order_by("pk").values_list("pk", flat=True))
        found += fresh
    return found


def followers_of(case: Case) -> QuerySet[Follower]:
    """Everybody who reported this matter, those of merged cases included, the first first."""
    return Follower.objects.filter(case__in=family(case)).select_related("resident").order_by("joined_at", "pk")


def tell_followers(case: Case, notice: Notice, answers: tuple[str, ...] = (), **words: str) -> int:
    """One message each, to the page of the case they reported. Returns how many."""
    told = 0
    with whole():
        hidden = dict(
            ProtectedSource.objects.filter(follower__case__in=family(case)).values_list("follower_id", "resident_id")
        )
        known = {
            source.resident_id: source.resident
            for source in ProtectedSource.objects.filter(follower__in=hidden).select_related("resident").order_by("pk")
        }
        for follower in followers_of(case):
            person = follower.resident or known.get(hidden.get(follower.pk, 0))
            to = person if person is not None and person.deceased_on is None else follower.account
            if to is None:
                continue
            tell(notice, to, href=f"/help/{follower.case_id}/", answers=answers, title=case.title, **words)
            told += 1
    return told


def tell_desk(case: Case, notice: Notice, text: str = "") -> None:
    """The holder where there is one, else those who sit at the desk it was sent to."""
    with whole():
        if case.holder is not None:
            people = [case.holder]
        else:
            roles = StaffRole.objects.current().filter(place=case.holder_place_id, role=case.holder_role)
            people = [role.account for role in roles.select_related("account").order_by("id")[:MOST_AT_A_DESK]]
        for account in people:
            tell(notice, account, href=case.href, title=case.title, number=case.number, text=text)
