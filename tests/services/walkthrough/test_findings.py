"""From a finding to its case and back to the finder: seven found, six fixed, one honestly not."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from PIL import Image
from tests.people import Town, make_resident, make_signed_up, make_staff
from tests.services.walkthrough.make import WHY, Scene, another_round, handled, make_finding, make_scene

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.access.scope import EVERYTHING, scope
from jiamenkou.foundation.cases.actions.callbacks import answer, close_unanswered
from jiamenkou.foundation.cases.actions.handling import sign, undo, write
from jiamenkou.foundation.cases.models import Case, Follower
from jiamenkou.foundation.cases.recording import whole
from jiamenkou.foundation.cases.states import Outcome, Satisfaction, Solved
from jiamenkou.foundation.events.bus import publish
from jiamenkou.foundation.events.kinds import ResidentErased
from jiamenkou.foundation.messages.models import Message
from jiamenkou.foundation.refusals import Conflict, NotAllowed, Refused
from jiamenkou.services.walkthrough.actions.finding import check_finding, publish_finding
from jiamenkou.services.walkthrough.actions.walking import accompany, end_walk
from jiamenkou.services.walkthrough.models import Finding
from jiamenkou.services.walkthrough.states import FindingState

pytestmark = pytest.mark.postgres
NOW = timezone.now


@pytest.fixture
def scene(town: Town) -> Scene:
    return make_scene(town.community)


def photo(width: int = 60, height: int = 40) -> bytes:
    out = BytesIO()
    Image.new("RGB", (width, height), "teal").save(out, "JPEG")
    return out.getvalue()


def check(finding: Finding, by: Actor, fixed: bool = True, words: str = "", data: bytes | None = None) -> Finding:
    return check_finding(finding, fixed, words, by=by, now=NOW(), reason=WHY, photo=data)


def test_a_finding_opens_a_case_that_says_where_it_came_from(scene: Scene) -> None:
    finding = make_finding(scene, scene.walk(), "attitude", words="问了两次没人理", photo=photo())
    case = finding.case
    assert case is not None
    assert (case.source_room, case.source_id, case.channel, case.category) == (
        "walkthrough", finding.pk, "walkthrough", "service",
    )  # fmt: skip
    assert "问了两次没人理" in case.words
    assert case.files.count() == 1
    assert finding.state == FindingState.WAITING


def test_seven_found_six_fixed_one_honestly_not(scene: Scene) -> None:
    walk, neighbour = scene.walk(), make_resident(scene.community)
    accompany(walk, neighbour, by=Actor(make_signed_up(neighbour)), now=NOW(), reason=WHY)
    walk.refresh_from_db()
    kinds = ["trips", "papers", "waiting", "unclear", "facility", "attitude", "system"]
    found = [make_finding(scene, walk, kind) for kind in kinds]
    end_walk(walk, "partly", "", by=scene.by, now=NOW(), reason=WHY)
    for finding in found[:6]:
        handled(finding, scene.worker)
        assert finding.state == FindingState.CHECKING
        assert check(finding, scene.by, data=photo()).state == FindingState.SOLVED
    last = handled(found[6], scene.worker, Outcome.CANNOT)
    assert check(last, scene.by).state == FindingState.CANNOT
    assert Finding.objects.solved().count() == 6
    with whole():
        assert set(Case.objects.filter(source_room="walkthrough").values_list("state", flat=True)) == {"closed"}
        told = Message.objects.filter(resident=neighbour)
        assert told.filter(notice="walks.fixed").count() == 6
        assert told.filter(notice="walks.cannot").count() == 1
        assert Message.objects.filter(resident=scene.resident, notice="walks.check").count() == 7


def test_the_state_follows_the_case_an_undone_step_included(scene: Scene) -> None:
    finding = make_finding(scene, scene.walk())
    by = Actor(scene.worker)
    assert finding.case is not None
    sign(finding.case, by=by, reason=WHY)
    finding.refresh_from_db()
    assert finding.state == FindingState.FIXING
    undo(finding.case, by=by, reason=WHY)
    finding.refresh_from_db()
    assert finding.state == FindingState.WAITING


def test_not_fixed_goes_back_to_the_same_hand(scene: Scene) -> None:
    finding = handled(make_finding(scene, scene.walk()), scene.worker)
    with pytest.raises(Refused, match="哪里还没好"):
        check(finding, scene.by, fixed=False)
    back = check(finding, scene.by, fixed=False, words="还是一个窗口")
    assert back.state in {FindingState.WAITING, FindingState.FIXING}
    assert back.accepted is None
    finding.refresh_from_db()
    assert finding.case is not None
    assert finding.case.reopens == 1
    assert check(handled(back, scene.worker), scene.by).state == FindingState.SOLVED


def test_the_handler_does_not_check_and_the_finder_does_not_handle(scene: Scene) -> None:
    finding = make_finding(scene, scene.walk())
    assert finding.case is not None
    with pytest.raises(Refused, match="您自己报的事"):
        sign(finding.case, by=scene.by, reason=WHY)
    from jiamenkou.services.walkthrough.actions.recruiting import appoint
    from jiamenkou.services.walkthrough.models import RoundOfficer

    handler = appoint(scene.worker, scene.community, by=Actor(scene.worker), now=NOW(), reason=WHY)
    RoundOfficer.objects.create(round=scene.round, officer=handler)
    handled(finding, scene.worker)
    with pytest.raises(NotAllowed, match="经手过"):
        check(finding, Actor(scene.worker))
    finding.refresh_from_db()
    assert finding.checked_at is None


def test_a_finder_who_wrote_in_the_case_has_handled_it(scene: Scene) -> None:
    finding = make_finding(scene, scene.walk())
    assert finding.case is not None
    write(finding.case, "我打电话催过", by=scene.by, reason=WHY)
    handled(finding, scene.worker)
    with pytest.raises(NotAllowed, match="经手过"):
        check(finding, scene.by)
    finding.refresh_from_db()
    assert (finding.state, finding.checked_at) == (FindingState.CHECKING, None)


def test_another_officer_of_the_round_may_check_a_stranger_may_not(scene: Scene) -> None:
    from jiamenkou.services.walkthrough.actions.recruiting import appoint
    from jiamenkou.services.walkthrough.models import RoundOfficer

    finding = handled(make_finding(scene, scene.walk()), scene.worker)
    colleague = make_staff(Role.WORKER, scene.community)
    officer = appoint(colleague, scene.community, by=Actor(scene.worker), now=NOW(), reason=WHY)
    with pytest.raises(NotAllowed, match="同一期"):
        check(finding, Actor(colleague))
    RoundOfficer.objects.create(round=scene.round, officer=officer)
    assert check(finding, Actor(colleague)).state == FindingState.SOLVED


def test_an_answer_on_the_page_of_the_case_is_the_check(scene: Scene) -> None:
    finding = handled(make_finding(scene, scene.walk()), scene.worker)
    follower = Follower.objects.get(case=finding.case)
    answer(follower, Solved.YES, Satisfaction.VERY, by=scene.by, reason=WHY, own=True)
    finding.refresh_from_db()
    assert (finding.state, finding.checked_by_id) == (FindingState.SOLVED, scene.account.pk)


def test_a_case_closed_in_silence_is_not_solved_and_can_still_be_checked(scene: Scene) -> None:
    finding = handled(make_finding(scene, scene.walk()), scene.worker)
    first = finding.case_id
    close_unanswered(NOW() + timedelta(days=16), by=Actor(None), reason=WHY)
    finding.refresh_from_db()
    assert finding.state == FindingState.CHECKING
    again = check(finding, scene.by, fixed=False, words="没改")
    assert again.case_id != first
    assert again.state == FindingState.WAITING
    done = handled(again, scene.worker)
    close_unanswered(NOW() + timedelta(days=16), by=Actor(None), reason=WHY)
    assert check(done, scene.by).state == FindingState.SOLVED
    with pytest.raises(Conflict, match="不等复核"):
        check(done, scene.by)


def test_the_same_kind_at_the_same_window_again_is_flagged(scene: Scene) -> None:
    walk = scene.walk()
    make_finding(scene, walk, "waiting")
    end_walk(walk, "done", "", by=scene.by, now=NOW(), reason=WHY)
    scene.round = another_round(scene)
    later = scene.walk()
    assert make_finding(scene, later, "waiting").seen_before == 1
    assert make_finding(scene, later, "papers").seen_before == 0


@pytest.mark.parametrize(
    ("kind", "fields", "field"),
    [
        ("", {}, "kind"),
        ("waiting", {"words": " "}, "words"),
        ("waiting", {"severity": 9}, "severity"),
        ("waiting", {"photo": b"GIF89a not an image"}, "photo"),
    ],
)
def test_bad_input_is_said_at_its_field(scene: Scene, kind: str, fields: dict[str, object], field: str) -> None:
    with pytest.raises(Refused) as refused:
        make_finding(scene, scene.walk(), kind, **fields)
    assert refused.value.field == field
    assert not Finding.objects.exists()


def test_a_photo_of_eighty_megapixels_is_refused_before_it_is_drawn(scene: Scene) -> None:
    with pytest.raises(Refused) as refused:
        make_finding(scene, scene.walk(), photo=photo(10_000, 8_000))
    assert refused.value.field == "photo"


def test_what_is_published_is_staffs_words_without_numbers(scene: Scene) -> None:
    finding = make_finding(scene, scene.walk(), photo=photo())
    by = Actor(scene.worker)
    with pytest.raises(Refused) as refused:
        publish_finding(finding, " ", "", False, True, by=by, now=NOW(), reason=WHY)
    assert refused.value.field == "public_words"
    publish_finding(finding, "打 13800001234 没人接", "加了人", True, True, by=by, now=NOW(), reason=WHY)
    finding.refresh_from_db()
    assert "13800001234" not in finding.public_words
    assert finding.before is not None
    assert finding.before.is_public
    publish_finding(finding, finding.public_words, "", True, False, by=by, now=NOW(), reason=WHY)
    finding.refresh_from_db()
    assert (finding.published_at, finding.photos_public, finding.before.is_public) == (None, False, False)


def test_who_is_erased_leaves_no_trace(scene: Scene) -> None:
    walk, neighbour = scene.walk(), make_resident(scene.community)
    accompany(walk, neighbour, by=Actor(make_signed_up(neighbour)), now=NOW(), reason=WHY)
    finding = make_finding(scene, walk)
    publish(ResidentErased(neighbour.pk))
    walk.refresh_from_db()
    assert (walk.resident_id, walk.consent_at) == (None, None)
    publish(ResidentErased(scene.resident.pk))
    finding.refresh_from_db()
    scene.officer.refresh_from_db()
    assert (finding.words, scene.officer.state, scene.officer.words) == ("（已删除）", "left", "")


def test_the_database_itself_refuses_solved_without_a_check(scene: Scene) -> None:
    from django.db import IntegrityError, transaction

    finding = make_finding(scene, scene.walk())
    with scope(EVERYTHING), pytest.raises(IntegrityError, match="solved_was_checked"), transaction.atomic():
        Finding.objects.filter(pk=finding.pk).update(state="solved")
