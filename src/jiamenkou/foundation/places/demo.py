"""The places of the demo: a district, two streets, three communities with their grids. All invented."""

from __future__ import annotations

from dataclasses import dataclass

from jiamenkou.foundation.places.models import Place, PlaceKind

NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Plan:
    """One community to be: where it is, how it is reached, how many grids and buildings it has."""

    code: str
    name: str
    street: str
    latitude: float
    longitude: float
    phone: str
    grids: int
    buildings: int
    estate: str


DISTRICT = ("320499", "云溪区")
STREETS = {"320499001": "梧桐街道", "320499002": "河畔街道"}
COMMUNITIES = (
    Plan("320499001001", "桂花园社区", "320499001", 31.7812, 119.9735, "0519-88000001", 6, 24, "桂花园"),
    Plan("320499001002", "银杏里社区", "320499001", 31.7874, 119.9801, "0519-88000002", 5, 20, "银杏里"),
    Plan("320499002001", "长堤社区", "320499002", 31.7731, 119.9902, "0519-88000003", 4, 16, "长堤新村"),
)


def plant_places() -> dict[str, Place]:
    """Places by code. Buildings and units come with the rosters, as they do in life."""
    code, name = DISTRICT
    places = {code: Place.plant(None, code=code, kind=PlaceKind.DISTRICT, name=name)}
    for street, label in STREETS.items():
        places[street] = Place.plant(places[code], code=street, kind=PlaceKind.STREET, name=label)
    for plan in COMMUNITIES:
        community = Place.plant(
            places[plan.street],
            code=plan.code,
            kind=PlaceKind.COMMUNITY,
            name=plan.name,
            latitude=plan.latitude,
            longitude=plan.longitude,
            landmark=f"{plan.estate}北门进来右手边",
            phone=plan.phone,
            phone_hours="工作日 8:30–18:00",
        )
        places[plan.code] = community
        for number in range(plan.grids):
            grid = f"{plan.code}{number + 1:02d}"
            places[grid] = Place.plant(community, code=grid, kind=PlaceKind.GRID, name=f"第{NUMERALS[number]}网格")
    return places


def locate_buildings(community: Place, plan: Plan) -> int:
    """Give each building and unit of the community a point around its centre; returns how many."""
    rows = list(Place.objects.within(community).filter(kind__in=[PlaceKind.BUILDING, PlaceKind.UNIT]))
    for number, place in enumerate(rows):
        ring, step = divmod(number, 12)
        # a spiral of a few hundred metres: 0.001° is about 100 m
        place.latitude = plan.latitude + (ring + 1) * 0.0006 * (1 if step % 2 else -1) * (step % 3 + 1) / 3
        place.longitude = plan.longitude + (ring + 1) * 0.0007 * (1 if step % 4 < 2 else -1) * (step % 5 + 1) / 5
    Place.objects.bulk_update(rows, ["latitude", "longitude"], batch_size=500)
    return len(rows)
