import pytest
from django.test import RequestFactory

from communities.models import Household
from communities.paging import number, slice_of
from tests.world import World


@pytest.mark.django_db
def test_forth_and_back_through_a_list(world: World, rf: RequestFactory) -> None:
    Household.objects.all().exclude(members__isnull=False).delete()
    for _ in range(7):
        Household.objects.create(community=world.hualin)
    rows = Household.objects.filter(community=world.hualin)
    keys = list(rows.order_by("pk").values_list("pk", flat=True))

    def at(query: str) -> tuple[list[int], str, str]:
        found = slice_of(rf.get(f"/list/{query}"), rows, size=3)
        return [row.pk for row in found.rows], found.previous, found.next

    assert at("?q=王&after=x") == (keys[:3], "", f"?q=%E7%8E%8B&after={keys[2]}")
    assert at(f"?after={keys[2]}") == (keys[3:6], f"?before={keys[3]}", f"?after={keys[5]}")
    assert at(f"?after={keys[5]}") == (keys[6:], f"?before={keys[6]}", "")
    assert at(f"?before={keys[6]}") == (keys[3:6], f"?before={keys[3]}", f"?after={keys[5]}")
    assert at(f"?before={keys[3]}") == (keys[:3], "", f"?after={keys[2]}")


def test_what_is_not_a_key_is_none() -> None:
    assert [number(text) for text in ("7", "", "-7", "x", "٣", "9" * 19, "\x00")] == [7, 0, 0, 0, 0, 0, 0]
