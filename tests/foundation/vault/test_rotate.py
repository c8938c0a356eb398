"""A new master key takes over without a sealed value changing; a destroyed key stays destroyed."""

from __future__ import annotations

import os
from dataclasses import replace
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command

from jiamenkou.foundation.vault.crypto import CannotOpen
from jiamenkou.foundation.vault.models import SubjectKey
from jiamenkou.foundation.vault.service import destroy, ensure_keys, open_field, rotate, seal_field

pytestmark = pytest.mark.django_db


def test_every_key_goes_under_the_new_master(settings: Any) -> None:
    subjects = [uuid4() for _ in range(5)]
    keys = ensure_keys(subjects)
    sealed = {subject: seal_field(keys[subject], subject, "phone.number", "13800001234") for subject in subjects}
    settings.KEYS = replace(settings.KEYS, current="next", masters={**settings.KEYS.masters, "next": os.urandom(32)})
    assert rotate(batch=2) == 2
    said = StringIO()
    call_command("rotate_keys", stdout=said)
    assert "3 把" in said.getvalue()
    assert set(SubjectKey.objects.order_by("subject").values_list("master", flat=True)) == {"next"}
    settings.KEYS = replace(settings.KEYS, masters={"next": settings.KEYS.masters["next"]})
    assert {open_field(subject, "phone.number", value) for subject, value in sealed.items()} == {"13800001234"}


def test_what_was_destroyed_stays_destroyed() -> None:
    subject = uuid4()
    sealed = seal_field(ensure_keys([subject])[subject], subject, "phone.number", "13800001234")
    destroy(subject)
    with pytest.raises(CannotOpen):
        open_field(subject, "phone.number", sealed)
    assert ensure_keys([subject])  # a new key for the same subject does not open the old value
    with pytest.raises(CannotOpen):
        open_field(subject, "phone.number", sealed)


def test_a_value_does_not_open_in_another_row_or_field() -> None:
    one, two = uuid4(), uuid4()
    keys = ensure_keys([one, two])
    sealed = seal_field(keys[one], one, "phone.number", "13800001234")
    for subject, field in ((two, "phone.number"), (one, "identity.number")):
        with pytest.raises(CannotOpen):
            open_field(subject, field, sealed)
