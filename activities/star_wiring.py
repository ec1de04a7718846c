"""What the homes of communities are told about stars and certificates at the start."""

from datetime import datetime

from django.urls import reverse

from activities import barring, certificates, certified, starbook, starring, stars_keeping
from communities import appeals, closing, copying, counter, handover, notices, todo
from communities.models import Resident


def choices(resident: Resident, at: datetime) -> list[counter.Choice]:
    """At the counter the certificate is a page of its own; the register is its slip."""
    if not certificates.units_of(resident):
        return []
    link = reverse("desk:certificate-ask", args=[resident.pk])
    return [counter.Choice(1, "申请志愿服务记录证明", sub="由社区主任核对后出具", link=link)]


def wire() -> None:
    notices.register(starring.PREFIX, on_clear=starring.cleared, on_stop=starring.stopped)
    appeals.register(starring.PREFIX, starbook.star_about)
    appeals.register(barring.PREFIX, starbook.bar_about)
    appeals.on_answer(barring.answered)
    appeals.on_answer(starring.answered)
    todo.register(starbook.rows)
    todo.register(certified.rows)
    handover.register(starbook.held)
    copying.register(*stars_keeping.SECTIONS)
    closing.register(stars_keeping.obstacles)
    closing.on_warning(stars_keeping.losses)
    closing.on_close(stars_keeping.end)
    closing.on_empty(stars_keeping.empty)
    counter.register(counter.Act("certificate", "志愿服务记录证明", choices, empty="还没有可以证明的志愿服务。"))
