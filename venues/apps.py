from django.apps import AppConfig


class VenuesConfig(AppConfig):
    name = "venues"

    def ready(self) -> None:
        from notifications.kinds import Subject, declare
        from venues import bookings_wiring, rooms_wiring

        rooms_wiring.wire()
        bookings_wiring.wire()
        declare(
            Subject("rooms", "活动室"),
            ("booking", "room"),
            urgent=("booking:displaced", "booking:released", "booking:called-off", "booking:reconfirm"),
        )
