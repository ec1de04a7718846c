"""What the paper of a service record shows; the resident's page and the counter's ask."""

from typing import Any

from django.http import HttpRequest

from activities import service_record
from activities.record_forms import PeriodForm
from communities.models import Resident
from core import clock


def paper_of(request: HttpRequest, resident: Resident, back: str) -> dict[str, Any]:
    """Days that make no sense are explained and give no paper."""
    form = PeriodForm(request.GET)
    found = service_record.paper(resident, *form.period()) if form.is_valid() else None
    return {"form": form, "paper": found, "resident": resident, "back": back, "printed_on": clock.today()}
