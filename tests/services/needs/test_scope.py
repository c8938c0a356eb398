"""What the database itself hands out of this room: one's own community, grid or person, whatever the code above it asks."""

from __future__ import annotations

import psycopg
import pytest
from django.db import transaction
from psycopg import sql
from tests.guards import see_everything
from tests.people import make_resident, make_town
from tests.services.needs.make import make_category, make_fair, make_need, make_sign_up, make_survey
from tests.trust.test_rls import as_web

from jiamenkou.foundation.access.scope import NOTHING, Scope
from jiamenkou.services.needs.models import Need, NeedLog, SurveyAnswer

pytestmark = pytest.mark.django_db(transaction=True)
TABLES = ("needs_need", "needs_needlog", "needs_signup", "needs_surveyanswer")


def counts(scope: Scope) -> list[int]:
    with as_web(scope) as web:
        rows = [
            web.execute(sql.SQL("select count(*) from {}").format(sql.Identifier(name))).fetchone() for name in TABLES
        ]
    return [row[0] if row else 0 for row in rows]


def test_each_sees_their_own_and_a_count_without_a_name_is_the_communitys() -> None:
    with transaction.atomic():
        see_everything()
        town, category = make_town(), make_category()
        people = [make_resident(town.community, grid) for grid in town.grids]
        people += [make_resident(town.neighbour, town.neighbour_grids[0])]
        for person in people:
            NeedLog.objects.create(need=make_need(person, category), end="open", party="worker")
            make_sign_up(make_fair(person.community), person)
            SurveyAnswer.objects.create(
                survey=make_survey(person.community, category), resident=person, community=person.community,
                grid=person.grid, filed_by="self",
            )  # fmt: skip
        Need.objects.create(
            community=town.community, category=category, heads=12, channel="fair", filed_by="worker", source="fair:1"
        )
    here, grid, mine = town.community.pk, town.grids[0].pk, people[2].pk
    assert counts(NOTHING) == [0, 0, 0, 0]
    assert counts(Scope(communities=frozenset({here}))) == [3, 2, 2, 2]
    assert counts(Scope(grids=frozenset({grid}))) == [1, 1, 1, 1], "twelve heads of a stand are nobody's grid"
    assert counts(Scope(residents=frozenset({mine}))) == [1, 1, 1, 1]
    with (
        as_web(Scope(communities=frozenset({here})), "account:1", "test") as web,
        pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"),
    ):
        web.execute("update needs_need set community_id = %s", [town.neighbour.pk])
