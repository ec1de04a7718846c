from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "partners"

    def ready(self) -> None:
        from communities import closing, copying, landing, resealing, searching as desk_search, todo as desk_todo
        from notifications.kinds import Subject, declare
        from partners import counter, keeping, searching, todo
        from partners.agreements import waiting as agreements
        from partners.joining import wiring as joining
        from partners.models import Appointment
        from partners.obligations import wiring as obligations
        from partners.offers import wiring as offers
        from partners.settling import queue as settling_queue
        from partners.stock import wiring as stock
        from partners.vouchers import clerks, waiting as uses

        desk_todo.register(todo.rows)
        desk_todo.register(agreements.rows)
        desk_todo.register(settling_queue.rows)
        desk_todo.register(uses.rows)

        desk_search.register("合伙人与协议", searching.partners)
        copying.register(*keeping.SECTIONS)
        closing.register(keeping.obstacles)
        closing.on_empty(keeping.emptied)
        counter.register_acts()
        landing.register(clerks.first_page)
        landing.heed(clerks.drop_silent)
        resealing.register(Appointment, "address")
        joining.wire()
        obligations.wire()
        offers.wire()
        stock.wire()
        declare(
            Subject("vouchers", "服务券和礼品"),
            ("voucher", "gift", "agreement", "licence", "complaint"),
        )
