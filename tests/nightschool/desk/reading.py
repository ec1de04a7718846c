"""What the desk's tests of the night school share."""

from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from communities.models import Community, Resident
from tests import world as cast

QUERIES_OF_A_LIST = 8


def neighbours(community: Community, count: int, points: int = 60) -> list[Resident]:
    people = [cast.resident(community, f"邻居{n}", f"1370000{n:04d}") for n in range(count)]
    for person in people:
        cast.award(person, points)
    return people


def text(client: Client, name: str, *args: Any, status: int = 200, **query: Any) -> str:
    answer = client.get(reverse(f"desk:{name}", args=args), query)
    assert answer.status_code == status
    return answer.content.decode()


def queries(client: Client, name: str, *args: Any, **query: Any) -> int:
    client.get(reverse(f"desk:{name}", args=args), query)
    with CaptureQueriesContext(connection) as seen:
        text(client, name, *args, **query)
    return len(seen)


def names(client: Client, **query: Any) -> list[str]:
    answer = client.get(reverse("desk:enrolments"), query)
    assert answer.status_code == 200
    return sorted(row.name for row in answer.context["rows"])
