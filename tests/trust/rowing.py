"""The rows of the access table and the words they share. What each column and each answer means stands in access_table.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from jiamenkou.foundation.painting import can_paint

COLUMNS = ("anonymous", "stranger", "without", "with", "resident", "other", "employer")


@dataclass(frozen=True, slots=True)
class Row:
    method: str
    route: str
    audience: str
    expected: str
    object: tuple[str, ...] = ()
    sends: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.method} /{self.route}"


def get(route: str, audience: str, expected: str, *objects: str) -> Row:
    return Row("GET", route, audience, expected, objects)


def post(route: str, audience: str, expected: str, *objects: str, **sends: str) -> Row:
    return Row("POST", route, audience, expected, objects, sends)


EVERYONE, RESIDENTS = "everyone", "residents"

OPEN = "200 200 200 200 200 200 200"
# a picture where the machine has a Chinese font, else on to the drawing that a browser paints
PAINTED = OPEN if can_paint() else "go go go go go go go"
NOWHERE = "404 404 404 404 404 404 404"
GO = "go go go go go go go"
MINE = "in 200 200 200 200 200 200"
ACTING = "in go go go 200 200 go"  # for a person one may act for; without one, on the way to find it
GO_ON = "in go go go go go go"
# an object of one person: staff are residents too when they open 我的, but of nobody here
OWN = "in 404 404 404 go 404 404"
ONE = "in 404 404 200 in in in"  # an object of one community
LIST = "in 200 404 200 in in in"  # a list: the stranger sees their own
DONE = "in 404 404 go in in in"
WRONG = "in 404 404 422 in in in"
