"""What several phones do at the same moment; the careless way is shown to fail first."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.utils import timezone
from tests.guards import see_everything
from tests.people import make_resident, make_signed_up, make_town
from tests.services.walkthrough.make import WHY, Scene, handled, make_finding, make_scene

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.messages.models import Message
from jiamenkou.foundation.people.models import Account, Resident
from jiamenkou.foundation.refusals import Conflict
from jiamenkou.services.walkthrough.actions.finding import check_finding
from jiamenkou.services.walkthrough.actions.walking import accompany
from jiamenkou.services.walkthrough.models import Finding, Walk

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
PHONES = 6


def at_once(act: Callable[[int], object]) -> tuple[int, list[Exception]]:
    """``act`` on several connections that were all let go together: how many went well, and what the others met."""
    barrier, well, faults = threading.Barrier(PHONES), [], []

    def one(number: int) -> None:
        try:
            with transaction.atomic():
                see_everything()
                barrier.wait(20)
                act(number)
            well.append(number)
        except Exception as fault:  # told below
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(PHONES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(well), faults


def furnished() -> tuple[Scene, list[tuple[Resident, Account]]]:
    with transaction.atomic():
        see_everything()
        scene = make_scene(make_town().community)
        people = [make_resident(scene.community) for _ in range(PHONES)]
        return scene, [(person, make_signed_up(person)) for person in people]


@pytest.mark.parametrize("careless", [True, False])
def test_one_of_several_neighbours_is_accompanied(transactional_db: None, careless: bool) -> None:
    scene, people = furnished()
    with transaction.atomic():
        see_everything()
        walk = scene.walk()
    looked = threading.Barrier(PHONES)

    def join(number: int) -> None:
        person, account = people[number]
        if careless:  # looks first and writes afterwards, without holding the row in between
            free = Walk.objects.get(pk=walk.pk).resident_id is None
            looked.wait(20)
            assert free
            Walk.objects.filter(pk=walk.pk).update(resident=person, consent_at=timezone.now())
        else:
            accompany(walk, person, by=Actor(account), now=timezone.now(), reason=WHY)

    well, faults = at_once(join)
    if careless:
        assert well > 1, "several were told yes, one of them stands in the walk"
        return
    assert well == 1
    assert [type(fault) for fault in faults] == [Conflict] * (PHONES - 1)


@pytest.mark.parametrize("careless", [True, False])
def test_several_taps_are_one_check_and_the_neighbour_is_told_once(transactional_db: None, careless: bool) -> None:
    scene, people = furnished()
    with transaction.atomic():
        see_everything()
        walk = scene.walk()
        accompany(walk, people[0][0], by=Actor(people[0][1]), now=timezone.now(), reason=WHY)
        walk.refresh_from_db()
        finding = handled(make_finding(scene, walk), scene.worker)
    looked = threading.Barrier(PHONES)

    def check(_number: int) -> None:
        if careless:
            waits = Finding.objects.get(pk=finding.pk).state == "checking"
            looked.wait(20)
            assert waits
            Finding.objects.filter(pk=finding.pk).update(state="solved", accepted=True, checked_at=timezone.now())
        else:
            check_finding(finding, True, "", by=scene.by, now=timezone.now(), reason=WHY)

    well, faults = at_once(check)
    if careless:
        assert well > 1, "each tap believed that it was the check"
        return
    assert well == 1
    assert [type(fault) for fault in faults] == [Conflict] * (PHONES - 1)
    with transaction.atomic():
        see_everything()
        assert Message.objects.filter(resident=people[0][0], notice="walks.fixed").count() == 1
