"""The trail is sealed, a change to it is named, a cut is noticed, and forgetting a person breaks nothing."""

from __future__ import annotations

import threading
import time
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from tests.guards import see_everything
from tests.people import actor, make_resident, make_signed_up, make_staff
from tests.trust.world import town_of

from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.access.scope import EVERYTHING, scope
from jiamenkou.foundation.audit import chain
from jiamenkou.foundation.audit.chain import ANCHORS, Verdict, verify
from jiamenkou.foundation.audit.models import AuditEntry, AuditSeal
from jiamenkou.foundation.people.actions.erase import erase_person
from jiamenkou.foundation.people.actions.register import Numbers, set_numbers
from jiamenkou.foundation.people.models import Resident

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def anchors(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path / ANCHORS


@pytest.fixture
def resident(anchors: Path) -> Resident:
    with transaction.atomic():
        see_everything()
        return make_resident(town_of().community, note="原来的备注")


def seal_soon() -> AuditSeal:
    """A seal as soon as one can be made."""
    until = time.monotonic() + 60
    while (seal := chain.seal_finished()) is None:
        assert time.monotonic() < until, "nothing was sealed within a minute"
        time.sleep(0.05)
    return seal


def seal_finished() -> AuditSeal:
    """The next seal. Tests of another process hold transactions open in the same cluster: what is younger waits."""
    until = time.monotonic() + 60
    with connection.cursor() as cursor:
        while True:
            cursor.execute(
                "select pg_snapshot_xmin(pg_current_snapshot())::text::bigint > max(xid) from audit_auditentry"
            )
            if cursor.fetchone()[0]:
                break
            assert time.monotonic() < until, "an older transaction stayed open for a minute"
            time.sleep(0.05)
    seal = chain.seal_finished()
    assert seal is not None
    return seal


def change(resident: Resident, note: str) -> None:
    with scope(EVERYTHING, actor="account:1", reason="改备注"):
        Resident.objects.filter(pk=resident.pk).update(note=note)


def checked(anchors: Path | None) -> Verdict:
    with scope(EVERYTHING):
        return verify(anchors)


def tampered(sql: str, *params: Any) -> None:
    """As somebody with the owner's password would, past the product."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def test_sealed_and_whole(resident: Resident, anchors: Path) -> None:
    first = seal_finished()
    change(resident, "改过")
    second = seal_finished()
    assert first is not None
    assert second is not None
    assert (second.from_xid, second.count) == (first.to_xid, 1)
    assert chain.seal_finished() is None
    verdict = checked(anchors)
    assert (verdict.seals, verdict.problems) == (2, [])
    assert verdict.entries == AuditEntry.objects.count()
    assert len(anchors.read_text().splitlines()) == 2


@pytest.mark.parametrize(
    "change_made",
    [
        'set after = \'{"note": "别人写的"}\'',
        "set before = null",
        "set actor = 'account:2'",
        "set reason = '别的理由'",
        "set at = at - interval '1 day'",
        'set erased = true, after = \'{"note": "冒充已销毁"}\'',
    ],
)
def test_a_changed_entry_is_named(resident: Resident, anchors: Path, change_made: str) -> None:
    change(resident, "改过")
    seal_finished()
    entry = AuditEntry.objects.latest("id")
    tampered(f"update audit_auditentry {change_made} where id = %s", entry.pk)
    assert f"留痕 {entry.pk} 的内容被改过" in checked(anchors).problems


def test_a_changed_entry_with_a_new_digest_breaks_the_seal(resident: Resident, anchors: Path) -> None:
    seal = seal_finished()
    assert seal is not None
    tampered("update audit_auditentry set digest = sha256('x') where id = %s", AuditEntry.objects.latest("id").pk)
    assert any(f"封条 {seal.pk} 对不上" in problem for problem in checked(anchors).problems)


def test_a_removed_entry_is_noticed(resident: Resident, anchors: Path) -> None:
    seal = seal_finished()
    assert seal is not None
    tampered("delete from audit_auditentry where id = %s", AuditEntry.objects.earliest("id").pk)
    assert f"封条 {seal.pk} 对不上：应有 {seal.count} 条，现有 {seal.count - 1} 条" in checked(anchors).problems


def test_a_cut_tail_is_noticed_with_the_anchor_and_not_without(resident: Resident, anchors: Path) -> None:
    seal_finished()
    change(resident, "改过")
    last = seal_finished()
    assert last is not None
    tampered("delete from audit_auditentry where xid >= %s", last.from_xid)
    tampered("delete from audit_auditseal where id = %s", last.pk)
    assert checked(None).problems == []
    assert any("末尾可能被截断" in problem for problem in checked(anchors).problems)


def test_an_older_transaction_that_commits_later_is_sealed_too(resident: Resident, anchors: Path) -> None:
    wrote, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with scope(EVERYTHING, actor="account:1", reason="慢"):
            Resident.objects.filter(pk=resident.pk).update(note="慢")
            wrote.set()
            go_on.wait(10)
        connection.close()

    other = Resident.objects
    thread = threading.Thread(target=slow)
    thread.start()
    assert wrote.wait(10)
    with scope(EVERYTHING, actor="account:1", reason="快"):
        other.create(community=resident.community, name="苏快", name_key="su kuai")
    chain.seal_finished()
    go_on.set()
    thread.join()
    seal_finished()
    sealed = sum(AuditSeal.objects.values_list("count", flat=True).order_by("id"))
    assert sealed == AuditEntry.objects.count()
    assert checked(anchors).problems == []


def test_forgetting_a_person_keeps_the_chain_whole(resident: Resident, anchors: Path) -> None:
    with transaction.atomic():
        see_everything()
        worker = make_staff(Role.WORKER, resident.community)
        account = make_signed_up(resident)
        set_numbers(resident, Numbers(phones=("13800001234",)), by=actor(worker), reason="登记")
    seal_finished()
    before = AuditEntry.objects.count()
    with transaction.atomic():
        see_everything()
        emptied = erase_person(resident, by=actor(worker), reason="本人要求")
    seal_finished()
    assert emptied > 0
    assert checked(anchors).problems == []
    of_person = AuditEntry.objects.filter(resident=resident.pk)
    assert of_person.count() > 0
    assert not of_person.exclude(before=None, after=None).exists()
    assert not AuditEntry.objects.filter(table="people_account", row=account.pk).exclude(after=None).exists()
    assert AuditEntry.objects.count() > before, "that it was done is itself on the trail"
    with scope(EVERYTHING):
        resident.refresh_from_db()
    assert (resident.name, resident.note, resident.phone_masked) == ("已注销居民", "", "")


def test_after_a_restore_the_numbers_go_on(resident: Resident, anchors: Path) -> None:
    """A new database counts transactions from the beginning; ours go on after the last seal."""
    last = seal_finished()
    assert last is not None
    # what a dump carries over: numbers far above what the new database counts
    tampered("update audit_auditentry set xid = xid + 1000000")
    tampered("update audit_auditseal set from_xid = 0, to_xid = to_xid + 1000000")
    try:
        call_command("migrate", verbosity=0)
        change(resident, "恢复以后")
        assert AuditEntry.objects.latest("id").xid >= last.to_xid + 1000000
        fresh = seal_soon()
        assert fresh is not None
        assert fresh.count == 1
        assert checked(None).problems == []
    finally:
        tampered("update audit_epoch set shift = 0")


def test_the_command_says_what_is_wrong(resident: Resident, anchors: Path) -> None:
    seal_finished()
    said = StringIO()
    call_command("verify_audit", stdout=said, stderr=said)
    assert "问题 0 个" in said.getvalue()
    tampered("update audit_auditentry set actor = 'account:2'")
    with pytest.raises(SystemExit) as ended:
        call_command("verify_audit", stdout=said, stderr=said)
    assert ended.value.code == 1
    assert "的内容被改过" in said.getvalue()
