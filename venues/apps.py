from django.apps import AppConfig


class VenuesConfig(AppConfig):
    name = "venues"

    def ready(self) -> None:
        from notifications import templates
        from notifications.kinds import Subject, declare
        from venues import bookings_wiring, displacing, reconfirming, rooms_wiring

        rooms_wiring.wire()
        bookings_wiring.wire()
        templates.register(displacing.DISPLACED, reconfirming.RECONFIRM)
        declare(
            Subject("rooms", "活动室"),
            ("booking", "room"),
            urgent=("booking:displaced", "booking:released", "booking:called-off", "booking:reconfirm"),
        )
