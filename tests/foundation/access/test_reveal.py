"""A full number is shown to those who may, for a reason, and the resident can read who looked."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from tests.people import Town, actor, make_resident, make_staff

from jiamenkou.foundation.access import reveal
from jiamenkou.foundation.access.limits import TooMany
from jiamenkou.foundation.access.models import Reveal
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.people.models import Phone, Resident
from jiamenkou.foundation.vault.service import blind_index, ensure_keys, seal_field


def with_phone(resident: Resident, number: str = "13800001234") -> Resident:
    key = ensure_keys([resident.uid])[resident.uid]
    Phone.objects.create(
        resident=resident,
        sealed=seal_field(key, resident.uid, reveal.PHONE_FIELD, number),
        index=blind_index("phone", number),
        last_four=blind_index("phone4", number[-4:]),
        masked="138****1234",
        is_main=True,
    )
    return resident


class TestReveal:
    def test_shows_and_writes_down(self, town: Town) -> None:
        resident = with_phone(make_resident(town.community, town.grids[0]))
        worker = make_staff(Role.GRID_WORKER, town.grids[0])
        shown = reveal.reveal(resident.pk, "phone", by=actor(worker), reason="约上门时间")
        assert shown.value == "13800001234"
        row = Reveal.objects.get()
        assert (row.resident, row.by, row.reason, row.field) == (resident, worker, "约上门时间", "手机号")

    @pytest.mark.parametrize(
        ("role", "place"), [("worker", "neighbour"), ("building_head", "community"), ("street_officer", "street")]
    )
    def test_not_to_others(self, town: Town, role: str, place: str) -> None:
        resident = with_phone(make_resident(town.community))
        other = make_staff(Role(role), getattr(town, place))
        with pytest.raises(reveal.NothingToShow):
            reveal.reveal(resident.pk, "phone", by=actor(other), reason="约上门时间")
        assert not Reveal.objects.exists()

    def test_not_to_the_grid_next_door(self, town: Town) -> None:
        resident = with_phone(make_resident(town.community, town.grids[1]))
        with pytest.raises(reveal.NothingToShow):
            reveal.reveal(resident.pk, "phone", by=actor(make_staff(Role.GRID_WORKER, town.grids[0])), reason="约时间")

    @pytest.mark.parametrize("reason", ["", " ", "看"])
    def test_not_without_a_reason(self, town: Town, reason: str) -> None:
        resident = with_phone(make_resident(town.community))
        with pytest.raises(reveal.NoReason):
            reveal.reveal(resident.pk, "phone", by=actor(make_staff(Role.WORKER, town.community)), reason=reason)

    def test_what_is_not_there_is_not_counted(self, town: Town, settings: Any) -> None:
        settings.REVEALS_PER_DAY = 1
        worker = make_staff(Role.WORKER, town.community)
        resident = with_phone(make_resident(town.community))
        for field in ("identity", "password", "sealed"):
            with pytest.raises(reveal.NothingToShow):
                reveal.reveal(resident.pk, field, by=actor(worker), reason="约上门时间")
        reveal.reveal(resident.pk, "phone", by=actor(worker), reason="约上门时间")

    def test_so_many_a_day(self, town: Town, settings: Any) -> None:
        settings.REVEALS_PER_DAY = 2
        resident = with_phone(make_resident(town.community))
        by = actor(make_staff(Role.WORKER, town.community))
        for _ in range(2):
            reveal.reveal(resident.pk, "phone", by=by, reason="约上门时间")
        with pytest.raises(TooMany), transaction.atomic():
            reveal.reveal(resident.pk, "phone", by=by, reason="约上门时间")
        assert Reveal.objects.count() == 2


class TestOnTheDesk:
    def test_a_post_with_a_reason(self, town: Town, client_for: Any) -> None:
        resident = with_phone(make_resident(town.community))
        browser = client_for(make_staff(Role.WORKER, town.community))
        where = f"/desk/residents/{resident.pk}/reveal/phone/"
        assert browser.get(where).status_code == 405
        assert browser.post(where).status_code == 400
        answer = browser.post(where, {"reason": "约上门时间"})
        assert "13800001234" in answer.content.decode()
        assert answer["Cache-Control"] == "no-store"

    def test_outside_it_is_not_there(self, town: Town, client_for: Any) -> None:
        resident = with_phone(make_resident(town.community))
        browser = client_for(make_staff(Role.WORKER, town.neighbour))
        assert browser.post(f"/desk/residents/{resident.pk}/reveal/phone/", {"reason": "约时间"}).status_code == 404
        assert browser.post("/desk/residents/99999999/reveal/phone/", {"reason": "约时间"}).status_code == 404


def test_a_reason_without_a_letter_is_none(town: Town) -> None:
    by, person = (
        actor(make_staff(Role.WORKER, town.community)),
        with_phone(make_resident(town.community), "13800001234"),
    )
    with pytest.raises(reveal.NoReason):
        reveal.reveal(person.pk, "phone", by=by, reason="\x00 \x00")
    assert reveal.reveal(person.pk, "phone", by=by, reason="\x00约上门时间").value == "13800001234"
    assert Reveal.objects.get().reason == "约上门时间"
