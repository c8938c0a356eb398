"""Walking time between two spots, in whole minutes, the same for one pair and for arrays of pairs."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from jiamenkou.engines.matching.model import Spot

Ints = npt.NDArray[np.int64]

# Straight line × 1.3 is the usual detour on city streets; 75 m a minute is an unhurried adult.
# Kept as the integers 13/10 and 75 so that no rounding can move a pair over a limit.
_DETOUR_TENTHS = 13
_TENTHS_OF_METRE_A_MINUTE = 750
_METRES_A_DEGREE = 111_195  # of latitude, mean earth radius 6,371 km


def spot(latitude: float, longitude: float, origin: tuple[float, float]) -> Spot:
    """Degrees to metres from ``origin`` (latitude, longitude), flat: right within a metre per kilometre in a city."""
    east = math.radians(longitude - origin[1]) * math.cos(math.radians(origin[0]))
    return Spot(round(math.degrees(east) * _METRES_A_DEGREE), round((latitude - origin[0]) * _METRES_A_DEGREE))


def minutes(a: Spot, b: Spot) -> int:
    """Minutes on foot, rounded up: a promise of 8 minutes is never a walk of 8½."""
    squared = (a.x - b.x) ** 2 + (a.y - b.y) ** 2
    root = math.isqrt(_DETOUR_TENTHS**2 * squared - 1) + 1 if squared else 0
    return -(-root // _TENTHS_OF_METRE_A_MINUTE)


def minutes_of(squared: Ints) -> Ints:
    """``minutes`` for squared straight distances (m²) below 5·10¹³, element by element."""
    # 169·d² < 2⁵³ is exact in a double, and so is the comparison of its root with a multiple of 750
    roots = np.sqrt((_DETOUR_TENTHS**2 * squared).astype(np.float64))
    return np.ceil(roots / _TENTHS_OF_METRE_A_MINUTE).astype(np.int64)


def reach_squared(limit: int) -> int:
    """The largest squared straight distance (m²) that is walked within ``limit`` minutes."""
    return (_TENTHS_OF_METRE_A_MINUTE * limit) ** 2 // _DETOUR_TENTHS**2
