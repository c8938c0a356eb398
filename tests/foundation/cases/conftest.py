from __future__ import annotations

import pytest

from tests.foundation.cases.make import Office, make_office
from tests.people import Town


@pytest.fixture
def office(town: Town) -> Office:
    return make_office(town)
