from django.apps import AppConfig


class VenuesConfig(AppConfig):
    name = "venues"

    def ready(self) -> None:
        from venues import bookings_wiring, rooms_wiring

        rooms_wiring.wire()
        bookings_wiring.wire()
