"""服务记录 at the counter: the record on paper, trainings and all. Looking leaves no slip."""

from datetime import datetime

from django.urls import reverse

from activities import service_record
from communities.counter import Act, Choice, register
from communities.models import Resident


def register_acts() -> None:
    register(Act("service-record", "服务记录", pages, place=2))


def pages(resident: Resident, at: datetime) -> list[Choice]:
    found = service_record.total(service_record.standing(resident))
    have = f"累计{found.hours}小时"
    return [
        Choice(1, "打印服务记录", "A4纸，可以选日期", have, link=reverse("desk:service-record", args=[resident.pk]))
    ]
