from django.apps import AppConfig


class BookingsConfig(AppConfig):
    name = "jiamenkou.foundation.bookings"
    label = "bookings"
    verbose_name = "预约"
