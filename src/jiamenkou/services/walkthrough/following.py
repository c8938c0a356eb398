"""A finding follows its case: the state, and whom to ask and to tell."""

from __future__ import annotations

from jiamenkou.foundation.cases.models import Case, Follower
from jiamenkou.foundation.cases.states import Outcome, Solved
from jiamenkou.foundation.events.kinds import CaseHandled, CaseMoved
from jiamenkou.foundation.messages.send import tell
from jiamenkou.services.walkthrough import notices
from jiamenkou.services.walkthrough.access import whole
from jiamenkou.services.walkthrough.models import Finding
from jiamenkou.services.walkthrough.states import FindingState, state_of

ROOM = "walkthrough"


def follow_case(event: CaseMoved) -> None:
    """The state of the case is another one. An answer given on the page of the case itself is the finder's check."""
    if event.room != ROOM or event.source is None:
        return
    with whole():
        finding = Finding.objects.with_list_data().filter(pk=event.source, case_id=event.case).first()
        if finding is None:
            return
        if event.state == "closed":
            _take_answer(finding, event.case)
        elif event.state in {"working", "assigned"}:
            finding.accepted = finding.checked_at = finding.checked_by = None
        state = state_of(event.state, event.outcome, finding.accepted)
        over = state in {FindingState.SOLVED, FindingState.CANNOT} and finding.state != state
        finding.state = state
        finding.save()
        if over:
            tell_accompanied(finding)


def _take_answer(finding: Finding, case: int) -> None:
    given = Follower.objects.filter(case_id=case, account_id=finding.officer.account_id).first()
    if finding.checked_at is None and given is not None and given.answered_at is not None:
        finding.checked_at, finding.checked_by = given.answered_at, finding.officer.account
        finding.accepted = given.solved == Solved.YES
        outcome = Case.objects.filter(pk=case).values_list("outcome", flat=True).get()
        finding.accepted = finding.accepted or (given.solved == Solved.PARTLY and outcome != Outcome.CANNOT)


def ask_finder(event: CaseHandled) -> None:
    """报办好 is a claim: whoever found it is asked to look, on the page that takes a photo."""
    if event.room != ROOM or event.source is None:
        return
    with whole():
        finding = Finding.objects.with_list_data().filter(pk=event.source).first()
        if finding is not None:
            words = "经办的人说暂时解决不了" if event.outcome == Outcome.CANNOT else "经办的人说改好了"
            href = f"/walks/findings/{finding.pk}/"
            tell(notices.CHECK, finding.officer.addressee, href=href, title=finding.source_title, words=words)


def tell_accompanied(finding: Finding) -> None:
    """Who was accompanied hears how it ended; the finder has just said so, or hears it from the case."""
    resident = finding.walk.resident
    if resident is not None and resident.deceased_on is None:
        kind = notices.FIXED if finding.state == FindingState.SOLVED else notices.CANNOT
        tell(kind, resident, href=f"/walks/join/{finding.walk.join_code}/", title=finding.source_title)


def sync(finding: Finding, case: Case) -> None:
    """A fresh case: the finding has its state."""
    finding.case, finding.state = case, state_of(case.state, case.outcome, None)
    finding.accepted = finding.checked_at = finding.checked_by = None
    finding.save()
