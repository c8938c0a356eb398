"""A dump of the database, and the logs, hold no resident's number in plain: whoever steals them reads none."""

from __future__ import annotations

import logging
import os
import re
import subprocess
from typing import Any

import pytest
from django.db import connection, transaction
from psycopg.conninfo import conninfo_to_dict

from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.people.models import Resident
from jiamenkou.host.postgres import find_binaries
from tests.conftest import GuardedClient
from tests.foundation.people.test_importing import imported, number
from tests.fronts.signin.doors import come_in
from tests.guards import see_everything, sign_in
from tests.people import make_staff
from tests.services.jobs.make import make_vacancy
from tests.trust.world import town_of

pytestmark = pytest.mark.django_db(transaction=True)

IDENTITIES = [number(serial) for serial in range(1, 9)]
PHONES = [f"13{serial}0000{serial}{serial}21" for serial in range(1, 9)]
PUBLIC = "13900007777"
# eighteen with a check letter, or a mobile number, standing alone
NUMBER = re.compile(r"(?<![\dA-Za-z])(\d{17}[\dXx]|1[3-9]\d{9})(?![\dA-Za-z])")


def dumped() -> str:
    parts = conninfo_to_dict(os.environ["JIAMENKOU_DATABASE_URL"])
    command = [
        str(find_binaries()[0] / "pg_dump"),
        *("-h", str(parts["host"]), "-p", str(parts["port"]), "-U", str(parts["user"])),
        *("-d", connection.settings_dict["NAME"]),
        # the owner is under the policies: it sees what a scope of everything sees
        *("--inserts", "--data-only", "--enable-row-security"),
    ]
    environment = {**os.environ, "PGPASSWORD": str(parts.get("password", "")), "PGOPTIONS": "-c app.everything=on"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.fixture
def lived(caplog: pytest.LogCaptureFixture) -> Any:
    """Eight people from a roster; one of them signs in, says who they are, applies; a worker looks at numbers."""
    caplog.set_level(logging.DEBUG)
    with transaction.atomic():
        see_everything()
        town = town_of()
        rows = [
            [
                f"苏映{'一二三四五六七八'[i]}",
                IDENTITIES[i],
                PHONES[i],
                "第一网格",
                "1幢",
                "1",
                f"10{i}",
                None,
                None,
                None,
            ]
            for i in range(8)
        ]
        imported(town.community, *([*row, f"桂花园1幢1单元10{i}室", None] for i, row in enumerate(rows)))
        vacancy = make_vacancy(community=town.community, phone=PUBLIC)
        worker = make_staff(Role.WORKER, town.community)
    first = Resident.objects.order_by("id")
    with transaction.atomic():
        see_everything()
        person = first.get(name="苏映一")
    browser = GuardedClient()
    assert come_in(browser, PHONES[0]).status_code == 302
    answer = browser.post("/signin/who/", {"name": "苏映一", "last_six": IDENTITIES[0][-6:], "next": "/"})
    assert answer.status_code == 302
    assert browser.post(f"/jobs/{vacancy.pk}/apply/", {"idempotency_key": "a" * 32}).status_code == 302
    desk = GuardedClient()
    with transaction.atomic():
        see_everything()
        sign_in(desk, worker)
    for field in ("phone", "identity"):
        shown = desk.post(f"/desk/residents/{person.pk}/reveal/{field}/", {"reason": "约上门时间"})
        assert shown.status_code == 200
        assert {"phone": PHONES[0], "identity": IDENTITIES[0]}[field] in shown.content.decode()
    stranger = GuardedClient()
    come_in(stranger, "13700009921")
    stranger.post("/signin/who/", {"name": "苏映二", "last_six": "000000"})
    return caplog


def plain_numbers(text: str) -> set[str]:
    return {found.group(1) for found in NUMBER.finditer(text)}


def test_no_number_of_a_resident_is_plain(lived: pytest.LogCaptureFixture) -> None:
    text = dumped()
    assert "苏映一" in text, "the dump holds the people"
    assert PUBLIC in text, "the dump holds vacancies, whose phone is public"
    for secret in [*IDENTITIES, *PHONES, "13700009921"]:
        assert secret not in text, secret
        assert secret.encode().hex() not in text, f"{secret} as bytes"
    assert plain_numbers(text) <= {PUBLIC}


def test_no_number_is_logged(lived: pytest.LogCaptureFixture) -> None:
    text = "\n".join(f"{record.getMessage()} {record.__dict__}" for record in lived.records)
    for secret in [*IDENTITIES, *PHONES, "13700009921"]:
        assert secret not in text, secret
    assert plain_numbers(text) == set()
