"""Tables of bookings that no policy holds for, each with the reason."""

OPEN_TABLES = {
    "bookings_resource": "public: what can be booked",
    "bookings_session": "public: hours with places",
}
