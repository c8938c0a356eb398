"""Tables of bookings that no policy holds for, each with the reason."""

from tests.trust.rowing import Row

ROWS: list[Row] = []
OPEN_TABLES = {
    "bookings_resource": "public: what can be booked",
    "bookings_session": "public: hours with places",
}
